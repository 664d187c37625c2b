internal import Glibc

/// Scores of a confusion matrix, as scikit-learn 1.9 defines them with `labels` = the declared ones.
extension ConfusionMatrix {
  /// Precision, recall and F-beta of each label.
  ///
  /// f = (1 + beta²) tp / (beta² gold + predicted). A ratio 0/0 counts as `zeroDivision`.
  public func perLabel(
    beta: Double = 1, zeroDivision: ZeroDivision = .zero
  ) -> [PrecisionRecall] {
    let gold = support
    let predicted = predictions
    return (0..<labelCount).map { label in
      Self.scores(
        hits: self[gold: label, predicted: label], gold: gold[label], predicted: predicted[label],
        beta: beta, zeroDivision: zeroDivision)
    }
  }

  /// The average over all labels, or over the `selected` ones.
  ///
  /// Means leave out what is not a number; a weighted mean without weight is the plain mean.
  public func averaged(
    _ average: LabelAverage, beta: Double = 1, zeroDivision: ZeroDivision = .zero,
    selected: [Int]? = nil
  ) -> PrecisionRecall {
    let chosen = (selected ?? Array(0..<labelCount)).filter { (0..<labelCount).contains($0) }
    let gold = support
    let predicted = predictions
    let all = perLabel(beta: beta, zeroDivision: zeroDivision)
    func mean(_ value: (PrecisionRecall) -> Double, weights: (Int) -> Double) -> Double {
      let usable = chosen.filter { !value(all[$0]).isNaN }
      guard !usable.isEmpty else { return .nan }
      let total = usable.reduce(0) { $0 + weights($1) }
      if total == 0 { return usable.reduce(0) { $0 + value(all[$1]) } / Double(usable.count) }
      return usable.reduce(0) { $0 + weights($1) * value(all[$1]) } / total
    }
    let weights: (Int) -> Double
    switch average {
    case .micro:
      return Self.scores(
        hits: chosen.reduce(0) { $0 + self[gold: $1, predicted: $1] },
        gold: chosen.reduce(0) { $0 + gold[$1] },
        predicted: chosen.reduce(0) { $0 + predicted[$1] }, beta: beta, zeroDivision: zeroDivision)
    case .label(let place):
      guard all.indices.contains(place) else {
        return PrecisionRecall(precision: .nan, recall: .nan, f: .nan, support: 0)
      }
      return all[place]
    case .macro: weights = { _ in 1 }
    case .weighted: weights = { Double(gold[$0]) }
    }
    return PrecisionRecall(
      precision: mean(\.precision, weights: weights), recall: mean(\.recall, weights: weights),
      f: mean(\.f, weights: weights), support: chosen.reduce(0) { $0 + gold[$1] })
  }

  /// The mean recall over the labels that have gold examples; nil without any.
  public var balancedAccuracy: Double? {
    let gold = support
    let present = (0..<labelCount).filter { gold[$0] > 0 }
    guard !present.isEmpty else { return nil }
    return present.reduce(0) {
      $0 + Double(self[gold: $1, predicted: $1]) / Double(gold[$1])
    } / Double(present.count)
  }

  /// Matthews' correlation coefficient over any number of labels; 0 when a side is constant.
  public var matthews: Double? {
    guard count > 0 else { return nil }
    let total = Double(count)
    let gold = support.map(Double.init)
    let predicted = predictions.map(Double.init)
    let covariance =
      Double(correct) * total - zip(gold, predicted).reduce(0) { $0 + $1.0 * $1.1 }
    let goldSpread = total * total - gold.reduce(0) { $0 + $1 * $1 }
    let predictedSpread = total * total - predicted.reduce(0) { $0 + $1 * $1 }
    guard goldSpread > 0, predictedSpread > 0 else { return 0 }
    return covariance / (goldSpread.squareRoot() * predictedSpread.squareRoot())
  }

  /// How far apart two labels count in Cohen's kappa.
  public enum KappaWeights: String, Sendable, CaseIterable {
    /// Every two labels the same.
    case none
    /// By the distance of their places.
    case linear
    /// By its square.
    case quadratic
  }

  /// Cohen's kappa; not a number when both sides are one and the same label; nil without examples.
  public func kappa(_ weights: KappaWeights = .none) -> Double? {
    guard count > 0 else { return nil }
    let gold = support.map(Double.init)
    let predicted = predictions.map(Double.init)
    var observed = 0.0
    var expected = 0.0
    for row in 0..<labelCount {
      for column in 0..<labelCount where row != column {
        let distance = Double(abs(row - column))
        let weight: Double
        switch weights {
        case .none: weight = 1
        case .linear: weight = distance
        case .quadratic: weight = distance * distance
        }
        observed += weight * Double(self[gold: row, predicted: column])
        expected += weight * gold[row] * predicted[column] / Double(count)
      }
    }
    return 1 - observed / expected
  }

  /// Intersection over union of each label: tp / (gold + predicted - tp); 0/0 as `zeroDivision`.
  public func jaccard(zeroDivision: ZeroDivision = .zero) -> [Double] {
    let gold = support
    let predicted = predictions
    return (0..<labelCount).map { label in
      let hits = self[gold: label, predicted: label]
      let union = gold[label] + predicted[label] - hits
      return union == 0 ? zeroDivision.value : Double(hits) / Double(union)
    }
  }

  static func scores(
    hits: Int, gold: Int, predicted: Int, beta: Double, zeroDivision: ZeroDivision
  ) -> PrecisionRecall {
    let square = beta * beta
    let below = square * Double(gold) + Double(predicted)
    return PrecisionRecall(
      precision: predicted == 0 ? zeroDivision.value : Double(hits) / Double(predicted),
      recall: gold == 0 ? zeroDivision.value : Double(hits) / Double(gold),
      f: below == 0 ? zeroDivision.value : (1 + square) * Double(hits) / below, support: gold)
  }
}
