/// The best path through one stretch of text by a unigram model, with scratch space of its own.
///
/// SentencePiece adds scores in float32 from the start of the text, so which of two nearly equal paths
/// wins depends on what lies before. `run` repeats that exactly from the score before the stretch.
/// `runFree` finds the best path in float64 from 0 and states for which scores before it the float32
/// sums are certain to choose the same path; such a result can be used again.
struct UnigramSearch {
  /// The ids of the best path, -1 for a character that is no piece.
  private(set) var ids: [Int32] = []
  /// After `runFree`: the result holds when the score before has at most this magnitude. Negative when
  /// it never does.
  private(set) var limit: Float = -1

  private var best: [Float] = []
  private var sums: [Double] = []
  private var gaps: [Double] = []
  private var starts: [Int32] = []
  private var choices: [Int32] = []

  /// Scores beyond this magnitude are brought back to 0.
  static let resetThreshold: Float = 100_000

  /// Finds the path that SentencePiece finds when the score before the stretch is `score`, and adds up
  /// the score behind it.
  mutating func run(
    _ symbols: UnsafeBufferPointer<Int32>, _ vocabulary: UnigramVocabulary, _ score: inout Float
  ) {
    let count = symbols.count
    prepare(count)
    best[0] = score
    var frontier = 0
    let scores = vocabulary.scores.base
    do {
      for start in 0..<count {
        var here = best[start]
        if here < -Self.resetThreshold || here > Self.resetThreshold {
          for index in start...max(frontier, start) where index == start || starts[index] >= 0 {
            best[index] -= here
          }
          here = 0
        }
        var hasSingle = false
        vocabulary.matches(symbols, from: start) { piece, end in
          frontier = max(frontier, end)
          let candidate = scores[Int(piece)] + here
          if starts[end] < 0 || candidate > best[end] {
            best[end] = candidate
            starts[end] = Int32(start)
            choices[end] = piece
          }
          if end == start + 1 { hasSingle = true }
        }
        if !hasSingle {
          let end = start + 1
          frontier = max(frontier, end)
          let candidate = vocabulary.unknownScore + here
          if starts[end] < 0 || candidate > best[end] {
            best[end] = candidate
            starts[end] = Int32(start)
            choices[end] = -1
          }
        }
      }
    }
    score = best[count]
    collect(count)
  }

  /// Finds the best path from a score of 0 in float64, and for which scores before it holds.
  mutating func runFree(
    _ symbols: UnsafeBufferPointer<Int32>, _ vocabulary: UnigramVocabulary
  ) {
    let count = symbols.count
    prepare(count)
    if sums.count <= count {
      sums = Array(repeating: 0, count: (count + 1) * 2)
      gaps = sums
    }
    sums[0] = 0
    var magnitude = 0.0
    func offer(_ piece: Int32, _ start: Int, _ end: Int, _ score: Float) {
      let candidate = sums[start] + Double(score)
      magnitude = max(magnitude, abs(candidate))
      if starts[end] < 0 {
        gaps[end] = .infinity
      } else if candidate > sums[end] {
        gaps[end] = candidate - sums[end]
      } else {
        gaps[end] = min(gaps[end], sums[end] - candidate)
        return
      }
      sums[end] = candidate
      starts[end] = Int32(start)
      choices[end] = piece
    }
    let scores = vocabulary.scores.base
    do {
      for start in 0..<count {
        var hasSingle = false
        vocabulary.matches(symbols, from: start) { piece, end in
          offer(piece, start, end, scores[Int(piece)])
          if end == start + 1 { hasSingle = true }
        }
        if !hasSingle { offer(-1, start, start + 1, vocabulary.unknownScore) }
      }
    }
    var gap = Double.infinity
    var end = count
    while end > 0 {
      gap = min(gap, gaps[end])
      end = Int(starts[end])
    }
    // Every float32 sum is off by at most half a unit in the last place for each of its additions, of
    // which there are at most `count`; two paths may err in opposite directions.
    let perMagnitude = Double(count) * 0x1p-23 * 1.01
    let bound = min(gap / perMagnitude, Double(Self.resetThreshold) * 0.99) - magnitude
    limit = bound > 0 ? Float(bound * 0.999) : -1
    collect(count)
  }

  private mutating func prepare(_ count: Int) {
    if starts.count <= count {
      starts = Array(repeating: -1, count: (count + 1) * 2)
      choices = starts
      best = Array(repeating: 0, count: (count + 1) * 2)
    }
    for index in 0...count { starts[index] = -1 }
  }

  private mutating func collect(_ count: Int) {
    ids.removeAll(keepingCapacity: true)
    var end = count
    while end > 0 {
      ids.append(choices[end])
      end = Int(starts[end])
    }
    ids.reverse()
  }
}
