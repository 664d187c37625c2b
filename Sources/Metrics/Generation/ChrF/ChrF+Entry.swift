internal import DSXCore

extension ChrF {
  static let entry = entry("chrf", "the F score of character n-grams", wordOrder: 0)
  /// chrF with words of orders 1 and 2.
  static let plusEntry = entry(
    "chrf++", "the F score of character n-grams and of words and word pairs", wordOrder: 2)

  private static func entry(_ name: String, _ summary: String, wordOrder: Int) -> MetricEntry {
    MetricEntry(
      name: name, group: .generation, summary: summary,
      formula: "(1 + b^2) P R / (b^2 P + R), P and R means over the orders; counts of the corpus",
      unit: "percent", range: 0...100, higherIsBetter: true,
      parameters: [
        MetricParameter(
          "char-order", .integer(1...16), default: .int(6), "the highest order of characters"),
        MetricParameter(
          "word-order", .integer(0...16), default: .int(Int64(wordOrder)),
          "the highest order of words"),
        MetricParameter("beta", .integer(1...1000), default: .int(2), "the weight of recall"),
        MetricParameter("lowercase", .flag, default: .bool(false), "lowers texts first"),
        MetricParameter("whitespace", .flag, default: .bool(false), "counts white space, too"),
        MetricParameter(
          "eps-smoothing", .flag, default: .bool(false),
          "1e-16 for zeros and the mean over all orders, as chrF++.py, Moses and NLTK"),
      ],
      inputs: TextExample.columns, reference: "sacrebleu 2.6.0 CHRF.corpus_score",
      edgeCases: [
        "orders that either side is too short for are left out, unless eps-smoothing is on",
        "of several references the one with the best F counts, the first of equals",
        "no common order: 0",
      ] + MetricEntry.textEdges,
      compat: ["sacrebleu": [:], "lm-eval": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      MetricEntry.text(
        ChrF(
          ChrFOptions(
            characterOrder: try options.integer("char-order"),
            wordOrder: try options.integer("word-order"), beta: try options.integer("beta"),
            isLowercase: try options.flag("lowercase"),
            keepsWhitespace: try options.flag("whitespace"),
            usesEpsilon: try options.flag("eps-smoothing"))))
    }
  }
}
