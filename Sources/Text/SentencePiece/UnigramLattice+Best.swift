extension UnigramLattice {
  private struct Hypothesis {
    var node: Int32
    /// The hypothesis to its right; -1 at the end of the text.
    var next: Int32
    /// The best score that a path through it can have.
    var whole: Float
    /// The score from here to the end of the text.
    var tail: Float
  }

  /// The bounds of SentencePiece's search; beyond them it gives up and has the best path only.
  private enum Limit {
    static let agenda = 10_000
    static let smallAgenda = 512
    static let hypotheses = 100_000
    static let all = 500_000
    static let shrinks = 10
  }

  /// The `count` best paths, best first: A* from the end of the text, as `NBest` has it, with the order
  /// of equal scores that its heap has.
  mutating func best(_ count: Int) -> [Path] {
    let viterbi = best()
    guard length > 0, count > 1 else { return [viterbi] }
    var hypotheses = [Hypothesis(node: 1, next: -1, whole: nodes[1].sum, tail: 0)]
    var agenda: [Int32] = [0]
    var found: [Path] = []
    var limit = Limit.hypotheses
    var made = 1
    var shrinks = 0
    let small = min(Limit.smallAgenda, count * 10)
    while let top = Self.pop(&agenda, hypotheses) {
      let hypothesis = hypotheses[Int(top)]
      if hypothesis.node == 0 {
        var ids: [Int32] = []
        var next = hypothesis.next
        while next >= 0, hypotheses[Int(next)].next >= 0 {
          ids.append(nodes[Int(hypotheses[Int(next)].node)].id)
          next = hypotheses[Int(next)].next
        }
        found.append(Path(ids: ids, score: hypothesis.whole))
        if found.count == count { break }
        continue
      }
      let left = ending[Int(nodes[Int(hypothesis.node)].position)]
      for node in left {
        hypotheses.append(
          Hypothesis(
            node: node, next: top, whole: nodes[Int(node)].sum + hypothesis.tail,
            tail: nodes[Int(node)].score + hypothesis.tail))
        Self.push(Int32(hypotheses.count - 1), &agenda, hypotheses)
      }
      made += left.count
      if made >= Limit.all || hypotheses.count >= Limit.all { return [viterbi] }
      if agenda.count >= Limit.agenda || (agenda.count > small && hypotheses.count >= limit) {
        guard shrinks < Limit.shrinks else { return [viterbi] }
        shrinks += 1
        Self.shrink(&agenda, &hypotheses, to: min(agenda.count, small))
        limit = hypotheses.count + Limit.hypotheses
      }
    }
    return found
  }

  /// Keeps the best of the agenda and what lies to their right.
  private static func shrink(
    _ agenda: inout [Int32], _ hypotheses: inout [Hypothesis], to count: Int
  ) {
    var kept: [Hypothesis] = []
    var places: [Int32: Int32] = [:]
    var fresh: [Int32] = []
    for _ in 0..<count {
      guard let top = pop(&agenda, hypotheses) else { break }
      var chain: [Int32] = []
      var next = top
      while next >= 0, places[next] == nil {
        chain.append(next)
        next = hypotheses[Int(next)].next
      }
      var right = next >= 0 ? places[next] ?? -1 : -1
      for old in chain.reversed() {
        var copy = hypotheses[Int(old)]
        copy.next = right
        right = Int32(kept.count)
        places[old] = right
        kept.append(copy)
      }
      push(places[top] ?? 0, &fresh, kept)
    }
    agenda = fresh
    hypotheses = kept
  }

  // The heap algorithms of libstdc++, step for step: they decide which of two equal scores comes first.

  private static func push(
    _ value: Int32, _ heap: inout [Int32], _ hypotheses: [Hypothesis]
  ) {
    heap.append(value)
    rise(&heap, heap.count - 1, value, hypotheses)
  }

  private static func rise(
    _ heap: inout [Int32], _ start: Int, _ value: Int32, _ hypotheses: [Hypothesis]
  ) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 2
      guard hypotheses[Int(heap[parent])].whole < hypotheses[Int(value)].whole else { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = value
  }

  private static func pop(_ heap: inout [Int32], _ hypotheses: [Hypothesis]) -> Int32? {
    guard let top = heap.first else { return nil }
    let value = heap.removeLast()
    let count = heap.count
    guard count > 0 else { return top }
    var hole = 0
    var child = 0
    while child < (count - 1) / 2 {
      child = 2 * (child + 1)
      if hypotheses[Int(heap[child])].whole < hypotheses[Int(heap[child - 1])].whole { child -= 1 }
      heap[hole] = heap[child]
      hole = child
    }
    if count % 2 == 0, child == (count - 2) / 2 {
      child = 2 * child + 1
      heap[hole] = heap[child]
      hole = child
    }
    rise(&heap, hole, value, hypotheses)
    return top
  }
}
