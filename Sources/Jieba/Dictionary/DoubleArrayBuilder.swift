internal import Glibc

/// Places the nodes of a trie in one array so that a step is one addition and one comparison.
///
/// Nodes with many children are placed first, then ever smaller ones, and the single children fill
/// the holes. Linear in practice: each size class has a place of its own where it searches, which moves
/// on when it becomes crowded.
struct DoubleArrayBuilder {
  /// The slots; the padding at the end lets every base be followed by every code.
  private(set) var units: [TrieUnit] = []
  /// The base of the root's children.
  private(set) var rootBase: UInt32 = 0

  /// Next free slot of each free slot, a list in rising order; 0 ends it.
  private var nextFree: [Int32] = []
  private var previousFree: [Int32] = []
  private var baseTaken: [Bool] = []
  private var highest = 0

  init(_ trie: TrieBuilder) {
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
    let parents = Self.byFallingChildCount(starts, count)

    grow(to: count + count / 4 + 2 * (trie.codeCount + 2))
    var slotOf = [Int32](repeating: 0, count: count)
    var baseOf = [UInt32](repeating: 0, count: count)
    var hints = [Int32](repeating: 0, count: 64)
    var codes: [Int] = []
    for parent in parents {
      let range = Int(starts[Int(parent)])..<Int(starts[Int(parent) + 1])
      codes.removeAll(keepingCapacity: true)
      for child in range { codes.append(Int(trie.codes[Int(children[child])])) }
      codes.sort()
      let sizeClass = range.count < 32 ? range.count : 32 + range.count.leadingZeroBitCount % 32
      let base = place(codes, &hints[sizeClass])
      baseOf[Int(parent)] = UInt32(base)
      for child in range {
        let node = Int(children[child])
        slotOf[node] = Int32(base + Int(trie.codes[node]))
      }
    }
    rootBase = baseOf[0]
    let final = highest + trie.codeCount + 2
    grow(to: final)
    units.removeSubrange(final...)
    for node in 1..<max(count, 1) {
      let slot = Int(slotOf[node])
      let frequency = trie.frequencies[node]
      units[slot].base = baseOf[node]
      units[slot].check = UInt32(trie.codes[node])
      // As Python's math.log: libm's log of the count as a double.
      units[slot].logFrequency = frequency > 0 ? log(Double(frequency)) : -1
    }
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

  /// Finds a base for children with these codes (rising), takes their slots and returns it.
  private mutating func place(_ codes: [Int], _ hint: inout Int32) -> Int {
    let first = codes[0]
    let last = codes[codes.count - 1]
    var slot = hint
    // The hint may have been taken since: go on to the next free slot.
    while slot != 0, Int(slot) < units.count, units[Int(slot)].check != TrieUnit.unused {
      slot += 1
    }
    if slot == 0 { slot = nextFree[0] }
    hint = slot
    var tries = 0
    while true {
      if slot == 0 || Int(slot) >= units.count {
        let before = units.count
        grow(to: before + before / 2 + last + 2)
        slot = Int32(before)
        if hint == 0 { hint = slot }
      }
      let base = Int(slot) - first
      if base >= 1, !baseTaken[base], fits(base, codes, last) {
        baseTaken[base] = true
        for code in codes { take(base + code) }
        highest = max(highest, base + last)
        // Leave a neighbourhood behind once it is crowded for this size.
        while tries >= 8, hint != 0, hint < slot {
          hint = nextFree[Int(hint)]
          tries -= 8
        }
        return base
      }
      tries += 1
      slot = nextFree[Int(slot)]
    }
  }

  private mutating func fits(_ base: Int, _ codes: [Int], _ last: Int) -> Bool {
    if base + last >= units.count { grow(to: (base + last) * 3 / 2) }
    for code in codes where units[base + code].check != TrieUnit.unused { return false }
    return true
  }

  private mutating func take(_ slot: Int) {
    units[slot].check = 0
    let (before, after) = (previousFree[slot], nextFree[slot])
    nextFree[Int(before)] = after
    if after != 0 { previousFree[Int(after)] = before }
    if after == 0 { lastFree = before }
  }

  private var lastFree: Int32 = 0

  private mutating func grow(to count: Int) {
    let old = units.count
    guard count > old else { return }
    units.append(contentsOf: repeatElement(TrieUnit(), count: count - old))
    nextFree.append(contentsOf: repeatElement(0, count: count - old))
    previousFree.append(contentsOf: repeatElement(0, count: count - old))
    baseTaken.append(contentsOf: repeatElement(false, count: count - old))
    // Slot 0 is the list's head and never used.
    for slot in max(old, 1)..<count {
      nextFree[Int(lastFree)] = Int32(slot)
      previousFree[slot] = lastFree
      lastFree = Int32(slot)
    }
  }
}
