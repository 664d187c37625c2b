internal import DSXCore
internal import Glibc
internal import Kernels

/// Chooses the next id of one sequence after the other, with scratch space of its own.
///
/// Single-owner.
final class TokenChooser {
  /// An id and what the model alone thinks of it.
  struct Choice {
    var id: Int32
    /// ln p(id | everything before it), from the logits as they came.
    var logProbability: Double
  }

  let options: GenerationOptions
  let rules: ScoreRules
  private let scratch: UnsafeMutableBufferPointer<Float>
  private var candidates = CandidateSet()

  init(_ options: GenerationOptions, endings: [Int32], vocabularySize: Int) {
    self.options = options
    rules = ScoreRules(options, endings: endings)
    scratch = .allocate(capacity: vocabularySize)
    scratch.initialize(repeating: 0)
  }

  deinit { scratch.deallocate() }

  /// The next id of a sequence whose last `newTokens` ids of `history` are new; nil when no id is left.
  ///
  /// `distinct`: the ids of `history`, each once (needed for the repetition penalty only). Takes one draw
  /// from `generator` when sampling, and none otherwise. Throws `corrupt` for logits that are not finite.
  func choose(
    _ logits: UnsafeBufferPointer<Float>, history: [Int32], newTokens: Int, distinct: [Int32],
    generator: inout PCG64
  ) throws(DSXError) -> Choice? {
    let (best, normalizer) = try Self.normalizer(logits)
    let id: Int32?
    switch options.strategy {
    case .greedy, .beams:
      if options.changesScores {
        copy(logits)
        rules.apply(scratch, history: history, newTokens: newTokens, distinct: distinct)
        id = Self.firstBest(UnsafeBufferPointer(scratch))
      } else {
        id = Self.first(best, in: logits)
      }
    case .sample(let sampling):
      copy(logits)
      rules.apply(scratch, history: history, newTokens: newTokens, distinct: distinct)
      id = draw(sampling, &generator)
    }
    return id.map { Choice(id: $0, logProbability: Double(logits[Int($0)]) - normalizer) }
  }

  /// The best logit, and the natural logarithm of the sum of all exponentials.
  static func normalizer(_ logits: UnsafeBufferPointer<Float>) throws(DSXError)
    -> (best: Float, logSum: Double)
  {
    var maximum = -Float.infinity
    var sum = 0.0
    dsx_logsumexp_update(logits.baseAddress, 1, logits.count, logits.count, &maximum, &sum)
    let logSum = Double(maximum) + log(sum)
    guard logSum.isFinite else {
      throw DSXError(
        .corrupt, "the model gives logits that are not finite",
        hint: "the weights are damaged, or not made for this model")
    }
    return (maximum, logSum)
  }

  private func copy(_ logits: UnsafeBufferPointer<Float>) {
    _ = scratch.update(fromContentsOf: logits)
  }

  private func draw(_ sampling: SamplingOptions, _ generator: inout PCG64) -> Int32? {
    if sampling.temperature != 1 {
      let temperature = Float(sampling.temperature)
      for index in scratch.indices { scratch[index] /= temperature }
    }
    let scores = UnsafeBufferPointer(scratch)
    if sampling.topK > 0, sampling.topK < scores.count {
      candidates.fill(best: sampling.topK, of: scores)
    } else {
      candidates.fill(scores)
    }
    if sampling.topP < 1 { candidates.keep(topP: sampling.topP) }
    if sampling.minP > 0 { candidates.keep(minP: sampling.minP) }
    return candidates.draw(generator.unit())
  }

  /// The lowest id with the best score; nil when all are forbidden.
  private static func firstBest(_ scores: UnsafeBufferPointer<Float>) -> Int32? {
    guard let best = scores.max(), best > -.infinity else { return nil }
    return first(best, in: scores)
  }

  private static func first(_ score: Float, in scores: UnsafeBufferPointer<Float>) -> Int32? {
    scores.firstIndex(of: score).map { Int32(truncatingIfNeeded: $0) }
  }
}
