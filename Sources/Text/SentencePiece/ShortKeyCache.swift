/// A bounded table from short byte strings to ids: words come again and again.
///
/// Keys have 1 to 16 bytes and are held as two overlapping 64-bit words and their length, which
/// determine them. When the table has become full it starts anew, so memory stays the same. A copy of
/// the table starts anew when something is added to it.
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

  /// What is known of a key: valid until the next `insert`.
  struct Hit {
    let ids: UnsafePointer<Int32>
    let count: Int
    /// What the caller wanted to know besides.
    let note: Float
  }

  private struct Entry {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var length: UInt16 = 0
    /// Number of ids; at most two lie in the entry itself, else the first says where they start.
    var count: UInt16 = 0
    var note: Float = 0
    var ids: (Int32, Int32) = (0, 0)
  }

  private final class Storage {
    let entries: UnsafeMutablePointer<Entry>
    var arena: UnsafeMutablePointer<Int32>
    var arenaCount = 0
    var arenaCapacity = 1 << 12
    var used = 0

    init() {
      entries = .allocate(capacity: ShortKeyCache.capacity)
      entries.initialize(repeating: Entry(), count: ShortKeyCache.capacity)
      arena = .allocate(capacity: arenaCapacity)
    }

    deinit {
      entries.deallocate()
      arena.deallocate()
    }

    /// Puts ids behind those in the arena; returns their place.
    func keep(_ ids: ArraySlice<Int32>) -> Int {
      let start = arenaCount
      if start + ids.count > arenaCapacity {
        let capacity = max(arenaCapacity * 2, start + ids.count)
        let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        larger.update(from: arena, count: start)
        arena.deallocate()
        arena = larger
        arenaCapacity = capacity
      }
      for id in ids {
        arena[arenaCount] = id
        arenaCount += 1
      }
      return start
    }

    func clear() {
      entries.update(repeating: Entry(), count: ShortKeyCache.capacity)
      arenaCount = 0
      used = 0
    }
  }

  private var storage = Storage()

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

  /// What is known of a key; nil when nothing is.
  @inline(__always)
  func find(_ key: Key) -> Hit? {
    let entries = storage.entries
    var slot = Self.slot(key)
    while true {
      let entry = entries + slot
      let length = entry.pointee.length
      if length == 0 { return nil }
      if entry.pointee.low == key.low, entry.pointee.high == key.high, length == key.length {
        let count = Int(entry.pointee.count)
        let ids: UnsafePointer<Int32>
        if count <= 2 {
          ids = UnsafeRawPointer(entry).advanced(by: Self.idsOffset)
            .assumingMemoryBound(to: Int32.self)
        } else {
          ids = UnsafePointer(storage.arena + Int(entry.pointee.ids.0))
        }
        return Hit(ids: ids, count: count, note: entry.pointee.note)
      }
      slot = (slot + 1) & (Self.capacity - 1)
    }
  }

  private static let idsOffset = MemoryLayout<Entry>.offset(of: \Entry.ids) ?? 24

  /// Hands the ids of a key to `body`; false when it is not known.
  @inline(__always)
  func find(_ key: Key, _ body: (UnsafeBufferPointer<Int32>) -> Void) -> Bool {
    guard let hit = find(key) else { return false }
    body(UnsafeBufferPointer(start: hit.ids, count: hit.count))
    return true
  }

  /// Remembers the ids of a key that is not in the table.
  ///
  /// Lists of more than 65,535 ids are not remembered.
  mutating func insert(_ key: Key, _ ids: ArraySlice<Int32>, note: Float = 0) {
    guard let count = UInt16(exactly: ids.count) else { return }
    if !isKnownUniquelyReferenced(&storage) { storage = Storage() }
    if storage.used * 2 > Self.capacity { storage.clear() }
    var entry = Entry(low: key.low, high: key.high, length: key.length, count: count, note: note)
    if ids.count <= 2 {
      if let first = ids.first { entry.ids.0 = first }
      if ids.count == 2, let second = ids.last { entry.ids.1 = second }
    } else {
      entry.ids.0 = Int32(truncatingIfNeeded: storage.keep(ids))
    }
    var slot = Self.slot(key)
    while storage.entries[slot].length != 0 { slot = (slot + 1) & (Self.capacity - 1) }
    storage.entries[slot] = entry
    storage.used += 1
  }
}
