/// Scores of a confusion matrix, as scikit-learn 1.9 defines them with `labels` = the declared ones.
extension ConfusionMatrix {
  /// The counts as numbers; exact below 2^53 examples.
  public var counts: PairCounts {
    PairCounts(labelCount: labelCount, cells: cells.map(Double.init))
  }

  /// Hits, gold and predicted of each label.
  public var tallies: LabelTallies { counts.tallies }

  /// Precision, recall and F-beta of each label.
  public func perLabel(
    beta: Double = 1, zeroDivision: ZeroDivision = .zero
  ) -> [PrecisionRecall] {
    tallies.perLabel(beta: beta, zeroDivision: zeroDivision)
  }

  /// The average over all labels, or over the `selected` ones: `LabelTallies.averaged`.
  public func averaged(
    _ average: LabelAverage, beta: Double = 1, zeroDivision: ZeroDivision = .zero,
    absent: AbsentLabels = .count, selected: [Int]? = nil
  ) -> PrecisionRecall {
    tallies.averaged(
      average, beta: beta, zeroDivision: zeroDivision, absent: absent, selected: selected)
  }

  /// The mean recall over the labels that have gold examples; nil without any.
  public var balancedAccuracy: Double? { counts.balancedAccuracy }

  /// Matthews' correlation coefficient over any number of labels; 0 when a side is constant.
  public var matthews: Double? { counts.matthews }

  /// Cohen's kappa; not a number when both sides are one and the same label; nil without examples.
  public func kappa(_ weights: KappaWeights = .none) -> Double? { counts.kappa(weights) }

  /// Intersection over union of each label: tp / (gold + predicted - tp); 0/0 as `zeroDivision`.
  public func jaccard(zeroDivision: ZeroDivision = .zero) -> [Double] {
    tallies.jaccard(zeroDivision: zeroDivision)
  }
}
