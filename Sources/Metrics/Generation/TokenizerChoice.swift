internal import DSXCore
internal import Jieba

/// The setting `tokenize` of the metrics over texts.
enum TokenizerChoice {
  static func parameter(_ names: [String], default name: String, _ more: String) -> MetricParameter
  {
    MetricParameter("tokenize", .choice(names), default: .string(name), "the tokenizer; " + more)
  }

  /// BLEU's tokenizers, without `auto`.
  static let bleu = ["13a", "zh", "char", "intl", "none", "jieba"]
  /// ROUGE's tokenizers.
  static let rouge = ["rouge-cjk", "rouge", "char", "zh", "13a", "intl", "none", "jieba"]

  /// The tokenizer that the options choose. `stem` asks for Porter's stemmer, which only
  /// rouge-score's rules take.
  static func tokenizer(_ options: MetricOptions, stem: Bool = false) throws(DSXError)
    -> MetricTokenizer
  {
    let name = try options.text("tokenize")
    switch (name, stem) {
    case ("jieba", false): return .jieba(try JiebaDictionary.load())
    case ("rouge", _): return .rouge(stem: stem)
    case ("rouge-cjk", _): return .rougeCJK(stem: stem)
    case (_, true):
      throw DSXError(
        .usage, "the tokenizer '\(name)' has no stemmer", hint: "stem goes with rouge and rouge-cjk"
      )
    default: break
    }
    guard let tokenizer = MetricTokenizer.named[name] else {
      throw DSXError.unknown("tokenizer", name, known: MetricTokenizer.named.keys.sorted())
    }
    return tokenizer
  }
}

/// What the entries of metrics over texts share.
extension MetricEntry {
  /// No example, missing references: the same for all of them.
  static let textEdges = [
    "a null among several references is a reference that the example does not have",
    "no reference or only null ones: an error with the row",
  ]

  static func text<M: Metric>(_ metric: M) -> AnyMetric where M.Example == TextExample {
    AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> TextExample in try TextExample(row) }
  }
}
