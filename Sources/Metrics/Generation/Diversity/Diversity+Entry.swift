internal import DSXCore

extension DistinctNGrams {
  static let entry = MetricEntry(
    name: "distinct-n", group: .generation, summary: "the share of n-grams that are different",
    formula: "different n-grams / n-grams, of the hypotheses of the corpus", unit: "ratio",
    range: 0...1, higherIsBetter: true,
    parameters: [
      MetricParameter("order", .integer(1...16), default: .int(2), "the n of the n-grams"),
      TokenizerChoice.parameter(
        TokenizerChoice.bleu, default: "zh",
        "zh takes Chinese characters one by one and other words by 13a's rules"),
    ],
    inputs: [.hypothesis], reference: "J. Li et al. 2016, distinct-1 and distinct-2",
    edgeCases: [
      "no n-gram at all: not defined",
      "the statistics hold every different n-gram: their size grows with the corpus",
    ]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let metric = DistinctNGrams(
      try options.integer("order"), tokenizer: try TokenizerChoice.tokenizer(options))
    return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> String in
      try row.text("hypothesis")
    }
  }
}

extension LengthRatio {
  static let entry = MetricEntry(
    name: "length-ratio", group: .generation,
    summary: "tokens of the hypotheses for each token of the references",
    formula: "hypothesis tokens / tokens of the closest references, of the corpus", unit: "ratio",
    range: 0...Double.infinity, higherIsBetter: true,
    parameters: [
      TokenizerChoice.parameter(
        TokenizerChoice.bleu, default: "zh",
        "zh takes Chinese characters one by one and other words by 13a's rules")
    ],
    inputs: TextExample.columns, reference: "sacrebleu 2.6.0, the ratio in BLEU's line",
    edgeCases: ["the best value is 1", "no reference token: not defined"] + MetricEntry.textEdges
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(LengthRatio(tokenizer: try TokenizerChoice.tokenizer(options)))
  }
}

extension ExactMatch {
  static let entry = MetricEntry(
    name: "exact-match", group: .generation,
    summary: "the share of texts that equal one of their references",
    formula: "equal texts / n", unit: "ratio", range: 0...1, higherIsBetter: true,
    parameters: [
      MetricParameter("strip", .flag, default: .bool(false), "strips white space at both ends"),
      MetricParameter("ignore-case", .flag, default: .bool(false), "lowers both texts"),
      MetricParameter(
        "ignore-punctuation", .flag, default: .bool(false), "deletes ASCII punctuation"),
      MetricParameter("ignore-numbers", .flag, default: .bool(false), "deletes ASCII digits"),
      MetricParameter(
        "ignore-patterns", .list, default: .array([]),
        "regular expressions whose matches are deleted first"),
    ],
    inputs: TextExample.columns, reference: "HF evaluate exact_match",
    edgeCases: ["both texts empty: equal", "characters are compared byte by byte, not normalised"]
      + MetricEntry.textEdges,
    compat: ["lm-eval": [:]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(
      try ExactMatch(
        strips: try options.flag("strip"), ignoresCase: try options.flag("ignore-case"),
        ignoresPunctuation: try options.flag("ignore-punctuation"),
        ignoresNumbers: try options.flag("ignore-numbers"),
        patterns: try options.list("ignore-patterns")))
  }
}
