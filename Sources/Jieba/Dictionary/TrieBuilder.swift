internal import DSXCore
internal import Glibc

/// Builds the prefix trie of a dictionary: nodes in the order of their prefixes' UTF-8 bytes.
///
/// Node 0 is the root. A node's frequency is 0 when it is only a prefix of words.
struct TrieBuilder {
  /// The parent of each node; always a smaller number.
  private(set) var parents: [Int32] = [-1]
  /// The code that leads into each node.
  private(set) var codes: [UInt16] = [0]
  /// The frequency of the word that ends in each node.
  private(set) var frequencies: [UInt64] = [0]
  /// The characters' codes.
  let scalars: ScalarCodes
  /// Characters of the longest word.
  private(set) var depth = 0

  /// A root alone.
  init(scalars: ScalarCodes, depth: Int) {
    self.scalars = scalars
    self.depth = depth
  }

  /// A further node; `parent` is there already.
  mutating func append(parent: Int, code: UInt16, frequency: UInt64) {
    parents.append(Int32(parent))
    codes.append(code)
    frequencies.append(frequency)
  }

  /// The trie of the words of `text`, whose file is `bytes`.
  init(_ text: DictionaryText, _ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    scalars = try ScalarCodes(text, bytes)
    let room = text.entries.count * 3 / 2
    parents.reserveCapacity(room)
    codes.reserveCapacity(room)
    frequencies.reserveCapacity(room)
    // Sorted, a word shares its nodes with the word before it as far as their characters agree.
    var path: [Int32] = [0]
    var last: [UInt16] = []
    var word: [UInt16] = []
    for item in Self.sorted(text, bytes) {
      let entry = text.entries[Int(item.index)]
      word.removeAll(keepingCapacity: true)
      var index = entry.word.lowerBound
      while index < entry.word.upperBound {
        word.append(scalars.code(of: UInt32(UTF8Scalar.read(bytes, &index))))
      }
      var shared = 0
      while shared < min(word.count, last.count), word[shared] == last[shared] { shared += 1 }
      path.removeSubrange((shared + 1)...)
      for code in word[shared...] {
        let node = Int32(parents.count)
        parents.append(path[path.count - 1])
        codes.append(code)
        frequencies.append(0)
        path.append(node)
      }
      frequencies[Int(path[path.count - 1])] = entry.frequency
      depth = max(depth, word.count)
      swap(&word, &last)
    }
    guard parents.count <= TrieUnit.maximum / 2 else {
      throw DSXError(.unsupported, "the dictionary is too large: more than 8 million prefixes")
    }
  }

  private struct Item {
    /// The first eight bytes of the word, as a number: most comparisons end here.
    var key: UInt64
    var index: UInt32
  }

  /// The entries by the bytes of their words; equal words in the order of their lines.
  private static func sorted(_ text: DictionaryText, _ bytes: UnsafeRawBufferPointer) -> [Item] {
    var items: [Item] = []
    items.reserveCapacity(text.entries.count)
    for (index, entry) in text.entries.enumerated() {
      var key: UInt64 = 0
      for offset in 0..<8 {
        let byte = offset < entry.word.count ? bytes[entry.word.lowerBound + offset] : 0
        key = key << 8 | UInt64(byte)
      }
      items.append(Item(key: key, index: UInt32(index)))
    }
    items.sort { first, second in
      if first.key != second.key { return first.key < second.key }
      let (a, b) = (text.entries[Int(first.index)].word, text.entries[Int(second.index)].word)
      if let base = bytes.baseAddress {
        let order = memcmp(base + a.lowerBound, base + b.lowerBound, min(a.count, b.count))
        if order != 0 { return order < 0 }
      }
      return a.count != b.count ? a.count < b.count : first.index < second.index
    }
    return items
  }
}
