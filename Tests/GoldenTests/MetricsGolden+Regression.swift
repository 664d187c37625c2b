import DSXCore
import Metrics

/// `regression_ranking.jsonl`: scikit-learn 1.9.1, scipy 1.17.1, torchmetrics 1.9.0.
enum RegressionGolden {
  @Sendable static func regression(_ golden: MetricCase) throws -> String? {
    let pairs = zip(
      golden.numbers(golden.inputs["y_true"]), golden.numbers(golden.inputs["y_pred"])
    ).map { NumberPair(gold: $0, predicted: $1) }
    let sums = try golden.sum(PairSumMetric(.pearson), pairs)
    let pearson = PairSumMetric(.pearson).scores(from: sums)
    let ranks = try golden.sum(RankCorrelation(.spearman), pairs)
    let spearman = RankCorrelation(.spearman).scores(from: ranks)
    let values: [(String, Double?)] = try [
      ("mse", golden.score(MeanSquaredError(), pairs)),
      ("rmse", golden.score(RootMeanSquaredError(), pairs)),
      ("mae", golden.score(MeanAbsoluteError(), pairs)),
      ("mape", golden.score(MeanAbsolutePercentageError(), pairs)),
      ("medae", golden.score(AbsoluteErrorRank(.median), pairs)),
      ("max_error", golden.score(AbsoluteErrorRank(.largest), pairs)),
      ("r2", sums.determination), ("explained_variance", sums.explainedVariance),
      ("pearson", sums.pearson), ("spearman", ranks.spearman), ("kendall_b", ranks.kendall),
      ("pearson_p", pearson.last?.value), ("spearman_p", spearman.last?.value),
    ]
    for (name, value) in values {
      if let difference = golden.differsIfThere(name, value) { return difference }
    }
    let known = Set(values.map(\.0))
    let unknown = (golden.expected.object ?? []).map(\.name).filter { !known.contains($0) }
    return unknown.isEmpty ? nil : "not computed: \(unknown)"
  }

  @Sendable static func gain(_ golden: MetricCase) throws -> String? {
    let lists = zip(golden.rows(golden.inputs["relevance"]), golden.rows(golden.inputs["scores"]))
      .map { RankedList(scores: $1, relevance: $0) }
    return try golden.differs(["ndcg"], golden.score(DiscountedGain(), lists))
      ?? golden.differs(["ndcg@3"], golden.score(DiscountedGain(k: 3), lists))
      ?? golden.differs(["dcg"], golden.score(DiscountedGain(isNormalised: false), lists))
      ?? golden.differsIfThere(
        "ndcg_ignore_ties", golden.score(DiscountedGain(averagesTies: false), lists))
  }

  @Sendable static func retrieval(_ golden: MetricCase) throws -> String? {
    let list = RankedList(
      scores: golden.numbers(golden.inputs["scores"]),
      relevance: golden.numbers(golden.inputs["relevant"]))
    return try golden.differs(["map"], RetrievalMetric(.averagePrecision).value(of: list))
      ?? golden.differs(["mrr"], RetrievalMetric(.reciprocalRank).value(of: list))
      ?? golden.differs(["p@3"], RetrievalMetric(.precision, k: 3).value(of: list))
      ?? golden.differs(["r@3"], RetrievalMetric(.recall, k: 3).value(of: list))
      ?? golden.differs(["hit@3"], RetrievalMetric(.hit, k: 3).value(of: list))
      ?? golden.differs(["r_precision"], RetrievalMetric(.rPrecision).value(of: list))
      ?? golden.differs(["ndcg"], DiscountedGain().value(of: list))
  }
}
