/// A square table of pairs as numbers: what the scores of plain and of weighted confusion matrices are
/// computed from.
public struct PairCounts: Sendable, Equatable {
  /// Number of labels, k.
  public let labelCount: Int
  /// k * k counts or sums of weights, row = gold, column = predicted.
  public let cells: [Double]

  init(labelCount: Int, cells: [Double]) {
    self.labelCount = labelCount
    self.cells = cells
  }

  /// The number of one pair.
  public subscript(gold gold: Int, predicted predicted: Int) -> Double {
    cells[gold * labelCount + predicted]
  }

  /// The sum of all cells.
  public var total: Double { cells.reduce(0, +) }

  /// Hits, gold and predicted of each label.
  public var tallies: LabelTallies {
    var tallies = LabelTallies(
      hits: [], gold: [Double](repeating: 0, count: labelCount),
      predicted: [Double](repeating: 0, count: labelCount))
    for row in 0..<labelCount {
      for column in 0..<labelCount {
        let count = cells[row * labelCount + column]
        tallies.gold[row] += count
        tallies.predicted[column] += count
      }
      tallies.hits.append(cells[row * labelCount + row])
    }
    return tallies
  }

  /// The share of the diagonal; nil without examples.
  public var accuracy: Double? {
    let total = total
    guard total > 0 else { return nil }
    return (0..<labelCount).reduce(0) { $0 + self[gold: $1, predicted: $1] } / total
  }

  /// The mean recall over the labels that have gold examples; nil without any.
  public var balancedAccuracy: Double? {
    let tallies = tallies
    let present = (0..<labelCount).filter { tallies.gold[$0] > 0 }
    guard !present.isEmpty else { return nil }
    return present.reduce(0) { $0 + tallies.hits[$1] / tallies.gold[$1] } / Double(present.count)
  }

  /// Matthews' correlation coefficient over any number of labels; 0 when a side is constant.
  public var matthews: Double? {
    let total = total
    guard total > 0 else { return nil }
    let tallies = tallies
    let correct = tallies.hits.reduce(0, +)
    let covariance =
      correct * total - zip(tallies.gold, tallies.predicted).reduce(0) { $0 + $1.0 * $1.1 }
    let goldSpread = total * total - tallies.gold.reduce(0) { $0 + $1 * $1 }
    let predictedSpread = total * total - tallies.predicted.reduce(0) { $0 + $1 * $1 }
    guard goldSpread > 0, predictedSpread > 0 else { return 0 }
    return covariance / (goldSpread.squareRoot() * predictedSpread.squareRoot())
  }

  /// Cohen's kappa; not a number when both sides are one and the same label; nil without examples.
  public func kappa(_ weights: KappaWeights = .none) -> Double? {
    let total = total
    guard total > 0 else { return nil }
    let tallies = tallies
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
        observed += weight * self[gold: row, predicted: column]
        expected += weight * tallies.gold[row] * tallies.predicted[column] / total
      }
    }
    return 1 - observed / expected
  }
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
