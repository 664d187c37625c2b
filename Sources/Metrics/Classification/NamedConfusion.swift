public import DSXCore

/// Counts, or sums of weights, of (gold, predicted) pairs of named labels: the confusion matrix of data
/// whose labels were not declared before.
public struct NamedConfusion: MetricStatistics {
  /// Number of examples.
  public private(set) var count = 0
  private var names: [String] = []
  private var places: [ExactText: Int] = [:]
  /// Examples without a weight of their own, by gold << 32 | predicted.
  private var counts: [UInt64: Int] = [:]
  private var weights: [UInt64: ExactSum] = [:]

  /// No example.
  public init() {}

  /// Adds one example; its weight is 1 unless given. Weights that are negative or not finite, and labels
  /// beyond the 4,096th, are errors.
  public mutating func add(gold: String, predicted: String, weight: Double? = nil)
    throws(DSXError)
  {
    let cell = UInt64(try place(of: gold)) << 32 | UInt64(try place(of: predicted))
    if let weight {
      guard weight.isFinite, weight >= 0 else {
        throw DSXError(
          .malformed, "the example weight \(weight) is not a finite number of at least 0")
      }
      weights[cell, default: ExactSum()].add(weight)
    } else {
      counts[cell, default: 0] += 1
    }
    count += 1
  }

  private mutating func place(of name: String) throws(DSXError) -> Int {
    let key = ExactText(name)
    if let place = places[key] { return place }
    guard names.count < LabelSet.maximumCount else {
      throw DSXError(
        .unsupported, "there are over \(LabelSet.maximumCount) different labels",
        hint: "is this a column of texts rather than of labels?")
    }
    places[key] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Adds other examples.
  public mutating func add(_ other: NamedConfusion) throws(DSXError) {
    var own: [UInt64] = []
    for name in other.names { own.append(UInt64(try place(of: name))) }
    func cell(_ cell: UInt64) -> UInt64 {
      own[Int(cell >> 32)] << 32 | own[Int(cell & 0xffff_ffff)]
    }
    count = try ExampleCount.sum(count, other.count)
    for (place, value) in other.counts { counts[cell(place), default: 0] += value }
    for (place, value) in other.weights {
      weights[cell(place), default: ExactSum()].add(value)
    }
  }

  /// The labels that occur: whole numbers by size when all are, else by code points.
  public var labels: [String] {
    let numbers = names.compactMap { Int($0) }
    guard numbers.count == names.count, Set(numbers).count == names.count else {
      return names.sorted(by: EntityStatistics.precedes)
    }
    return zip(numbers, names).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The pairs as a table over `labels`, which must hold every label that occurs.
  public func table(over labels: [String]) -> PairCounts {
    var cells = [Double](repeating: 0, count: labels.count * labels.count)
    for (cell, value) in sums(over: labels) { cells[cell] += value }
    return PairCounts(labelCount: labels.count, cells: cells)
  }

  /// The pairs as whole counts over `labels`; nil when examples have weights.
  func matrix(over labels: [String]) -> ConfusionMatrix? {
    guard weights.isEmpty else { return nil }
    var cells = [Int](repeating: 0, count: labels.count * labels.count)
    for (cell, value) in sums(over: labels) { cells[cell] = Int(value) }
    return try? ConfusionMatrix(labelCount: labels.count, cells: cells)
  }

  private func sums(over labels: [String]) -> [(Int, Double)] {
    var order: [ExactText: Int] = [:]
    for (place, label) in labels.enumerated() { order[ExactText(label)] = place }
    let places = names.map { order[ExactText($0)] ?? -1 }
    var sums: [(Int, Double)] = []
    for cell in Set(counts.keys).union(weights.keys) {
      let (gold, predicted) = (places[Int(cell >> 32)], places[Int(cell & 0xffff_ffff)])
      guard gold >= 0, predicted >= 0 else { continue }
      sums.append(
        (gold * labels.count + predicted, Double(counts[cell] ?? 0) + (weights[cell]?.value ?? 0)))
    }
    return sums
  }

  /// Whether all counts and weights are the same.
  public static func == (left: NamedConfusion, right: NamedConfusion) -> Bool {
    let (left, right) = (left.stored, right.stored)
    return left == right && left.labels.hasBytes(of: right.labels)
  }

  /// What is written: labels sorted, cells sorted.
  private struct Stored: Codable, Equatable {
    var count: Int
    var labels: [String]
    var gold: [Int]
    var predicted: [Int]
    var counts: [Int]
    var weightedGold: [Int]
    var weightedPredicted: [Int]
    var weights: [ExactSum]
  }
  private var stored: Stored {
    let labels = labels
    var order: [ExactText: Int] = [:]
    for (place, label) in labels.enumerated() { order[ExactText(label)] = place }
    func sorted(_ cells: some Sequence<UInt64>) -> [(gold: Int, predicted: Int, cell: UInt64)] {
      cells.map {
        (
          order[ExactText(names[Int($0 >> 32)])] ?? 0,
          order[ExactText(names[Int($0 & 0xffff_ffff)])] ?? 0, $0
        )
      }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }
    let plain = sorted(counts.keys)
    let weighted = sorted(weights.keys)
    return Stored(
      count: count, labels: labels, gold: plain.map(\.gold), predicted: plain.map(\.predicted),
      counts: plain.map { counts[$0.cell] ?? 0 }, weightedGold: weighted.map(\.gold),
      weightedPredicted: weighted.map(\.predicted),
      weights: weighted.map { weights[$0.cell] ?? ExactSum() })
  }

  /// Writes labels and cells in their order.
  public func encode(to encoder: any Encoder) throws { try stored.encode(to: encoder) }

  /// Reads what was written; cells outside of the labels and counts that cannot be are errors.
  public init(from decoder: any Decoder) throws {
    let stored = try Stored(from: decoder)
    count = try ExampleCount.checked(stored.count)
    for label in stored.labels { _ = try place(of: label) }
    let range = 0..<names.count
    guard names.count == stored.labels.count, stored.gold.count == stored.counts.count,
      stored.predicted.count == stored.counts.count,
      stored.weightedGold.count == stored.weights.count,
      stored.weightedPredicted.count == stored.weights.count,
      (stored.gold + stored.predicted + stored.weightedGold + stored.weightedPredicted)
        .allSatisfy({ range.contains($0) })
    else { throw DSXError(.malformed, "a stored confusion matrix is not whole") }
    var sum = 0
    for index in stored.counts.indices {
      sum = try ExampleCount.sum(sum, ExampleCount.checked(stored.counts[index]))
      counts[UInt64(stored.gold[index]) << 32 | UInt64(stored.predicted[index]), default: 0] +=
        stored.counts[index]
    }
    guard sum <= count else { throw DSXError(.malformed, "stored counts are over their sum") }
    for index in stored.weights.indices {
      weights[
        UInt64(stored.weightedGold[index]) << 32 | UInt64(stored.weightedPredicted[index]),
        default: ExactSum()
      ].add(stored.weights[index])
    }
  }
}
