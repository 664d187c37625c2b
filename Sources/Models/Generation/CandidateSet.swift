internal import Glibc

/// Ids that may still be drawn, in rising order, with their scores. Made once for a run and used again.
///
/// Top-k and top-p find their threshold through a histogram of the distance to the best score: one pass,
/// then only the candidates of the bin that holds the border are sorted, never the vocabulary.
struct CandidateSet {
  /// Bins of 1/64 nat; what lies more than 32 nats below the best is in the last.
  private static let bins = 2048
  private static let binsPerNat: Float = 64

  private(set) var ids: [Int32] = []
  private(set) var scores: [Float] = []
  private var counts = [Int32](repeating: 0, count: CandidateSet.bins)
  private var masses = [Double](repeating: 0, count: CandidateSet.bins)
  /// exp(score - best score) of each candidate, once they were computed.
  private(set) var weights: [Double] = []
  private var border: [(score: Float, place: Int)] = []

  init() {}

  /// Takes all ids of a vocabulary whose score is not -infinity, which is how an id is forbidden.
  mutating func fill(_ all: UnsafeBufferPointer<Float>) {
    reset(all.count)
    for (id, score) in all.enumerated() where score > -.infinity {
      ids.append(Int32(truncatingIfNeeded: id))
      scores.append(score)
    }
  }

  /// Takes the `k` best ids of a vocabulary, and those that tie with the last of them; all when there
  /// are fewer.
  mutating func fill(best k: Int, of all: UnsafeBufferPointer<Float>) {
    reset(0)
    let threshold = kthLargest(k, of: all)
    for (id, score) in all.enumerated() where score >= threshold && score > -.infinity {
      ids.append(Int32(truncatingIfNeeded: id))
      scores.append(score)
    }
  }

  /// The best score; -infinity without candidates.
  private var best: Float { scores.max() ?? -.infinity }

  /// Keeps the likeliest candidates until their probabilities reach `p`, at least one. Candidate c
  /// stays when those that are likelier, together, are below `p` of all; of equal ones the higher id comes
  /// first, as in transformers, which cuts from the other end.
  mutating func keep(topP p: Double) {
    computeWeights()
    let best = best
    counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    masses.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    var total = 0.0
    for place in scores.indices {
      let bin = Self.bin(scores[place], best)
      masses[bin] += weights[place]
      counts[bin] += 1
      total += weights[place]
    }
    let wanted = p * total
    var before = 0.0
    var bin = 0
    while bin < Self.bins - 1, before + masses[bin] < wanted || counts[bin] == 0 {
      before += masses[bin]
      bin += 1
    }
    collectBorder(bin, best)
    // The last candidate that stays: the first of all stays in any case.
    var last = border.first
    for candidate in border {
      if before >= wanted, candidate.place != last?.place { break }
      last = candidate
      before += weights[candidate.place]
    }
    guard let last else { return }
    filter { score, place, _ in
      score > last.score || (score == last.score && place >= last.place)
    }
  }

  /// Keeps the candidates that are at least `share` times so likely as the best.
  mutating func keep(minP share: Double) {
    computeWeights()
    filter { _, _, weight in weight >= share }
  }

  /// The candidate at the share `unit` (0..<1) of the total weight, in the order of the ids; nil without
  /// candidates.
  mutating func draw(_ unit: Double) -> Int32? {
    computeWeights()
    var rest = unit * weights.reduce(0, +)
    for place in ids.indices where weights[place] > 0 {
      rest -= weights[place]
      if rest < 0 { return ids[place] }
    }
    // Rounding may leave a rest: then it is the last that has a weight.
    return ids.indices.last { weights[$0] > 0 }.map { ids[$0] }
  }

  private mutating func computeWeights() {
    guard weights.count != ids.count else { return }
    let best = best
    weights.removeAll(keepingCapacity: true)
    weights.append(contentsOf: scores.lazy.map { exp(Double($0 - best)) })
  }

  private mutating func reset(_ capacity: Int) {
    ids.removeAll(keepingCapacity: true)
    scores.removeAll(keepingCapacity: true)
    weights.removeAll(keepingCapacity: true)
    ids.reserveCapacity(capacity)
    scores.reserveCapacity(capacity)
  }

  /// The k-th largest of the scores that are not -infinity; -infinity when there are fewer.
  private mutating func kthLargest(_ k: Int, of all: UnsafeBufferPointer<Float>) -> Float {
    guard k < all.count, let best = all.max(), best > -.infinity else { return -.infinity }
    counts.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    for score in all { counts[Self.bin(score, best)] += 1 }
    var before = 0
    var bin = 0
    while bin < Self.bins - 1, before + Int(counts[bin]) < k {
      before += Int(counts[bin])
      bin += 1
    }
    var inBin: [Float] = []
    for score in all where Self.bin(score, best) == bin { inBin.append(score) }
    inBin.sort(by: >)
    return k - before <= inBin.count ? inBin[k - before - 1] : -.infinity
  }

  /// The place of a score in the histogram: never rises with the score.
  @inline(__always)
  private static func bin(_ score: Float, _ best: Float) -> Int {
    let distance = (best - score) * binsPerNat
    return distance < Float(bins - 1) ? Int(distance) : bins - 1
  }

  /// The candidates of one bin, the best first; of equal ones the higher id.
  private mutating func collectBorder(_ bin: Int, _ best: Float) {
    border.removeAll(keepingCapacity: true)
    for place in scores.indices where Self.bin(scores[place], best) == bin {
      border.append((scores[place], place))
    }
    border.sort { ($0.score, $0.place) > ($1.score, $1.place) }
  }

  private mutating func filter(_ keeps: (Float, Int, Double) -> Bool) {
    var kept = 0
    for place in ids.indices where keeps(scores[place], place, weights[place]) {
      ids[kept] = ids[place]
      scores[kept] = scores[place]
      weights[kept] = weights[place]
      kept += 1
    }
    ids.removeLast(ids.count - kept)
    scores.removeLast(scores.count - kept)
    weights.removeLast(weights.count - kept)
  }
}
