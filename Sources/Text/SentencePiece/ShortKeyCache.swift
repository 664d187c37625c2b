/// A bounded table from short byte strings to ids: words come again and again.
///
/// Keys have 1 to 16 bytes and are held as two overlapping 64-bit words and their length, which
/// determine them. When the table has become full it starts anew, so memory stays the same.
struct ShortKeyCache {
  /// The longest key.
  static let maximumKey = 16
  private static let capacity = 1 << 16

  /// A key, ready for comparison.
  struct Key {
    var low: UInt64
    var high: UInt64
    var length: UInt16
  }

  private struct Entry {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var length: UInt16 = 0
    /// Number of ids; at most two lie in the entry itself, else the first says where they start.
    var count: UInt16 = 0
    /// What the caller wants to know besides.
    var note: Float = 0
    var first: Int32 = 0
    var second: Int32 = 0
  }

  private var entries: [Entry]
  private var arena: [Int32] = []
  private var used = 0

  init() { entries = Array(repeating: Entry(), count: Self.capacity) }

  /// The key of `text`, which has 1 to 16 bytes.
  @inline(__always)
  static func key(_ text: UnsafeRawBufferPointer) -> Key {
    let count = text.count
    if count >= 8 {
      return Key(
        low: text.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        high: text.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self),
        length: UInt16(truncatingIfNeeded: count))
    }
    if count >= 4 {
      let low = UInt64(text.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
      let high = UInt64(text.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
      return Key(low: low | high << 32, high: 0, length: UInt16(truncatingIfNeeded: count))
    }
    let low =
      UInt64(text[0]) | UInt64(text[count >> 1]) << 8 | UInt64(text[count - 1]) << 16
    return Key(low: low, high: 0, length: UInt16(truncatingIfNeeded: count))
  }

  @inline(__always)
  private static func slot(_ key: Key) -> Int {
    var hash = (key.low ^ UInt64(key.length)) &* 0x9e37_79b9_7f4a_7c15
    hash = (hash ^ (hash >> 32) ^ key.high) &* 0xc2b2_ae3d_27d4_eb4f
    return Int(truncatingIfNeeded: hash >> 40) & (capacity - 1)
  }

  /// Hands the ids of a key to `body`; false when it is not known.
  @inline(__always)
  func find(_ key: Key, _ body: (UnsafeBufferPointer<Int32>) -> Void) -> Bool {
    find(key) { ids, _ in body(ids) }
  }

  /// Hands the ids of a key and the note to `body`; false when it is not known.
  @inline(__always)
  func find(_ key: Key, _ body: (UnsafeBufferPointer<Int32>, Float) -> Void) -> Bool {
    entries.withUnsafeBufferPointer { entries in
      var slot = Self.slot(key)
      while entries[slot].length != 0 {
        let entry = entries[slot]
        if entry.low == key.low, entry.high == key.high, entry.length == key.length {
          if entry.count <= 2 {
            withUnsafeBytes(of: (entry.first, entry.second)) { pair in
              let ids = pair.assumingMemoryBound(to: Int32.self)
              body(UnsafeBufferPointer(rebasing: ids[..<Int(entry.count)]), entry.note)
            }
          } else {
            let start = Int(entry.first)
            arena.withUnsafeBufferPointer { arena in
              body(
                UnsafeBufferPointer(rebasing: arena[start..<start + Int(entry.count)]), entry.note)
            }
          }
          return true
        }
        slot = (slot + 1) & (Self.capacity - 1)
      }
      return false
    }
  }

  /// Remembers the ids of a key that is not in the table.
  ///
  /// Lists of more than 65,535 ids are not remembered.
  mutating func insert(_ key: Key, _ ids: ArraySlice<Int32>, note: Float = 0) {
    guard let count = UInt16(exactly: ids.count) else { return }
    if used * 2 > Self.capacity {
      entries = Array(repeating: Entry(), count: Self.capacity)
      arena.removeAll(keepingCapacity: true)
      used = 0
    }
    var entry = Entry(
      low: key.low, high: key.high, length: key.length, count: count, note: note)
    if ids.count <= 2 {
      if let first = ids.first { entry.first = first }
      if ids.count == 2, let second = ids.last { entry.second = second }
    } else {
      entry.first = Int32(arena.count)
      arena.append(contentsOf: ids)
    }
    var slot = Self.slot(key)
    while entries[slot].length != 0 { slot = (slot + 1) & (Self.capacity - 1) }
    entries[slot] = entry
    used += 1
  }
}
