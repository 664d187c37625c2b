internal import DSXCore

/// The pieces of a model by id, and the id of each spelling; immutable.
///
/// One arena of bytes and one open-addressing table: a vocabulary of 250,000 pieces takes two
/// allocations, not one a piece.
struct PieceVocabulary: Sendable {
  /// Ids above this are refused, so that a damaged file cannot ask for endless tables.
  static let maximumID = 1 << 24

  private var bytes: [UInt8] = []
  /// By id: where the spelling lies; an empty place at 0 with `holds` false is a hole.
  private var starts: [UInt32] = []
  private var counts: [Int32] = []
  /// Ids plus one; 0 is free.
  private var slots: [Int32] = []
  /// Number of different spellings.
  private(set) var count = 0
  /// The longest spelling in bytes.
  private(set) var longest = 0

  /// Checks and builds.
  ///
  /// `lastWins` lets a spelling come twice: the later id is the one it is found under.
  /// Throws `malformed` for two spellings with one id, a spelling that comes twice, an id out of range.
  init(_ entries: [(spelling: String, id: Int)], lastWins: Bool = false) throws(DSXError) {
    var capacity = 16
    while capacity < entries.count * 2 { capacity *= 2 }
    slots = [Int32](repeating: 0, count: capacity)
    starts.reserveCapacity(entries.count)
    counts.reserveCapacity(entries.count)
    for entry in entries {
      guard entry.id >= 0, entry.id < Self.maximumID else {
        throw DSXError(
          .malformed, "the piece '\(entry.spelling)' has the id \(entry.id), outside 0..<2^24")
      }
      while entry.id >= starts.count {
        starts.append(0)
        counts.append(-1)
      }
      if counts[entry.id] >= 0 {
        throw DSXError(
          .malformed,
          "the pieces '\(self[Int32(entry.id)] ?? "")' and '\(entry.spelling)' have the same id "
            + "\(entry.id)")
      }
      let start = bytes.count
      bytes.append(contentsOf: entry.spelling.utf8)
      guard bytes.count <= Int(UInt32.max) else {
        throw DSXError(.malformed, "the vocabulary has more than 4 GB of text")
      }
      starts[entry.id] = UInt32(start)
      counts[entry.id] = Int32(bytes.count - start)
      longest = max(longest, bytes.count - start)
      var slot =
        bytes.withUnsafeBytes {
          Self.hash(UnsafeRawBufferPointer(rebasing: $0[start...]))
        } & (slots.count - 1)
      while slots[slot] != 0, !isEqual(slots[slot] - 1, start, bytes.count - start) {
        slot = (slot + 1) & (slots.count - 1)
      }
      if slots[slot] != 0 {
        guard lastWins else {
          throw DSXError(.malformed, "the piece '\(entry.spelling)' comes twice in the vocabulary")
        }
      } else {
        count += 1
      }
      slots[slot] = Int32(entry.id) + 1
    }
  }

  /// One more than the largest id.
  var size: Int { starts.count }

  private func isEqual(_ id: Int32, _ start: Int, _ length: Int) -> Bool {
    guard Int(counts[Int(id)]) == length else { return false }
    let other = Int(starts[Int(id)])
    return (0..<length).allSatisfy { bytes[other + $0] == bytes[start + $0] }
  }

  @inline(__always)
  static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    Int(truncatingIfNeeded: PieceCache.hash(text) >> 24)
  }

  /// The id of a spelling; -1 when there is none.
  func id(_ text: UnsafeRawBufferPointer) -> Int32 {
    var slot = Self.hash(text) & (slots.count - 1)
    while slots[slot] != 0 {
      let id = slots[slot] - 1
      if Int(counts[Int(id)]) == text.count {
        let start = Int(starts[Int(id)])
        var index = 0
        while index < text.count, bytes[start + index] == text[index] { index += 1 }
        if index == text.count { return id }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return -1
  }

  /// The id of a spelling; nil when there is none.
  func id(of spelling: String) -> Int32? {
    var spelling = spelling
    let found = spelling.withUTF8 { self.id(UnsafeRawBufferPointer($0)) }
    return found < 0 ? nil : found
  }

  /// The id of a spelling; nil when there is none.
  func id(of spelling: [UInt8]) -> Int32? {
    let found = spelling.withUnsafeBytes { self.id($0) }
    return found < 0 ? nil : found
  }

  /// The spelling of an id; nil outside the vocabulary and in its holes.
  subscript(_ id: Int32) -> String? {
    utf8(id).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The spelling of an id as bytes.
  func utf8(_ id: Int32) -> ArraySlice<UInt8>? {
    guard id >= 0, Int(id) < starts.count, counts[Int(id)] >= 0 else { return nil }
    let start = Int(starts[Int(id)])
    return bytes[start..<start + Int(counts[Int(id)])]
  }
}
