public import DSXCore
internal import Kernels

/// The scores of positive and of negative examples: the exact state of AUROC and average precision.
///
/// Two lists of order-preserving keys, 8 bytes an example, sorted when a score is asked for; so states of
/// any split and order give the same bytes. For bounded memory see `BinnedScores`.
public struct RankedScores: MetricStatistics {
  private(set) var positives: [UInt64] = []
  private(set) var negatives: [UInt64] = []
  private var isSorted = true

  /// No example.
  public init() {}

  /// Number of examples.
  public var count: Int { positives.count + negatives.count }
  /// Number of positive examples.
  public var positiveCount: Int { positives.count }

  /// Adds one example; a score that is not a number is an error.
  public mutating func add(_ score: Double, isPositive: Bool) throws(DSXError) {
    guard !score.isNaN else { throw DSXError(.malformed, "a score is not a number") }
    if isPositive {
      positives.append(FloatKey.key(score))
    } else {
      negatives.append(FloatKey.key(score))
    }
    isSorted = false
  }

  /// Adds examples from contiguous memory; what is not 0 in `labels` is positive. A score that is not a
  /// number is an error that names its row, and nothing is added then.
  public mutating func add(
    scores: UnsafeBufferPointer<Double>, labels: UnsafeBufferPointer<UInt8>
  ) throws(DSXError) {
    try append(scores.count, labels) {
      dsx_split_keys_f64(scores.baseAddress, labels.baseAddress, scores.count, $0, $1, &$2)
    }
  }

  /// The same for single precision.
  public mutating func add(
    scores: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<UInt8>
  ) throws(DSXError) {
    try append(scores.count, labels) {
      dsx_split_keys_f32(scores.baseAddress, labels.baseAddress, scores.count, $0, $1, &$2)
    }
  }

  private mutating func append(
    _ count: Int, _ labels: UnsafeBufferPointer<UInt8>,
    _ split: (UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<UInt64>?, inout Int) -> Int
  ) throws(DSXError) {
    guard count == labels.count else {
      throw DSXError(.malformed, "\(count) scores, but \(labels.count) labels")
    }
    guard count > 0 else { return }
    let hits = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
    let misses = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
    defer {
      hits.deallocate()
      misses.deallocate()
    }
    var bad = 0
    let found = split(hits.baseAddress, misses.baseAddress, &bad)
    guard found >= 0, found <= count else {
      throw DSXError(.malformed, "a score is not a number", row: bad)
    }
    positives.append(contentsOf: hits[..<found])
    negatives.append(contentsOf: misses[..<(count - found)])
    isSorted = false
  }

  /// Adds keys of one kind.
  mutating func append(_ keys: [UInt64], isPositive: Bool) {
    if isPositive { positives += keys } else { negatives += keys }
    isSorted = false
  }

  /// Adds the scores of other examples.
  public mutating func add(_ other: RankedScores) throws(DSXError) { append(other) }

  /// The same: nothing can go wrong.
  mutating func append(_ other: RankedScores) {
    positives += other.positives
    negatives += other.negatives
    isSorted = false
  }

  /// Sorts the lists now, so that later scores need not.
  public mutating func sort() {
    guard !isSorted else { return }
    FloatKey.sort(&positives)
    FloatKey.sort(&negatives)
    isSorted = true
  }

  /// The same scores, sorted.
  var sorted: RankedScores {
    var copy = self
    copy.sort()
    return copy
  }

  /// Whether both hold the same scores.
  public static func == (left: RankedScores, right: RankedScores) -> Bool {
    let (left, right) = (left.sorted, right.sorted)
    return left.positives == right.positives && left.negatives == right.negatives
  }

  private enum CodingKeys: String, CodingKey { case positives, negatives }

  /// Writes both lists of keys, sorted.
  public func encode(to encoder: any Encoder) throws {
    let sorted = sorted
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(sorted.positives.map(FloatKey.signed), forKey: .positives)
    try container.encode(sorted.negatives.map(FloatKey.signed), forKey: .negatives)
  }

  /// Reads what was written; keys of what is not a number are errors.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    positives = try container.decode([Int64].self, forKey: .positives).map(FloatKey.unsigned)
    negatives = try container.decode([Int64].self, forKey: .negatives).map(FloatKey.unsigned)
    guard (positives + negatives).allSatisfy({ !FloatKey.value($0).isNaN }) else {
      throw DSXError(.malformed, "a stored score is not a number")
    }
    isSorted = false
  }
}
