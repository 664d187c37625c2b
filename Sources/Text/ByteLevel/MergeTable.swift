internal import DSXCore

/// The merges of a BPE model: (left id, right id) to (rank, merged id), an open-addressing hash table.
///
/// Immutable after `init`. One probe is one multiplication and, nearly always, one cache line.
final class MergeTable: @unchecked Sendable {
  /// No merge for this pair.
  static let none = UInt64.max

  private let keys: UnsafeMutablePointer<UInt64>
  private let values: UnsafeMutablePointer<UInt64>
  private let mask: Int

  /// A table of merges in rank order. Of two equal pairs the last wins, as in tokenizers 0.23.3.
  init(_ merges: [(left: Int32, right: Int32, merged: Int32)]) {
    var capacity = 16
    while capacity < merges.count * 2 { capacity *= 2 }
    keys = .allocate(capacity: capacity)
    values = .allocate(capacity: capacity)
    keys.initialize(repeating: Self.none, count: capacity)
    values.initialize(repeating: Self.none, count: capacity)
    mask = capacity - 1
    for (rank, merge) in merges.enumerated() {
      let key = Self.key(merge.left, merge.right)
      var slot = Self.hash(key) & mask
      while keys[slot] != Self.none, keys[slot] != key { slot = (slot + 1) & mask }
      keys[slot] = key
      values[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: merge.merged))
    }
  }

  /// A table whose ranks are given; of two equal pairs the lower rank wins.
  init(ranked merges: [(left: Int32, right: Int32, merged: Int32, rank: Int32)]) {
    var capacity = 16
    while capacity < merges.count * 2 { capacity *= 2 }
    keys = .allocate(capacity: capacity)
    values = .allocate(capacity: capacity)
    keys.initialize(repeating: Self.none, count: capacity)
    values.initialize(repeating: Self.none, count: capacity)
    mask = capacity - 1
    for merge in merges {
      let key = Self.key(merge.left, merge.right)
      var slot = Self.hash(key) & mask
      while keys[slot] != Self.none, keys[slot] != key { slot = (slot + 1) & mask }
      keys[slot] = key
      let value =
        UInt64(UInt32(bitPattern: merge.rank)) << 32 | UInt64(UInt32(bitPattern: merge.merged))
      values[slot] = min(values[slot], value)
    }
  }

  /// The ids of merges that are written as spellings, in their order.
  ///
  /// `prefix` is what pieces inside a word begin with; it is left out of what a merge makes.
  /// Throws `malformed` for a merge that uses or makes a piece that is not in the vocabulary.
  static func resolve(
    _ merges: [(left: String, right: String)], _ vocabulary: PieceVocabulary, prefix: [UInt8] = []
  ) throws(DSXError) -> [(left: Int32, right: Int32, merged: Int32)] {
    var table: [(left: Int32, right: Int32, merged: Int32)] = []
    table.reserveCapacity(merges.count)
    var joined: [UInt8] = []
    for (rank, merge) in merges.enumerated() {
      joined.removeAll(keepingCapacity: true)
      joined.append(contentsOf: merge.left.utf8)
      joined.append(contentsOf: merge.right.utf8.dropFirst(prefix.count))
      guard let left = vocabulary.id(of: merge.left), let right = vocabulary.id(of: merge.right),
        let merged = vocabulary.id(of: joined)
      else {
        throw DSXError(
          .malformed,
          "merge \(rank) ('\(merge.left)' '\(merge.right)') uses or makes a piece that is not in "
            + "the vocabulary")
      }
      table.append((left, right, merged))
    }
    return table
  }

  deinit {
    keys.deallocate()
    values.deallocate()
  }

  /// `rank << 32 | merged id`, or `none`. Comparing these compares ranks.
  @inline(__always)
  func find(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    var slot = Self.hash(key) & mask
    while keys[slot] != key {
      if keys[slot] == Self.none { return Self.none }
      slot = (slot + 1) & mask
    }
    return values[slot]
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32)
  }
}
