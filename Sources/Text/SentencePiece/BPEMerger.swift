internal import DSXCore

/// Merges the symbols of one stretch of text by the rules of a BPE vocabulary: the best-ranked pair of
/// neighbours first, of equal ones the leftmost.
struct BPEMerger {
  /// The symbols: before `merge` one a character, after it the result. A user-defined symbol that was
  /// found in the text is frozen, see `frozen`.
  var symbols: [Int32] = []

  // Scratch of the short way.
  private var ranks: [Int32] = []
  // Scratch of the long way.
  private var next: [Int32] = []
  private var previous: [Int32] = []
  private var heap: [Candidate] = []
  private var takenApart: [Int32: (Int32, Int32)] = [:]

  private struct Candidate {
    var rank: Int32
    var left: Int32
    var right: Int32
    var leftSymbol: Int32
    var rightSymbol: Int32

    func precedes(_ other: Candidate) -> Bool {
      rank != other.rank ? rank < other.rank : left < other.left
    }
  }

  /// The mark of a character that no piece has.
  static let unknown = Int32.min
  /// The form of a symbol that never merges.
  static func frozen(_ id: Int32) -> Int32 { -2 - id }

  /// Skips each merge with this probability, for `dropout(_:_:_:)`.
  private var dropout: Double = 0
  private var random = PCG64(seed: 0)

  /// Merges with BPE dropout: each merge that is due is skipped with probability `alpha`.
  mutating func merge(_ vocabulary: BPEVocabulary, dropout alpha: Double, _ random: inout PCG64) {
    guard alpha > 0 else {
      mergeLong(vocabulary)
      return
    }
    dropout = alpha
    swap(&self.random, &random)
    mergeLong(vocabulary)
    swap(&self.random, &random)
    dropout = 0
  }

  /// Merges all that can be merged: short stretches by looking at every pair, long ones in n log n.
  mutating func merge(_ vocabulary: BPEVocabulary) {
    if vocabulary.hasUnused || symbols.count > 48 {
      mergeLong(vocabulary)
    } else {
      mergeShort(vocabulary)
    }
  }

  private mutating func mergeShort(_ vocabulary: BPEVocabulary) {
    var count = symbols.count
    guard count > 1 else { return }
    if ranks.count < count { ranks = Array(repeating: 0, count: 64) }
    symbols.withUnsafeMutableBufferPointer { symbols in
      ranks.withUnsafeMutableBufferPointer { ranks in
        func rank(_ index: Int) -> Int32 {
          let merged = vocabulary.merged(symbols[index], symbols[index + 1])
          return merged < 0 ? Int32.max : vocabulary.ranks[Int(merged)]
        }
        for index in 0..<count - 1 { ranks[index] = rank(index) }
        while count > 1 {
          var best = 0
          var bestRank = ranks[0]
          for index in 1..<max(count - 1, 1) where ranks[index] < bestRank {
            best = index
            bestRank = ranks[index]
          }
          guard bestRank != Int32.max else { break }
          symbols[best] = vocabulary.merged(symbols[best], symbols[best + 1])
          count -= 1
          for index in best + 1..<max(count, best + 1) { symbols[index] = symbols[index + 1] }
          for index in best + 1..<max(count - 1, best + 1) { ranks[index] = ranks[index + 1] }
          if best + 1 < count { ranks[best] = rank(best) }
          if best > 0 { ranks[best - 1] = rank(best - 1) }
        }
      }
    }
    symbols.removeLast(symbols.count - count)
  }

  mutating func mergeLong(_ vocabulary: BPEVocabulary) {
    let count = symbols.count
    guard count > 0 else { return }
    heap.removeAll(keepingCapacity: true)
    takenApart.removeAll(keepingCapacity: true)
    next = (0..<Int32(count)).map { $0 + 1 < Int32(count) ? $0 + 1 : -1 }
    previous = (0..<Int32(count)).map { $0 - 1 }
    for index in 1..<max(count, 1) { offer(Int32(index - 1), Int32(index), vocabulary) }
    // With a dropout of 1 nothing merges, but unused characters are still replaced.
    if dropout >= 1 { heap.removeAll(keepingCapacity: true) }
    while let top = pop() {
      // Stale: one of the two has been merged since.
      guard symbols[Int(top.left)] == top.leftSymbol, symbols[Int(top.right)] == top.rightSymbol,
        next[Int(top.left)] == top.right
      else { continue }
      if dropout > 0, random.unit() < dropout { continue }
      symbols[Int(top.left)] = vocabulary.merged(top.leftSymbol, top.rightSymbol)
      let after = next[Int(top.right)]
      next[Int(top.left)] = after
      if after >= 0 { previous[Int(after)] = top.left }
      // Never equal to a symbol, so that candidates of the merged one are stale.
      symbols[Int(top.right)] = -1
      offer(previous[Int(top.left)], top.left, vocabulary)
      offer(top.left, after, vocabulary)
    }
    var result: [Int32] = []
    var index: Int32 = 0
    while index >= 0 {
      takeApart(symbols[Int(index)], 0, &result)
      index = next[Int(index)]
    }
    symbols = result
  }

  /// SentencePiece takes unused pieces apart down to this depth; below it they stay.
  private static let maximumDepth = 100

  /// An unused piece is replaced by the two that last offered to make it, and so on down.
  private func takeApart(_ symbol: Int32, _ depth: Int, _ result: inout [Int32]) {
    guard symbol >= 0, let parts = takenApart[symbol] else {
      result.append(symbol)
      return
    }
    guard depth <= Self.maximumDepth else {
      result.append(Self.frozen(symbol))
      return
    }
    takeApart(parts.0, depth + 1, &result)
    takeApart(parts.1, depth + 1, &result)
  }

  private mutating func offer(_ left: Int32, _ right: Int32, _ vocabulary: BPEVocabulary) {
    guard left >= 0, right >= 0 else { return }
    let (leftSymbol, rightSymbol) = (symbols[Int(left)], symbols[Int(right)])
    let merged = vocabulary.merged(leftSymbol, rightSymbol)
    guard merged >= 0 else { return }
    if vocabulary.hasUnused, vocabulary.pieces.kinds[Int(merged)] == .unused {
      takenApart[merged] = (leftSymbol, rightSymbol)
    }
    push(
      Candidate(
        rank: vocabulary.ranks[Int(merged)], left: left, right: right, leftSymbol: leftSymbol,
        rightSymbol: rightSymbol))
  }

  private mutating func push(_ candidate: Candidate) {
    heap.append(candidate)
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].precedes(heap[parent]) else { break }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func pop() -> Candidate? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var index = 0
    while true {
      var child = index * 2 + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
      guard heap[child].precedes(heap[index]) else { break }
      heap.swapAt(index, child)
      index = child
    }
    return top
  }
}
