/// The units of a document in order: lower-case words, and single characters of Han and Kana.
struct UnitList: Sendable {
  private(set) var hashes: [UInt64] = []
  /// Code points of a unit; `wordBit` is set for words.
  private(set) var lengths: [UInt32] = []

  static let wordBit: UInt32 = 1 << 31

  var count: Int { hashes.count }

  mutating func removeAll() {
    hashes.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  mutating func append(_ hash: UInt64, _ length: UInt32) {
    hashes.append(hash)
    lengths.append(length)
  }

  /// Code points of all units.
  var characters: Int { lengths.reduce(0) { $0 + Int($1 & ~Self.wordBit) } }
}
