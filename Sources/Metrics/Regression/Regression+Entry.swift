internal import DSXCore

/// The entries of numbers against numbers.
enum RegressionEntries {
  private static let inputs = [
    MetricColumn("label", .number, also: ["gold", "target", "y_true"], "the true value"),
    MetricColumn(
      "prediction", .number, also: ["pred", "predicted", "y_pred"], "the predicted one"),
  ]

  private static func pair(_ row: MetricRow) throws(DSXError) -> NumberPair {
    NumberPair(gold: try row.number("label"), predicted: try row.number("prediction"))
  }

  private static func entry<M: Metric>(
    _ metric: M, _ summary: String, _ formula: String, unit: String = "ratio",
    range: ClosedRange<Double> = 0...Double.infinity, _ reference: String, _ edges: [String] = []
  ) -> MetricEntry where M.Example == NumberPair {
    MetricEntry(
      name: metric.name, group: .regression, summary: summary, formula: formula, unit: unit,
      range: range, higherIsBetter: metric.higherIsBetter, inputs: inputs, reference: reference,
      edgeCases: edges + ["values that are not finite are errors", "no example: not defined"],
      compat: ["sklearn": [:]]
    ) { (_: MetricOptions) throws(DSXError) -> AnyMetric in
      AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> NumberPair in try pair(row) }
    }
  }

  private static let unbounded = -Double.infinity...1
  private static let constant = "a constant side, or a single example: not defined"

  static let entries: [MetricEntry] = [
    entry(
      MeanSquaredError(), "mean squared error", "mean of (gold - predicted)²",
      unit: "squared unit", "scikit-learn 1.9 mean_squared_error"),
    entry(
      RootMeanSquaredError(), "root of the mean squared error",
      "sqrt(mean of (gold - predicted)²)", unit: "unit of the values",
      "scikit-learn 1.9 root_mean_squared_error"),
    entry(
      MeanAbsoluteError(), "mean absolute error", "mean of |gold - predicted|",
      unit: "unit of the values", "scikit-learn 1.9 mean_absolute_error"),
    entry(
      MeanAbsolutePercentageError(), "mean absolute percentage error, as a ratio",
      "mean of |gold - predicted| / max(|gold|, 2^-52)",
      "scikit-learn 1.9 mean_absolute_percentage_error", ["a true value of 0 gives a huge error"]),
    entry(
      AbsoluteErrorRank(.median), "median absolute error", "median of |gold - predicted|",
      unit: "unit of the values", "scikit-learn 1.9 median_absolute_error"),
    entry(
      AbsoluteErrorRank(.largest), "the largest absolute error", "max of |gold - predicted|",
      unit: "unit of the values", "scikit-learn 1.9 max_error"),
    entry(
      PairSumMetric(.determination), "R², the coefficient of determination",
      "1 - sum (gold - predicted)² / sum (gold - mean)²", range: unbounded,
      "scikit-learn 1.9 r2_score",
      ["constant gold: 1 without errors, else 0", "one example: not defined"]),
    entry(
      PairSumMetric(.explainedVariance), "explained variance",
      "1 - variance of (gold - predicted) / variance of gold", range: unbounded,
      "scikit-learn 1.9 explained_variance_score",
      ["constant gold: 1 without spread of the errors, else 0", "one example: not defined"]),
    entry(
      PairSumMetric(.pearson), "Pearson's correlation", "covariance / (deviation * deviation)",
      range: -1...1, "scipy 1.17 pearsonr, with its two-sided p", [constant]),
    entry(
      RankCorrelation(.spearman), "Spearman's rank correlation", "Pearson's of the ranks",
      range: -1...1, "scipy 1.17 spearmanr, with its two-sided p",
      ["equal values share their mean rank", constant]),
    entry(
      RankCorrelation(.kendall), "Kendall's tau-b",
      "(concordant - discordant) / sqrt((pairs - ties in gold)(pairs - ties in predicted))",
      range: -1...1, "scipy 1.17 kendalltau", [constant]),
  ]
}
