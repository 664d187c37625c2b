/// Of each label: how often it was right, true and predicted. Precision, recall and F come from these,
/// for labels, weighted examples, several labels an example, and entities alike.
public struct LabelTallies: Sendable, Equatable {
  /// Right answers of each label.
  public var hits: [Double]
  /// Examples that truly have the label (its support).
  public var gold: [Double]
  /// Predictions of the label.
  public var predicted: [Double]

  /// Counts, or sums of weights; the three lists have one length.
  public init(hits: [Double], gold: [Double], predicted: [Double]) {
    self.hits = hits
    self.gold = gold
    self.predicted = predicted
  }

  /// Number of labels.
  public var labelCount: Int { hits.count }

  /// Precision, recall and F-beta of each label.
  ///
  /// f = (1 + beta²) tp / (beta² gold + predicted). A ratio 0/0 counts as `zeroDivision`.
  public func perLabel(
    beta: Double = 1, zeroDivision: ZeroDivision = .zero
  ) -> [PrecisionRecall] {
    hits.indices.map {
      Self.scores(
        hits: hits[$0], gold: gold[$0], predicted: predicted[$0], beta: beta,
        zeroDivision: zeroDivision)
    }
  }

  /// The average over all labels, or over the `selected` ones that `absent` lets count.
  ///
  /// Means leave out what is not a number; a weighted mean without weight is the plain mean.
  public func averaged(
    _ average: LabelAverage, beta: Double = 1, zeroDivision: ZeroDivision = .zero,
    absent: AbsentLabels = .count, selected: [Int]? = nil
  ) -> PrecisionRecall {
    let chosen = chosen(selected, absent)
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
        hits: chosen.reduce(0) { $0 + hits[$1] }, gold: chosen.reduce(0) { $0 + gold[$1] },
        predicted: chosen.reduce(0) { $0 + predicted[$1] }, beta: beta, zeroDivision: zeroDivision)
    case .label(let place):
      guard all.indices.contains(place) else {
        return PrecisionRecall(precision: .nan, recall: .nan, f: .nan, support: 0)
      }
      return all[place]
    case .macro: weights = { _ in 1 }
    case .weighted: weights = { gold[$0] }
    }
    return PrecisionRecall(
      precision: mean(\.precision, weights: weights), recall: mean(\.recall, weights: weights),
      f: mean(\.f, weights: weights), support: chosen.reduce(0) { $0 + gold[$1] })
  }

  /// Intersection over union of each label: tp / (gold + predicted - tp); 0/0 as `zeroDivision`.
  public func jaccard(zeroDivision: ZeroDivision = .zero) -> [Double] {
    hits.indices.map {
      let union = gold[$0] + predicted[$0] - hits[$0]
      return union == 0 ? zeroDivision.value : hits[$0] / union
    }
  }

  /// The average of the labels' intersections over unions; micro is that of the summed counts.
  public func jaccard(
    _ average: LabelAverage, zeroDivision: ZeroDivision = .zero, absent: AbsentLabels = .count,
    selected: [Int]? = nil
  ) -> Double {
    let chosen = chosen(selected, absent)
    let all = jaccard(zeroDivision: zeroDivision)
    switch average {
    case .micro:
      let hits = chosen.reduce(0) { $0 + self.hits[$1] }
      let union = chosen.reduce(0) { $0 + gold[$1] + predicted[$1] } - hits
      return union == 0 ? zeroDivision.value : hits / union
    case .label(let place): return all.indices.contains(place) ? all[place] : .nan
    case .macro, .weighted:
      let usable = chosen.filter { !all[$0].isNaN }
      guard !usable.isEmpty else { return .nan }
      let weights = usable.map { average == .macro ? 1 : gold[$0] }
      let total = weights.reduce(0, +)
      if total == 0 { return usable.reduce(0) { $0 + all[$1] } / Double(usable.count) }
      return zip(usable, weights).reduce(0) { $0 + $1.1 * all[$1.0] } / total
    }
  }

  private func chosen(_ selected: [Int]?, _ absent: AbsentLabels) -> [Int] {
    (selected ?? Array(hits.indices)).filter {
      hits.indices.contains($0) && (absent == .count || gold[$0] > 0 || predicted[$0] > 0)
    }
  }

  static func scores(
    hits: Double, gold: Double, predicted: Double, beta: Double, zeroDivision: ZeroDivision
  ) -> PrecisionRecall {
    let square = beta * beta
    let below = square * gold + predicted
    return PrecisionRecall(
      precision: predicted == 0 ? zeroDivision.value : hits / predicted,
      recall: gold == 0 ? zeroDivision.value : hits / gold,
      f: below == 0 ? zeroDivision.value : (1 + square) * hits / below, support: gold)
  }
}
