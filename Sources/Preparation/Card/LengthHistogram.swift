/// Counts of whole numbers in bins that grow with the number: 0, 1, 2, 3, then four to a doubling.
struct LengthHistogram: Hashable, Sendable {
  /// Bins a doubling.
  static let binsPerDoubling = 4
  /// Counts by bin; ends with the last bin that holds anything.
  private(set) var counts: [Int] = []

  init() {}

  /// From counts as `counts` gives them.
  init(counts: [Int]) { self.counts = counts }

  /// The bin of a number: for n >= 4 its highest three bits decide.
  static func bin(_ value: Int) -> Int {
    guard value >= 4 else { return max(0, value) }
    let power = Int.bitWidth - 1 - value.leadingZeroBitCount
    return 4 + (power - 2) * 4 + (value >> (power - 2) & 3)
  }

  /// The smallest number of a bin; above 61 doublings the largest integer.
  static func lower(_ bin: Int) -> Int {
    guard bin >= 4 else { return max(0, bin) }
    let (power, step) = ((bin - 4) / 4, (bin - 4) % 4)
    return power < 60 ? (4 + step) << power : .max
  }

  /// The number of bins that any `Int` falls into.
  static let limit = bin(.max) + 1

  mutating func add(_ value: Int, count: Int = 1) {
    let bin = Self.bin(value)
    if bin >= counts.count {
      counts.append(contentsOf: repeatElement(0, count: bin - counts.count + 1))
    }
    counts[bin] += count
  }

  mutating func merge(_ other: LengthHistogram) {
    if other.counts.count > counts.count {
      counts.append(contentsOf: repeatElement(0, count: other.counts.count - counts.count))
    }
    for (bin, count) in other.counts.enumerated() { counts[bin] += count }
  }
}
