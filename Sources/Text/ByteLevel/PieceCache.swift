/// The ids of pieces that were encoded before: bytes to ids, bounded, for one thread.
///
/// Open addressing over one arena of bytes and one of ids; emptied when it is full, which costs less
/// than keeping an order of use.
struct PieceCache {
  /// Pieces longer than this are not kept.
  static let longestPiece = 64
  private static let capacity = 1 << 15
  private static let maximumCount = capacity / 2

  private struct Entry {
    var hash: UInt64 = 0
    var text: UInt32 = 0
    var ids: UInt32 = 0
    var textCount: UInt16 = 0
    var idCount: UInt16 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: capacity)
  private var bytes: [UInt8] = []
  private var ids: [Int32] = []
  private var count = 0

  /// A hash of a piece, never 0.
  @inline(__always)
  static func hash(_ piece: UnsafeRawBufferPointer) -> UInt64 {
    var state: UInt64 = 0x2545_f491_4f6c_dd1d ^ UInt64(piece.count)
    var index = 0
    while index + 8 <= piece.count {
      state = fold(state ^ piece.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      index += 8
    }
    var tail: UInt64 = 0
    while index < piece.count {
      tail = tail << 8 | UInt64(piece[index])
      index += 1
    }
    return fold(state ^ tail) | 1
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low
  }

  @inline(__always)
  private func matches(_ entry: Entry, _ piece: UnsafeRawBufferPointer) -> Bool {
    guard Int(entry.textCount) == piece.count else { return false }
    let start = Int(entry.text)
    for index in 0..<piece.count where bytes[start + index] != piece[index] { return false }
    return true
  }

  /// Appends the ids of a piece to `target`; false when it is not known.
  @inline(__always)
  func find(_ piece: UnsafeRawBufferPointer, _ hash: UInt64, into target: inout [Int32]) -> Bool {
    var slot = Int(truncatingIfNeeded: hash >> 32) & (Self.capacity - 1)
    while entries[slot].hash != 0 {
      let entry = entries[slot]
      if entry.hash == hash, matches(entry, piece) {
        let start = Int(entry.ids)
        for index in start..<start + Int(entry.idCount) { target.append(ids[index]) }
        return true
      }
      slot = (slot + 1) & (Self.capacity - 1)
    }
    return false
  }

  /// Keeps the ids of a piece that `find` did not know.
  mutating func insert(_ piece: UnsafeRawBufferPointer, _ hash: UInt64, _ found: [Int32]) {
    guard piece.count <= Self.longestPiece, found.count <= Self.longestPiece else { return }
    if count >= Self.maximumCount {
      entries = [Entry](repeating: Entry(), count: Self.capacity)
      bytes.removeAll(keepingCapacity: true)
      ids.removeAll(keepingCapacity: true)
      count = 0
    }
    var slot = Int(truncatingIfNeeded: hash >> 32) & (Self.capacity - 1)
    while entries[slot].hash != 0 { slot = (slot + 1) & (Self.capacity - 1) }
    entries[slot] = Entry(
      hash: hash, text: UInt32(bytes.count), ids: UInt32(ids.count),
      textCount: UInt16(piece.count), idCount: UInt16(found.count))
    bytes.append(contentsOf: piece)
    ids.append(contentsOf: found)
    count += 1
  }
}
