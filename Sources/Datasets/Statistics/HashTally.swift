internal import DSXCore

/// How often each of many values occurs, by their 64-bit hashes, in bounded memory.
///
/// Exact while there are at most `limit` different values. Above, only hashes whose lowest `level` bits
/// are 0 are kept (adaptive sampling: Wegman; Flajolet, "On adaptive sampling", 1990): a sample of one
/// in 2^level of the different values, all of whose occurrences are counted. Numbers then are the
/// sample's times 2^level, with a standard error of 1.20 / sqrt(limit). Tallies merge exactly, in any
/// order and grouping, and depend on nothing but the values.
///
/// Two of n different values have one hash with a probability of n² / 2^65: 3 in 10^8 for a million.
struct HashTally: Sendable {
  /// Most different values that are kept: 2^18, so the standard error above is 0.24 %.
  static let defaultLimit = 1 << 18

  let limit: Int
  private(set) var level = 0
  /// All values that were added.
  private(set) var total = 0
  private(set) var entries = 0
  private var keys: [UInt64]
  private var counts: [UInt32]
  private var zeroCount: UInt32 = 0

  init(limit: Int = HashTally.defaultLimit) {
    self.limit = max(16, limit)
    keys = Array(repeating: 0, count: 64)
    counts = Array(repeating: 0, count: 64)
  }

  /// Whether every value is kept.
  var isExact: Bool { level == 0 }

  private func isKept(_ hash: UInt64) -> Bool { hash & (1 &<< UInt64(level) &- 1) == 0 }

  mutating func add(_ hash: UInt64, _ count: Int = 1) {
    total += count
    guard isKept(hash) else { return }
    insert(hash, UInt32(clamping: count))
    if entries > limit { thin() }
  }

  private mutating func insert(_ hash: UInt64, _ count: UInt32) {
    // 0 marks an empty place: the value of that hash has a place of its own.
    guard hash != 0 else {
      if zeroCount == 0 { entries += 1 }
      zeroCount = zeroCount &+ count
      return
    }
    if entries * 2 >= keys.count { grow() }
    let mask = keys.count - 1
    var place = Int(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    while keys[place] != 0, keys[place] != hash { place = (place + 1) & mask }
    if keys[place] == 0 {
      keys[place] = hash
      entries += 1
    }
    counts[place] = counts[place] &+ count
  }

  private mutating func grow() { rebuild(capacity: keys.count * 2) }

  private mutating func thin() {
    while entries > limit {
      level += 1
      rebuild(capacity: keys.count)
    }
  }

  /// Keeps what the level keeps, in a table of another size.
  private mutating func rebuild(capacity: Int) {
    let (oldKeys, oldCounts) = (keys, counts)
    keys = Array(repeating: 0, count: capacity)
    counts = Array(repeating: 0, count: capacity)
    entries = zeroCount > 0 ? 1 : 0
    let mask = capacity - 1
    for (key, count) in zip(oldKeys, oldCounts) where key != 0 && isKept(key) {
      var place = Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
      while keys[place] != 0 { place = (place + 1) & mask }
      keys[place] = key
      counts[place] = count
      entries += 1
    }
  }

  mutating func merge(_ other: HashTally) {
    let sum = total + other.total
    if other.level > level {
      level = other.level
      rebuild(capacity: keys.count)
    }
    other.forEach { hash, count in
      if isKept(hash) {
        insert(hash, count)
        if entries > limit { thin() }
      }
    }
    total = sum
  }

  func forEach(_ body: (UInt64, UInt32) -> Void) {
    if zeroCount > 0 { body(0, zeroCount) }
    for (key, count) in zip(keys, counts) where key != 0 { body(key, count) }
  }

  /// The count of a value that is kept; 0 when it did not come.
  func count(_ hash: UInt64) -> UInt32 {
    guard hash != 0 else { return zeroCount }
    let mask = keys.count - 1
    var place = Int(truncatingIfNeeded: (hash &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask
    while keys[place] != 0 {
      if keys[place] == hash { return counts[place] }
      place = (place + 1) & mask
    }
    return 0
  }

  /// A number of the sample as one of the whole.
  private func scaled(_ sampled: Int) -> Int {
    level == 0 ? sampled : Int((Double(sampled) * Double(1 << level)).rounded())
  }

  /// Different values.
  var distinct: Int { isExact ? entries : min(total, scaled(entries)) }

  /// Values that came before already: all but the first of each.
  var duplicates: Int { max(0, total - distinct) }

  /// The most occurrences of one value; of the sample, where that is all there is.
  var mostOccurrences: Int {
    var most: UInt32 = 0
    forEach { _, count in most = max(most, count) }
    return Int(most)
  }

  /// How many values of this tally also occur in another: occurrences here, and different values.
  func shared(with other: HashTally) -> (occurrences: Int, distinct: Int, isExact: Bool) {
    let deep = max(level, other.level)
    let mask = UInt64(1) &<< UInt64(deep) &- 1
    var occurrences = 0
    var distinct = 0
    forEach { hash, count in
      guard hash & mask == 0, other.count(hash) > 0 else { return }
      occurrences += Int(count)
      distinct += 1
    }
    let scale = 1 << deep
    return (min(total, occurrences * scale), distinct * scale, deep == 0)
  }
}

/// A 64-bit hash of bytes: two lanes of multiply-and-fold over 16 bytes at a time, as wyhash does it;
/// frozen, since tallies of different runs may be compared. Not for secrets.
enum ContentHash {
  private static let first: UInt64 = 0xa076_1d64_78bd_642f
  private static let second: UInt64 = 0xe703_7ed1_a0b4_28db

  @inline(__always)
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var state = mix(seed ^ first, UInt64(bytes.count) ^ second)
    var at = 0
    while at + 16 <= bytes.count {
      let low = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
      let high = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self).littleEndian
      state = mix(low ^ first ^ state, high ^ second)
      at += 16
    }
    var tail: (UInt64, UInt64) = (0, 0)
    var shift: UInt64 = 0
    while at < bytes.count {
      let byte = UInt64(bytes[at])
      if shift < 64 { tail.0 |= byte &<< shift } else { tail.1 |= byte &<< (shift - 64) }
      shift += 8
      at += 1
    }
    return mix(tail.0 ^ first ^ state, tail.1 ^ second ^ state)
  }

  /// The hash of a word, e.g. a number's bit pattern.
  static func of(_ word: UInt64, seed: UInt64) -> UInt64 {
    mix(mix(word ^ first, seed ^ second) ^ first, second)
  }
}
