internal import DSXCore
internal import Glibc

/// Numbers as counts: minimum, maximum, mean, deviation and quantiles exactly, up to 65,536 different ones.
///
/// Above, numbers are counted in bins of about 1/256 of the value: the first 20 bits of a double (sign, 11
/// of the exponent, 8 of the fraction). Quantiles are then within 0.4 % of the value; whole numbers
/// up to 512 still have bins of their own. Summaries merge exactly, in any order and grouping.
struct NumberSummary: Sendable {
  private(set) var count = 0
  private(set) var notFinite = 0
  private(set) var zeros = 0
  private(set) var negatives = 0
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  private(set) var isWhole = true
  /// The smallest and largest of the numbers that came as integers: exact also beyond 2^53.
  private(set) var integers: ClosedRange<Int64>?
  /// Whether an integer beyond 2^53 was rounded to a double: quantiles are then not exact.
  private(set) var isRounded = false
  private var mean = 0.0
  private var squares = 0.0
  private var bins: [UInt64: Int] = [:]
  /// Bits of a number that its bin does not know: 0, or 44 above the limit.
  private var shift: UInt64 = 0

  /// Most different numbers that are counted each for itself.
  static let limit = 1 << 16

  /// Whether quantiles are exact.
  var isExact: Bool { shift == 0 && !isRounded }

  /// Adds an integer. Its bin, mean and deviation are those of the nearest double.
  mutating func add(integer value: Int64) {
    integers = min(integers?.lowerBound ?? value, value)...max(integers?.upperBound ?? value, value)
    if value.magnitude > 1 << 53, Int64(exactly: Double(value)) != value { isRounded = true }
    add(Double(value))
  }

  mutating func add(_ value: Double) {
    guard value.isFinite else {
      notFinite += 1
      return
    }
    count += 1
    let difference = value - mean
    mean += difference / Double(count)
    squares += difference * (value - mean)
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    if value == 0 { zeros += 1 }
    if value < 0 { negatives += 1 }
    if isWhole, value != value.rounded() { isWhole = false }
    bins[Self.ordered(value) &>> shift, default: 0] += 1
    if shift == 0, bins.count > Self.limit { coarsen() }
  }

  private mutating func coarsen() {
    guard shift == 0 else { return }
    shift = 44
    var coarse: [UInt64: Int] = [:]
    for (bin, count) in bins { coarse[bin &>> shift, default: 0] += count }
    bins = coarse
  }

  mutating func merge(_ other: NumberSummary) {
    guard other.count + other.notFinite > 0 else { return }
    let (one, two) = (Double(count), Double(other.count))
    if other.count > 0 {
      let difference = other.mean - mean
      let all = one + two
      mean += difference * two / all
      squares += other.squares + difference * difference * one * two / all
    }
    count += other.count
    notFinite += other.notFinite
    zeros += other.zeros
    negatives += other.negatives
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    isWhole = isWhole && other.isWhole
    isRounded = isRounded || other.isRounded
    if let more = other.integers {
      integers =
        min(
          integers?.lowerBound ?? more.lowerBound, more.lowerBound)...max(
          integers?.upperBound ?? more.upperBound, more.upperBound)
    }
    if other.shift > 0 { coarsen() }
    for (bin, count) in other.bins {
      bins[other.shift < shift ? bin &>> shift : bin, default: 0] += count
      if shift == 0, bins.count > Self.limit { coarsen() }
    }
  }

  /// Bits ordered as the numbers are; -0 counts as 0.
  private static func ordered(_ value: Double) -> UInt64 {
    let bits = (value == 0 ? 0 : value).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  /// The smallest magnitude of a bin.
  private func value(_ bin: UInt64) -> Double {
    let ordered = bin &<< shift
    // A negative bin's smallest magnitude is its upper end.
    let bits = ordered >> 63 == 1 ? ordered & ~(1 << 63) : ~(ordered | (1 &<< shift &- 1))
    return Double(bitPattern: bits)
  }

  var average: Double? { count > 0 ? mean : nil }

  /// The sample's standard deviation (n - 1).
  var deviation: Double? { count > 1 ? (squares / Double(count - 1)).squareRoot() : nil }

  /// The sorted bins' values and counts.
  private var sorted: [(value: Double, count: Int)] {
    bins.keys.sorted().map { (value($0), bins[$0] ?? 0) }
  }

  /// Quantiles by rank: the value of the bin that holds rank ceil(q * n), within [minimum, maximum].
  func quantiles(_ shares: [Double]) -> [Double] {
    guard count > 0 else { return [] }
    let bins = sorted
    return shares.map { share in
      let rank = max(1, Int((share * Double(count)).rounded(.up)))
      var seen = 0
      for bin in bins {
        seen += bin.count
        if seen >= rank { return min(max(bin.value, minimum), maximum) }
      }
      return maximum
    }
  }

  /// Counts in at most `limit` equal bins with round edges, for a picture.
  func histogram(bins limit: Int = 30) -> (lower: Double, width: Double, counts: [Int]) {
    guard count > 0 else { return (0, 1, []) }
    let range = maximum - minimum
    guard range > 0, range.isFinite else {
      let width = isWhole ? 1 : max(abs(minimum), 1) / 10
      return (isWhole ? minimum : minimum - width / 2, width, [count])
    }
    var width = pow(10, (log10(range / Double(limit))).rounded(.down))
    if isWhole { width = max(1, width) }
    for factor in [1.0, 2, 5, 10, 20, 50, 100] {
      let wide = width * factor
      let start = (minimum / wide).rounded(.down)
      let end = (maximum / wide).rounded(.down)
      if end - start + 1 <= Double(limit) {
        width = wide
        break
      }
    }
    let start = (minimum / width).rounded(.down)
    let number = max(1, min(Int((maximum / width).rounded(.down) - start) + 1, limit + 1))
    var counts = [Int](repeating: 0, count: number)
    for bin in sorted {
      let value = min(max(bin.value, minimum), maximum)
      let place = Int((value / width).rounded(.down) - start)
      counts[max(0, min(place, number - 1))] += bin.count
    }
    return (start * width, width, counts)
  }
}
