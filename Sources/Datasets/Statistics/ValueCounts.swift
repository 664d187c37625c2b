/// How often each of few values occurs; given up when there are too many, or they are long.
struct ValueCounts: Sendable {
  /// Most different values.
  static let limit = 1000
  /// Longest value, in bytes.
  static let longest = 200

  private(set) var counts: [String: Int]? = [:]

  mutating func add(_ value: String, _ count: Int = 1) {
    guard counts != nil else { return }
    guard value.utf8.count <= Self.longest else {
      counts = nil
      return
    }
    counts?[value, default: 0] += count
    if let found = counts?.count, found > Self.limit { counts = nil }
  }

  /// There are too many values, or too long ones.
  mutating func giveUp() { counts = nil }

  mutating func merge(_ other: ValueCounts) {
    guard let more = other.counts else {
      counts = nil
      return
    }
    for (value, count) in more { add(value, count) }
  }

  /// Most frequent first, equal ones by bytes; nil when there are too many.
  var sorted: [(value: String, count: Int)]? {
    counts?.sorted { one, two in
      one.value != two.value
        ? one.value > two.value : one.key.utf8.lexicographicallyPrecedes(two.key.utf8)
    }.map { ($0.key, $0.value) }
  }
}
