public import DSXCore

/// All absolute errors, as sorted keys: the state of their median and largest.
public struct ErrorList: MetricStatistics {
  private var keys: [UInt64] = []

  /// No error.
  public init() {}
  /// Number of examples.
  public var count: Int { keys.count }
  /// Adds one error.
  public mutating func add(_ error: Double) { keys.append(FloatKey.key(error)) }
  /// Adds the errors of other examples.
  public mutating func add(_ other: ErrorList) throws(DSXError) { keys += other.keys }

  /// The errors, smallest first.
  public var sorted: [Double] { sortedKeys.map(FloatKey.value) }
  private var sortedKeys: [UInt64] {
    var keys = keys
    FloatKey.sort(&keys)
    return keys
  }

  /// Whether both hold the same errors.
  public static func == (left: ErrorList, right: ErrorList) -> Bool {
    left.sortedKeys == right.sortedKeys
  }
  private enum CodingKeys: String, CodingKey { case errors }
  /// Writes the sorted errors.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sorted, forKey: .errors)
  }
  /// Reads what was written; one that is negative or not finite is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let errors = try container.decode([Double].self, forKey: .errors)
    guard errors.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw DSXError(.malformed, "a stored error is negative or not finite")
    }
    keys = errors.map(FloatKey.key)
  }
}

/// The median or the largest absolute error, as scikit-learn.
public struct AbsoluteErrorRank: Metric {
  /// Which one.
  public enum Kind: String, Sendable, CaseIterable {
    /// The median; of two in the middle their mean.
    case median = "median-absolute-error"
    /// The largest.
    case largest = "max-error"
  }
  /// Which one.
  public let kind: Kind
  /// The metric.
  public init(_ kind: Kind) { self.kind = kind }
  /// `median-absolute-error`, `max-error`.
  public var name: String { kind.rawValue }
  /// Nothing to set.
  public var signature: String { "version:1" }
  /// false
  public var higherIsBetter: Bool { false }
  /// No example.
  public var zero: ErrorList { ErrorList() }
  /// One error.
  public func statistics(of example: NumberPair) throws(DSXError) -> ErrorList {
    var one = ErrorList()
    try add(example, to: &one)
    return one
  }
  /// Adds one error.
  public func add(_ example: NumberPair, to statistics: inout ErrorList) throws(DSXError) {
    try example.check()
    let error = abs(example.gold - example.predicted)
    guard error.isFinite else { throw DSXError(.malformed, "the error is too large for a double") }
    statistics.add(error)
  }
  /// The error of that rank; nil without examples.
  public func score(from statistics: ErrorList) -> Double? {
    let errors = statistics.sorted
    guard let largest = errors.last else { return nil }
    switch kind {
    case .largest: return largest
    case .median:
      let middle = errors.count / 2
      return errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
    }
  }
}
