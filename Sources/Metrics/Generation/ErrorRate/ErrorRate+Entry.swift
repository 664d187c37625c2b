internal import DSXCore

extension ErrorRate {
  /// `wer`, `cer`, `mer`, `wil`, `wip`.
  static let entries = [
    entry(.word, .rate, "word errors for each reference word", "(S + D + I) / (H + S + D)", nil),
    entry(
      .character, .rate, "character errors for each reference character",
      "(S + D + I) / (H + S + D)", nil),
    entry(
      .word, .match, "the share of word pairs that do not match", "(S + D + I) / (H + S + D + I)", 1
    ),
    entry(.word, .informationLost, "the share of word information that is lost", "1 - WIP", 1),
    entry(
      .word, .informationPreserved, "the share of word information that is kept",
      "H / reference words * H / hypothesis words", 1),
  ]

  private static func entry(
    _ unit: ErrorUnit, _ measure: ErrorMeasure, _ summary: String, _ formula: String,
    _ highest: Double?
  ) -> MetricEntry {
    let metric = ErrorRate(unit, measure)
    return MetricEntry(
      name: metric.name, group: .generation, summary: summary,
      formula: formula + "; hits, substitutions, deletions, insertions of the corpus",
      unit: "ratio", range: 0...(highest ?? .infinity), higherIsBetter: metric.higherIsBetter,
      inputs: TextExample.columns, reference: "jiwer 4.0.0 process_\(unit.rawValue)s",
      edgeCases: [
        "no reference words: WER and CER are the number of inserted words, MER and WIL 1, WIP 0",
        "both sides empty: 0, and WIP 1",
        "of several optimal alignments RapidFuzz's is counted; only MER, WIL and WIP depend on it",
        "several references: an error",
      ]
    ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in MetricEntry.text(metric) }
  }
}

extension NormalizedEditDistance {
  static let entry = MetricEntry(
    name: "ned", group: .generation,
    summary: "ModelScope's NED: one minus the edit distance for each character",
    formula: "mean of 1 - Levenshtein distance / longer length, in code points", unit: "ratio",
    range: -Double.infinity...1, higherIsBetter: true, inputs: TextExample.columns,
    reference: "modelscope 1.40.2 NedMetric",
    edgeCases: [
      "one side empty: the distance is the other's length, so that the score can be negative",
      "both sides empty: 1", "several references: an error",
    ],
    compat: ["modelscope": [:]]
  ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
    MetricEntry.text(NormalizedEditDistance())
  }
}
