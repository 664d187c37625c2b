public import DSXCore

/// What multi-label metrics take: for each label whether it is true and whether it was predicted.
public struct LabelMarks: Sendable, Equatable {
  /// The true labels.
  public var gold: [Bool]
  /// The predicted labels; as many.
  public var predicted: [Bool]

  /// An example.
  public init(gold: [Bool], predicted: [Bool]) {
    self.gold = gold
    self.predicted = predicted
  }
}

/// Counts over examples with several labels each.
public struct MultilabelStatistics: MetricStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// Right predictions of each label.
  public private(set) var hits: [Int]
  /// Examples that have each label.
  public private(set) var gold: [Int]
  /// Predictions of each label.
  public private(set) var predicted: [Int]
  /// Examples whose labels are all right.
  public private(set) var exact = 0
  var precision = ExactSum()
  var recall = ExactSum()
  var f = ExactSum()
  var jaccard = ExactSum()

  /// No example over `labelCount` labels.
  public init(labelCount: Int) {
    hits = [Int](repeating: 0, count: max(1, labelCount))
    gold = hits
    predicted = hits
  }

  /// Number of labels.
  public var labelCount: Int { hits.count }
  /// Hits, gold and predicted as numbers.
  public var tallies: LabelTallies {
    LabelTallies(
      hits: hits.map(Double.init), gold: gold.map(Double.init),
      predicted: predicted.map(Double.init))
  }
  /// Marks that are wrong, over all labels and examples.
  public var wrongMarks: Int {
    zip(zip(gold, predicted), hits).reduce(0) { $0 + $1.0.0 + $1.0.1 - 2 * $1.1 }
  }

  /// Adds one example; another number of marks is an error. What 0/0 counts as in the means over
  /// examples is `zero`.
  public mutating func add(_ example: LabelMarks, zeroDivision zero: ZeroDivision = .zero)
    throws(DSXError)
  {
    for marks in [example.gold, example.predicted] where marks.count != labelCount {
      throw DSXError(
        .malformed, "an example has \(marks.count) marks for \(labelCount) labels")
    }
    var (right, inGold, inPredicted) = (0, 0, 0)
    for label in hits.indices {
      let (isGold, isPredicted) = (example.gold[label], example.predicted[label])
      hits[label] += isGold && isPredicted ? 1 : 0
      gold[label] += isGold ? 1 : 0
      predicted[label] += isPredicted ? 1 : 0
      right += isGold && isPredicted ? 1 : 0
      inGold += isGold ? 1 : 0
      inPredicted += isPredicted ? 1 : 0
    }
    count += 1
    exact += right == inGold && right == inPredicted ? 1 : 0
    let scores = LabelTallies.scores(
      hits: Double(right), gold: Double(inGold), predicted: Double(inPredicted), beta: 1,
      zeroDivision: zero)
    precision.add(scores.precision)
    recall.add(scores.recall)
    f.add(scores.f)
    let union = inGold + inPredicted - right
    jaccard.add(union == 0 ? zero.value : Double(right) / Double(union))
  }

  /// Adds the counts of other examples over as many labels.
  public mutating func add(_ other: MultilabelStatistics) throws(DSXError) {
    guard other.labelCount == labelCount else {
      throw DSXError(
        .malformed,
        "statistics over \(other.labelCount) labels cannot be added to those over \(labelCount)")
    }
    count = try ExampleCount.sum(count, other.count)
    exact = try ExampleCount.sum(exact, other.exact)
    for label in hits.indices {
      hits[label] = try ExampleCount.sum(hits[label], other.hits[label])
      gold[label] = try ExampleCount.sum(gold[label], other.gold[label])
      predicted[label] = try ExampleCount.sum(predicted[label], other.predicted[label])
    }
    precision.add(other.precision)
    recall.add(other.recall)
    f.add(other.f)
    jaccard.add(other.jaccard)
  }

  private enum CodingKeys: String, CodingKey {
    case count, hits, gold, predicted, exact, precision, recall, f, jaccard
  }

  /// Reads what was written; counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    exact = try ExampleCount.checked(container.decode(Int.self, forKey: .exact))
    hits = try container.decode([Int].self, forKey: .hits)
    gold = try container.decode([Int].self, forKey: .gold)
    predicted = try container.decode([Int].self, forKey: .predicted)
    precision = try container.decode(ExactSum.self, forKey: .precision)
    recall = try container.decode(ExactSum.self, forKey: .recall)
    f = try container.decode(ExactSum.self, forKey: .f)
    jaccard = try container.decode(ExactSum.self, forKey: .jaccard)
    guard !hits.isEmpty, hits.count == gold.count, hits.count == predicted.count, exact <= count,
      hits.indices.allSatisfy({
        hits[$0] >= 0 && hits[$0] <= min(gold[$0], predicted[$0])
          && max(gold[$0], predicted[$0]) <= count
      })
    else { throw DSXError(.malformed, "stored multi-label counts cannot be") }
  }
}

