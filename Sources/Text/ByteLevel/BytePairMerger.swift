/// Merges the symbols of one piece: always the adjacent pair of lowest rank, the leftmost of equals,
/// until no pair is in the table.
///
/// Short pieces are scanned again after each merge (quadratic, but in cache); long ones go through a
/// heap, O(n log n), so that a text without blanks cannot stall it. Both give the same symbols.
struct BytePairMerger {
  /// Pieces of more symbols than this take the heap.
  static let scanLimit = 64

  private let table: MergeTable
  private var pairs: [UInt64] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  private var heap: [Candidate] = []

  /// A merger over a table, with scratch space of its own.
  init(_ table: MergeTable) { self.table = table }

  /// Merges `symbols` in place.
  mutating func merge(_ symbols: inout [Int32]) {
    if symbols.count < 2 { return }
    if symbols.count <= Self.scanLimit { mergeByScan(&symbols) } else { mergeByHeap(&symbols) }
  }

  /// The quadratic form.
  mutating func mergeByScan(_ symbols: inout [Int32]) {
    pairs.removeAll(keepingCapacity: true)
    for index in 0..<symbols.count - 1 {
      pairs.append(table.find(symbols[index], symbols[index + 1]))
    }
    var count = symbols.count
    symbols.withUnsafeMutableBufferPointer { symbols in
      pairs.withUnsafeMutableBufferPointer { pairs in
        while count > 1 {
          var best = MergeTable.none
          var at = 0
          for index in 0..<count - 1 where pairs[index] < best {
            best = pairs[index]
            at = index
          }
          if best == MergeTable.none { break }
          symbols[at] = Int32(truncatingIfNeeded: best)
          count -= 1
          if at + 1 < count {
            for index in at + 1..<count { symbols[index] = symbols[index + 1] }
            for index in at..<count - 1 { pairs[index] = pairs[index + 1] }
            pairs[at] = table.find(symbols[at], symbols[at + 1])
          }
          if at > 0 { pairs[at - 1] = table.find(symbols[at - 1], symbols[at]) }
        }
      }
    }
    symbols.removeLast(symbols.count - count)
  }

  /// Merges `symbols` in place: where each that is left began before.
  mutating func mergeKeepingPlaces(_ symbols: inout [Int32]) -> [Int] {
    guard symbols.count > 1 else { return Array(symbols.indices) }
    mergeInPlace(&symbols)
    let places = symbols.indices.filter { symbols[$0] >= 0 }
    symbols.removeAll { $0 < 0 }
    return places
  }

  /// The form with a heap over a linked list.
  mutating func mergeByHeap(_ symbols: inout [Int32]) {
    mergeInPlace(&symbols)
    symbols.removeAll { $0 < 0 }
  }

  /// Merges; symbols that were merged into one before them become -1.
  private mutating func mergeInPlace(_ symbols: inout [Int32]) {
    let count = symbols.count
    next = (0..<count).map { $0 + 1 < count ? Int32($0 + 1) : -1 }
    previous = (0..<count).map { Int32($0) - 1 }
    heap.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 { offer(symbols, at: index) }
    while let top = pop() {
      let right = next[top.position]
      // A stale candidate: one of its two symbols has been merged since.
      guard right >= 0, symbols[top.position] == top.left, symbols[Int(right)] == top.right else {
        continue
      }
      symbols[top.position] = Int32(truncatingIfNeeded: top.merge)
      symbols[Int(right)] = -1
      let after = next[Int(right)]
      next[top.position] = after
      next[Int(right)] = -1
      if after >= 0 {
        previous[Int(after)] = Int32(top.position)
        offer(symbols, at: top.position)
      }
      let before = previous[top.position]
      if before >= 0 { offer(symbols, at: Int(before)) }
    }
  }

  /// A pair that could be merged.
  private struct Candidate {
    let merge: UInt64
    let position: Int
    let left: Int32
    let right: Int32

    @inline(__always)
    func precedes(_ other: Candidate) -> Bool {
      merge >> 32 != other.merge >> 32
        ? merge < other.merge : position < other.position
    }
  }

  private mutating func offer(_ symbols: [Int32], at position: Int) {
    let left = symbols[position]
    let right = symbols[Int(next[position])]
    let merge = table.find(left, right)
    guard merge != MergeTable.none else { return }
    var child = heap.count
    let added = Candidate(merge: merge, position: position, left: left, right: right)
    heap.append(added)
    while child > 0 {
      let parent = (child - 1) / 2
      guard added.precedes(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = added
  }

  private mutating func pop() -> Candidate? {
    guard let top = heap.first, let last = heap.popLast() else { return nil }
    if heap.isEmpty { return top }
    var parent = 0
    while true {
      var child = parent * 2 + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return top
  }
}
