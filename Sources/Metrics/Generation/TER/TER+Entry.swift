internal import DSXCore

extension TER {
  static let entry = MetricEntry(
    name: "ter", group: .generation,
    summary: "edits and shifts of words that turn the text into its reference",
    formula: "100 * least edits / mean length of the references; sums of the corpus",
    unit: "percent", range: 0...Double.infinity, higherIsBetter: false,
    parameters: [
      MetricParameter("normalized", .flag, default: .bool(false), "takes punctuation apart"),
      MetricParameter("no-punct", .flag, default: .bool(false), "deletes punctuation"),
      MetricParameter(
        "asian-support", .flag, default: .bool(false),
        "takes Chinese and Japanese characters apart (normalized), deletes their marks (no-punct)"
      ),
      MetricParameter("case-sensitive", .flag, default: .bool(false), "keeps capitals"),
    ],
    inputs: TextExample.columns, reference: "sacrebleu 2.6.0 TER.corpus_score (Tercom)",
    edgeCases: [
      "references without words: 100 when there are edits, else 0",
      "can exceed 100",
      "shifts of at most 10 words over at most 50, 1,000 tried an example, in a beam of 25 cells",
      "Chinese without asian-support and normalized is one word between blanks",
    ] + MetricEntry.textEdges,
    compat: ["sacrebleu": [:], "lm-eval": [:]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(
      TER(
        TercomOptions(
          isNormalized: try options.flag("normalized"),
          dropsPunctuation: try options.flag("no-punct"),
          asianSupport: try options.flag("asian-support"),
          isCaseSensitive: try options.flag("case-sensitive"))))
  }
}
