internal import Glibc

/// Builds the prefix trie of a dictionary: nodes in the order in which their prefixes are first met.
///
/// Node 0 is the root. A node's frequency is 0 when it is only a prefix of words.
struct TrieBuilder {
  /// The parent of each node.
  private(set) var parents: [Int32] = [-1]
  /// The code that leads into each node.
  private(set) var codes: [UInt16] = [0]
  /// The frequency of the word that ends in each node.
  private(set) var frequencies: [UInt32] = [0]
  /// Code of each scalar of the basic plane, 0 when no word has it. Frequent scalars have small codes.
  private(set) var codeOfScalar: [UInt16]
  /// Codes are `1...codeCount`.
  private(set) var codeCount = 0

  /// The trie of the words of `text`, whose file is `bytes`.
  ///
  /// A word with a character above U+FFFF is left out: jieba cuts only within runs of U+4E00 to
  /// U+9FD5 and ASCII, so that no such word can ever be found in a text.
  init(_ text: DictionaryText, _ bytes: UnsafeRawBufferPointer) {
    codeOfScalar = Array(repeating: 0, count: 0x10000)
    assignCodes(text, bytes)
    // Open addressing from (parent, code) to node; the table is at most half full.
    var capacity = 1 << 12
    while capacity < text.entries.count * 3 { capacity <<= 1 }
    var keys = [UInt64](repeating: 0, count: capacity)
    var nodes = [Int32](repeating: 0, count: capacity)
    var used = 0
    for entry in text.entries {
      guard Self.isBasicPlane(bytes, entry.word) else { continue }
      var node: Int32 = 0
      var index = entry.word.lowerBound
      while index < entry.word.upperBound {
        let code = codeOfScalar[Self.scalar(bytes, &index)]
        let key = (UInt64(UInt32(bitPattern: node)) << 16) | UInt64(code)
        var slot = Self.slot(key, capacity)
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & (capacity - 1) }
        if keys[slot] == key {
          node = nodes[slot]
          continue
        }
        let child = Int32(parents.count)
        parents.append(node)
        codes.append(code)
        frequencies.append(0)
        keys[slot] = key
        nodes[slot] = child
        used += 1
        node = child
        if used * 2 > capacity { grow(&keys, &nodes, &capacity) }
      }
      frequencies[Int(node)] = entry.frequency
    }
  }

  private func grow(_ keys: inout [UInt64], _ nodes: inout [Int32], _ capacity: inout Int) {
    let (oldKeys, oldNodes) = (keys, nodes)
    capacity <<= 1
    keys = [UInt64](repeating: 0, count: capacity)
    nodes = [Int32](repeating: 0, count: capacity)
    for (old, key) in oldKeys.enumerated() where key != 0 {
      var slot = Self.slot(key, capacity)
      while keys[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
      keys[slot] = key
      nodes[slot] = oldNodes[old]
    }
  }

  @inline(__always)
  private static func slot(_ key: UInt64, _ capacity: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b1_85eb_ca87) >> 24) & (capacity - 1)
  }

  private static func isBasicPlane(_ bytes: UnsafeRawBufferPointer, _ word: Range<Int>) -> Bool {
    for index in word where bytes[index] >= 0xf0 { return false }
    return true
  }

  /// The scalar (below U+10000, valid UTF-8) at `index`, which moves behind it.
  @inline(__always)
  private static func scalar(_ bytes: UnsafeRawBufferPointer, _ index: inout Int) -> Int {
    let first = Int(bytes[index])
    if first < 0x80 {
      index += 1
      return first
    }
    if first < 0xe0 {
      let value = (first & 0x1f) << 6 | Int(bytes[index + 1] & 0x3f)
      index += 2
      return value
    }
    let value =
      (first & 0x0f) << 12 | Int(bytes[index + 1] & 0x3f) << 6 | Int(bytes[index + 2] & 0x3f)
    index += 3
    return value
  }

  /// Codes by falling count: children lie closer together, and so do the slots that texts visit most.
  private mutating func assignCodes(_ text: DictionaryText, _ bytes: UnsafeRawBufferPointer) {
    var counts = [Int32](repeating: 0, count: 0x10000)
    for entry in text.entries where Self.isBasicPlane(bytes, entry.word) {
      var index = entry.word.lowerBound
      while index < entry.word.upperBound { counts[Self.scalar(bytes, &index)] += 1 }
    }
    let used = (0..<0x10000).filter { counts[$0] > 0 }
    let sorted = used.sorted { (counts[$1], $0) < (counts[$0], $1) }
    for scalar in sorted {
      codeCount += 1
      codeOfScalar[scalar] = UInt16(codeCount)
    }
  }
}
