internal import DSXCore

/// The entries of ranked lists.
enum RankingEntries {
  private static let inputs = [
    MetricColumn("scores", .numbers, also: ["preds"], "the score of each candidate"),
    MetricColumn(
      "relevance", .numbers, also: ["relevant", "label", "target"],
      "the relevance of each candidate, at least 0"),
  ]
  private static let k = MetricParameter(
    "k", .integer(0...1_000_000_000), default: .int(0), "only the first k ranks; 0: all")
  private static let edges = [
    "a query is one example; the score is the mean over queries",
    "lists of different lengths, no candidate and negative relevance are errors",
  ]

  private static func list(_ row: MetricRow) throws(DSXError) -> RankedList {
    RankedList(scores: try row.numbers("scores"), relevance: try row.numbers("relevance"))
  }
  private static func limit(_ options: MetricOptions) throws(DSXError) -> Int? {
    let k = try options.integer("k")
    return k > 0 ? k : nil
  }

  private static func gain(isNormalised: Bool) -> MetricEntry {
    MetricEntry(
      name: isNormalised ? "ndcg" : "dcg", group: .ranking,
      summary: (isNormalised ? "normalised " : "") + "discounted cumulative gain",
      formula: "sum of relevance / log2(rank + 1)" + (isNormalised ? " / its best value" : ""),
      unit: isNormalised ? "ratio" : "gain", range: 0...(isNormalised ? 1 : Double.infinity),
      higherIsBetter: true,
      parameters: [
        k,
        MetricParameter(
          "ties", .choice(["average", "first"]), default: .string("average"),
          "equal scores share the mean of their gains, or the earlier candidate comes first"),
      ], inputs: inputs,
      reference:
        "scikit-learn 1.9 \(isNormalised ? "ndcg_score" : "dcg_score"); torchmetrics 1.9.0",
      edgeCases: (isNormalised ? ["nothing relevant: 0"] : []) + edges, compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let metric = try DiscountedGain(
        isNormalised: isNormalised, k: limit(options),
        averagesTies: options.text("ties") == "average")
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> RankedList in
        try list(row)
      }
    }
  }

  private static func retrieval(
    _ name: String, _ kind: RetrievalMetric.Kind, _ summary: String, _ formula: String,
    _ reference: String
  ) -> MetricEntry {
    MetricEntry(
      name: name, group: .ranking, summary: summary, formula: formula, unit: "ratio",
      range: 0...1, higherIsBetter: true, parameters: kind == .rPrecision ? [] : [k],
      inputs: inputs, reference: "torchmetrics 1.9.0 " + reference + " (in double precision)",
      edgeCases: [
        "no relevant candidate: 0", "of equal scores the earlier candidate comes first",
      ] + edges
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let metric = try RetrievalMetric(kind, k: kind == .rPrecision ? nil : limit(options))
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> RankedList in
        try list(row)
      }
    }
  }

  static let entries: [MetricEntry] = [
    gain(isNormalised: true), gain(isNormalised: false),
    retrieval(
      "map", .averagePrecision, "mean average precision",
      "mean over relevant candidates of precision at their rank", "retrieval_average_precision"),
    retrieval(
      "mrr", .reciprocalRank, "mean reciprocal rank", "1 / rank of the first relevant candidate",
      "retrieval_reciprocal_rank"),
    retrieval(
      "precision-at-k", .precision, "relevant among the first k", "relevant in first k / k",
      "retrieval_precision"),
    retrieval(
      "recall-at-k", .recall, "found of the relevant within the first k",
      "relevant in first k / relevant", "retrieval_recall"),
    retrieval(
      "hit-at-k", .hit, "whether a relevant candidate is among the first k",
      "1 if any of the first k is relevant", "retrieval_hit_rate"),
    retrieval(
      "r-precision", .rPrecision, "precision at the number of relevant candidates",
      "relevant in first r / r, r = relevant", "retrieval_r_precision"),
  ]
}
