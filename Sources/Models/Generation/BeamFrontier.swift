/// The best continuations over all hypotheses of a prompt: a bounded heap, so that the vocabulary is
/// looked through once and never sorted. Of equal scores the earlier hypothesis and the lower id are better.
struct BeamFrontier {
  /// A hypothesis with one more id.
  struct Candidate {
    /// The hypothesis' sum with this id.
    var score: Double
    /// Its number.
    var parent: Int
    var id: Int32
    /// ln p(id) by the model alone.
    var logProbability: Double

    func isBetter(than other: Candidate) -> Bool {
      if score != other.score { return score > other.score }
      return (parent, id) < (other.parent, other.id)
    }
  }

  private let capacity: Int
  /// A heap with the worst in front.
  private var heap: [Candidate] = []

  /// At least one candidate.
  init(capacity: Int) {
    self.capacity = max(1, capacity)
    heap.reserveCapacity(self.capacity)
  }

  mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

  /// Takes a candidate if it is among the best so far.
  @inline(__always)
  mutating func offer(_ candidate: Candidate) {
    if heap.count < capacity {
      heap.append(candidate)
      var child = heap.count - 1
      while child > 0 {
        let parent = (child - 1) / 2
        guard heap[parent].isBetter(than: heap[child]) else { break }
        heap.swapAt(parent, child)
        child = parent
      }
    } else if candidate.isBetter(than: heap[0]) {
      heap[0] = candidate
      sink()
    }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[worst].isBetter(than: heap[child]) { worst = child }
      }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }

  /// Fills in the log-probabilities of one hypothesis' candidates that are among the best so far.
  mutating func fill(_ parent: Int, _ logProbability: (Int32) -> Double) {
    for place in heap.indices where heap[place].parent == parent {
      heap[place].logProbability = logProbability(heap[place].id)
    }
  }

  /// The candidates, the best first.
  func sorted() -> [Candidate] { heap.sorted { $0.isBetter(than: $1) } }
}
