internal import DSXCore

/// Places the nodes of a trie in one array so that a step is one addition and one comparison.
///
/// Nodes with many children are placed first, then ever smaller ones, and the single children fill
/// the holes. Linear in practice: each size class has a place of its own where it searches.
struct DoubleArrayBuilder {
  /// The slots; the padding at the end lets every base be followed by every code.
  private(set) var units: [TrieUnit] = []
  /// The base of the root's children.
  private(set) var rootBase = 0
  /// The frequencies that the units name; the first is 0 and means no word.
  private(set) var frequencies: [UInt64] = [0]

  init(_ trie: TrieBuilder) throws(DSXError) {
    let count = trie.parents.count
    // Children grouped by parent.
    var starts = [Int32](repeating: 0, count: count + 1)
    for node in 1..<max(count, 1) { starts[Int(trie.parents[node]) + 1] += 1 }
    for node in 0..<count { starts[node + 1] += starts[node] }
    var children = [Int32](repeating: 0, count: max(count - 1, 0))
    var fill = starts
    for node in 1..<max(count, 1) {
      let parent = Int(trie.parents[node])
      children[Int(fill[parent])] = Int32(node)
      fill[parent] += 1
    }
    var map = SlotMap()
    var slotOf = [Int32](repeating: 0, count: count)
    var baseOf = [Int32](repeating: 0, count: count)
    var hints = [Int](repeating: 0, count: 64)
    var codes: [UInt16] = []
    for parent in Self.byFallingChildCount(starts, count) {
      let range = Int(starts[Int(parent)])..<Int(starts[Int(parent) + 1])
      codes.removeAll(keepingCapacity: true)
      for child in range { codes.append(trie.codes[Int(children[child])]) }
      if codes.count > 1 { codes.sort() }
      let sizeClass = range.count < 32 ? range.count : 64 - range.count.leadingZeroBitCount / 2
      let base = map.place(codes, hint: &hints[min(sizeClass, 63)])
      baseOf[Int(parent)] = Int32(base)
      for child in range {
        let node = Int(children[child])
        slotOf[node] = Int32(base + Int(trie.codes[node]))
      }
    }
    let slots = map.highest + trie.scalars.count + 2
    guard slots <= TrieUnit.maximum else {
      throw DSXError(.unsupported, "the dictionary is too large: more than 16 million slots")
    }
    rootBase = Int(baseOf[0])
    units = Array(repeating: .free, count: slots)
    var numbers = FrequencyNumbers(trie.frequencies)
    for node in 1..<max(count, 1) {
      units[Int(slotOf[node])] = TrieUnit(
        check: trie.codes[node], frequency: numbers.number(of: trie.frequencies[node]),
        base: Int(baseOf[node]))
    }
    frequencies = numbers.values
  }

  /// The nodes that have children, most children first.
  private static func byFallingChildCount(_ starts: [Int32], _ count: Int) -> [Int32] {
    var largest = 0
    for node in 0..<count { largest = max(largest, Int(starts[node + 1] - starts[node])) }
    var buckets = [Int32](repeating: 0, count: largest + 2)
    for node in 0..<count { buckets[largest - Int(starts[node + 1] - starts[node]) + 1] += 1 }
    for index in 1..<buckets.count { buckets[index] += buckets[index - 1] }
    let withChildren = Int(buckets[largest])
    var sorted = [Int32](repeating: 0, count: count)
    for node in 0..<count {
      let bucket = largest - Int(starts[node + 1] - starts[node])
      sorted[Int(buckets[bucket])] = Int32(node)
      buckets[bucket] += 1
    }
    return Array(sorted[..<withChildren])
  }
}