/// A score over examples with several labels each, as scikit-learn 1.9.
public struct MultilabelMetric: Metric {
  /// Which score.
  public enum Kind: Sendable, Equatable {
    /// The share of examples whose labels are all right.
    case subsetAccuracy
    /// The share of wrong marks.
    case hammingLoss
    /// Intersection over union, the mean over examples.
    case jaccardOverExamples
    /// Precision, the mean over examples.
    case precisionOverExamples
    /// Recall, the mean over examples.
    case recallOverExamples
    /// F1, the mean over examples.
    case fOverExamples
    /// Precision over labels.
    case precision(LabelAverage)
    /// Recall over labels.
    case recall(LabelAverage)
    /// F-beta over labels.
    case f(LabelAverage, beta: Double)
    /// Intersection over union over labels.
    case jaccard(LabelAverage)
  }
  /// Which score.
  public let kind: Kind
  /// Number of labels.
  public let labelCount: Int
  /// What 0/0 counts as: 0 or 1.
  public let zeroDivision: ZeroDivision

  /// The metric over 1 to 4,096 labels. `undefined` zero division is an error: a mean over examples could
  /// not be kept as a sum.
  public init(_ kind: Kind, labelCount: Int, zeroDivision: ZeroDivision = .zero) throws(DSXError) {
    guard (1...LabelSet.maximumCount).contains(labelCount) else {
      throw DSXError(.usage, "multi-label scores need 1 to \(LabelSet.maximumCount) labels")
    }
    guard zeroDivision != .undefined else {
      throw DSXError(.usage, "multi-label scores take zero division 0 or 1")
    }
    self.kind = kind
    self.labelCount = labelCount
    self.zeroDivision = zeroDivision
  }

  /// `subset-accuracy`, `hamming-loss`, `samples-f1`, `multilabel-macro-f1`, ...
  public var name: String {
    switch kind {
    case .subsetAccuracy: "subset-accuracy"
    case .hammingLoss: "hamming-loss"
    case .jaccardOverExamples: "samples-jaccard"
    case .precisionOverExamples: "samples-precision"
    case .recallOverExamples: "samples-recall"
    case .fOverExamples: "samples-f1"
    case .precision(let average): "multilabel-\(average.signature)-precision"
    case .recall(let average): "multilabel-\(average.signature)-recall"
    case .f(let average, let beta):
      "multilabel-\(average.signature)-f\(LabelMetric.short(beta))"
    case .jaccard(let average): "multilabel-\(average.signature)-jaccard"
    }
  }
  /// Labels and zero division.
  public var signature: String {
    "labels:\(labelCount)|zero_division:\(zeroDivision.signature)|version:1"
  }
  /// All but the Hamming loss.
  public var higherIsBetter: Bool { kind != .hammingLoss }
  /// No example.
  public var zero: MultilabelStatistics { MultilabelStatistics(labelCount: labelCount) }
  /// One example.
  public func statistics(of example: LabelMarks) throws(DSXError) -> MultilabelStatistics {
    var one = zero
    try one.add(example, zeroDivision: zeroDivision)
    return one
  }
  /// Adds one example.
  public func add(_ example: LabelMarks, to statistics: inout MultilabelStatistics)
    throws(DSXError)
  { try statistics.add(example, zeroDivision: zeroDivision) }

  /// The score; nil without examples.
  public func score(from statistics: MultilabelStatistics) -> Double? {
    guard statistics.count > 0 else { return nil }
    let n = Double(statistics.count)
    let tallies = statistics.tallies
    func averaged(_ average: LabelAverage, _ beta: Double = 1) -> PrecisionRecall {
      tallies.averaged(average, beta: beta, zeroDivision: zeroDivision)
    }
    let value: Double
    switch kind {
    case .subsetAccuracy: value = Double(statistics.exact) / n
    case .hammingLoss: value = Double(statistics.wrongMarks) / (n * Double(labelCount))
    case .jaccardOverExamples: value = statistics.jaccard.value / n
    case .precisionOverExamples: value = statistics.precision.value / n
    case .recallOverExamples: value = statistics.recall.value / n
    case .fOverExamples: value = statistics.f.value / n
    case .precision(let average): value = averaged(average).precision
    case .recall(let average): value = averaged(average).recall
    case .f(let average, let beta): value = averaged(average, beta).f
    case .jaccard(let average): value = tallies.jaccard(average, zeroDivision: zeroDivision)
    }
    return value.isNaN ? nil : value
  }

  /// The binomial error of subset accuracy; nil for the others: resample the examples.
  public func standardError(from statistics: MultilabelStatistics) -> StandardError? {
    guard kind == .subsetAccuracy else { return nil }
    return (try? HitCount(count: statistics.count, hits: statistics.exact))?.binomialError
  }
}
