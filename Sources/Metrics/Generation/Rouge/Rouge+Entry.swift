internal import DSXCore

extension Rouge {
  /// `rouge-1`, `rouge-2`, `rouge-l`, `rouge-lsum`.
  static let entries = [
    entry(.ngrams(1), "common words", "counts of words, clipped"),
    entry(.ngrams(2), "common word pairs", "counts of word pairs, clipped"),
    entry(.subsequence, "the longest common subsequence", "its length"),
    entry(
      .summary, "the longest common subsequences of sentences, which are lines",
      "tokens in the union of each reference line's subsequences"),
  ]

  private static func entry(_ kind: RougeKind, _ what: String, _ hits: String) -> MetricEntry {
    MetricEntry(
      name: kind.name, group: .generation, summary: "the mean F of \(what)",
      formula: "mean of 2 P R / (P + R), P = hits / own, R = hits / reference; hits: \(hits)",
      unit: "ratio", range: 0...1, higherIsBetter: true,
      parameters: [
        TokenizerChoice.parameter(
          TokenizerChoice.rouge, default: "rouge-cjk",
          "rouge-cjk is rouge-score's with Chinese, Japanese and Korean characters one by one"),
        MetricParameter(
          "stem", .flag, default: .bool(false), "Porter's stems of words above three letters"),
      ],
      inputs: TextExample.columns, reference: "rouge-score 0.1.2 RougeScorer",
      edgeCases: [
        "either side without tokens: 0",
        "of several references the one with the best F counts, the first of equals",
        "the tokenizer rouge drops all Chinese: such texts are counted and warned of",
      ] + MetricEntry.textEdges,
      compat: [
        "rouge-score": ["tokenize": .string("rouge")], "lm-eval": ["tokenize": .string("rouge")],
      ]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let stem = try options.flag("stem")
      return MetricEntry.text(
        Rouge(kind, tokenizer: try TokenizerChoice.tokenizer(options, stem: stem)))
    }
  }
}

extension PackageRouge {
  /// `py-rouge-1`, `-2`, `-l` and `rouge-chinese-1`, `-2`, `-l`.
  static let entries = RougePackage.allCases.flatMap { package in
    [RougeKind.ngrams(1), .ngrams(2), .subsequence].map { entry(package, $0) }
  }

  private static func entry(_ package: RougePackage, _ kind: RougeKind) -> MetricEntry {
    let name = PackageRouge(package, kind).name
    let isChinese = package == .rougeChinese
    let what =
      kind == .subsequence ? "longest common subsequence" : "\(kind.name.last ?? "1")-grams"
    return MetricEntry(
      name: name, group: .generation,
      summary: "the mean F of \(what) as the package "
        + (isChinese ? "rouge-chinese gives it" : "rouge (py-rouge) gives it"),
      formula: "mean of 2 P R / (P + R + 1e-8)"
        + (kind == .subsequence && !isChinese
          ? "; words in the union of the sentences' subsequences" : ""),
      unit: "ratio", range: 0...1, higherIsBetter: true,
      parameters: [
        TokenizerChoice.parameter(
          ["modelscope"] + TokenizerChoice.bleu, default: isChinese ? "jieba" : "modelscope",
          "the package itself splits at blanks: none"),
        MetricParameter("exclusive", .flag, default: .bool(true), "counts each n-gram once"),
        MetricParameter(
          "empty", .choice(["zero", "error"]), default: .string("zero"),
          "what a text without a sentence does"),
      ],
      inputs: TextExample.columns,
      reference: isChinese ? "rouge-chinese 1.0.3 Rouge" : "rouge 1.0.1 Rouge",
      edgeCases: [
        isChinese
          ? "sentences end behind 。！？?, ...... and ……" : "sentences end at every full stop",
        "without exclusive recall can exceed 1 where several sentences share words",
        "several references: an error",
      ],
      compat: isChinese
        ? [:] : ["modelscope": ["tokenize": .string("modelscope"), "empty": .string("zero")]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let tokenizer = try TokenizerChoice.tokenizer(options)
      return MetricEntry.text(
        PackageRouge(
          package, kind, isExclusive: try options.flag("exclusive"),
          tokenizer: tokenizer.name == "none" ? nil : tokenizer,
          refusesEmpty: try options.text("empty") == "error"))
    }
  }
}
