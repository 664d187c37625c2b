internal import DSXCore
internal import Glibc
internal import Text

/// The hypotheses of one prompt under way, as transformers' `_beam_search` runs a batch of one.
final class BeamTask: GenerationTask {
  /// One hypothesis.
  private struct Beam {
    var ids: [Int32] = []
    var logProbabilities: [Double] = []
    var score: Double
    var slot: Int
    var decoder: IncrementalText
    var text: StopText
  }
  /// One hypothesis that ended.
  private struct Ended {
    var beam: Beam
    var score: Double
    var finish: FinishReason
  }
  /// What is taken off a running hypothesis that should not go on, and the others' score at the start.
  private static let never = 1.0e9

  private let context: GenerationContext
  private let request: GenerationRequest
  private let beams: BeamOptions
  private var running: [Beam]
  private var ended: [Ended] = []
  private var frontier: BeamFrontier
  private var scratch: [Float]

  var slots: [Int] { Array(Set(running.map(\.slot))) }

  init(
    _ request: GenerationRequest, slot: Int, _ beams: BeamOptions, _ context: GenerationContext
  ) {
    self.context = context
    self.request = request
    self.beams = beams
    let decoder = IncrementalText(context.tokenizer)
    let text = StopText(context.options.stopStrings)
    // All begin as the same sequence; only the first one's continuations count in the first step.
    running = (0..<beams.count).map {
      Beam(score: $0 == 0 ? 0 : -Self.never, slot: slot, decoder: decoder, text: text)
    }
    frontier = BeamFrontier(
      capacity: max(2, 1 + Set(context.endings).count) * beams.count)
    scratch = [Float](repeating: 0, count: context.session.vocabularySize)
  }

  func step(
    _ chooser: TokenChooser, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) -> [(id: Int32, slot: Int)] {
    frontier.removeAll()
    for (parent, beam) in running.enumerated() { try extend(beam, parent, chooser.rules) }
    let candidates = frontier.sorted()
    guard !candidates.isEmpty else {
      try finish(.blocked, report)
      return []
    }
    var next: [(beam: Beam, score: Double)] = []
    var allEnded = true
    for (rank, candidate) in candidates.enumerated() {
      var beam = running[candidate.parent]
      let reason = try append(candidate, to: &beam)
      if let reason {
        if rank < beams.count { keep(beam, reason) }
      } else {
        allEnded = false
      }
      next.append((beam, candidate.score - (reason == nil ? 0 : Self.never)))
    }
    // Stable: of equal scores the better candidate, as it came.
    let order = next.indices.sorted { (next[$0].score, $1) > (next[$1].score, $0) }
    let chosen = order.prefix(beams.count).map { next[$0] }
    guard !allEnded, let best = chosen.first, !isDecided(best.score, best.beam.ids.count) else {
      try finish(.length, report)
      return []
    }
    return try advance(chosen)
  }

  /// Offers the continuations of one hypothesis to the frontier.
  private func extend(_ beam: Beam, _ parent: Int, _ rules: ScoreRules) throws(DSXError) {
    let history = request.ids + beam.ids
    let distinct = context.options.repetitionPenalty == 1 ? [] : Array(Set(history))
    let offset = beam.score
    var failure: DSXError?
    context.session.withLogits(of: beam.slot) { logits in
      do throws(DSXError) {
        let logSum = try TokenChooser.normalizer(logits).logSum
        scratch.withUnsafeMutableBufferPointer { scores in
          for (id, logit) in logits.enumerated() { scores[id] = Float(Double(logit) - logSum) }
          rules.apply(scores, history: history, newTokens: beam.ids.count, distinct: distinct)
          for (id, score) in scores.enumerated() where score > -.infinity {
            frontier.offer(
              BeamFrontier.Candidate(
                score: offset + Double(score), parent: parent, id: Int32(truncatingIfNeeded: id),
                logProbability: 0))
          }
        }
        frontier.fill(parent) { Double(logits[Int($0)]) - logSum }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Adds a candidate's id to a copy of its hypothesis; the reason when it ends there.
  private func append(_ candidate: BeamFrontier.Candidate, to beam: inout Beam) throws(DSXError)
    -> FinishReason?
  {
    beam.ids.append(candidate.id)
    beam.logProbabilities.append(candidate.logProbability)
    beam.score = candidate.score
    let reason = context.finish(
      candidate.id, count: beam.ids.count, promptTokens: request.ids.count)
    guard !context.isEnding(candidate.id) else { return reason }
    beam.text.append(try beam.decoder.append(candidate.id))
    return beam.text.isStopped ? .stop : reason
  }

  /// The log-probability over the length to the power of the penalty.
  private func score(of beam: Beam) -> Double {
    beam.score / pow(Double(max(1, beam.ids.count)), beams.lengthPenalty)
  }

  /// Sets an ended hypothesis aside, if it is among the best.
  private func keep(_ beam: Beam, _ reason: FinishReason) {
    let score = score(of: beam)
    let place = ended.firstIndex { $0.score < score } ?? ended.count
    ended.insert(Ended(beam: beam, score: score, finish: reason), at: place)
    if ended.count > beams.count { ended.removeLast() }
  }

  /// Makes the chosen continuations the running hypotheses: the first child of a sequence takes it over,
  /// further ones get copies, childless ones are released.
  private func advance(_ chosen: [(beam: Beam, score: Double)]) throws(DSXError)
    -> [(id: Int32, slot: Int)]
  {
    let old = Set(running.map(\.slot))
    var taken: Set<Int> = []
    var next: [Beam] = []
    var steps: [(id: Int32, slot: Int)] = []
    for choice in chosen {
      var beam = choice.beam
      beam.score = choice.score
      if !taken.insert(beam.slot).inserted {
        do throws(DSXError) { beam.slot = try context.session.copy(beam.slot) } catch {
          running += next
          throw error
        }
      }
      next.append(beam)
      if let id = beam.ids.last { steps.append((id, beam.slot)) }
    }
    for slot in old.subtracting(taken) { context.session.release(slot) }
    running = next
    return steps
  }

  /// Whether what is running, of which the best has `score` after `count` ids, cannot become better than
  /// what has ended.
  private func isDecided(_ score: Double, _ count: Int) -> Bool {
    guard ended.count == beams.count, let worst = ended.last?.score else { return false }
    if beams.earlyStopping == .always { return true }
    let length =
      beams.earlyStopping == .never && beams.lengthPenalty > 0
      ? context.options.maxNewTokens : count
    return score / pow(Double(length), beams.lengthPenalty) <= worst
  }

  private func finish(
    _ reason: FinishReason, _ report: (GenerationEvent) throws(DSXError) -> Void
  ) throws(DSXError) {
    // Nothing has ended only when no id was left: then the best that was running.
    let fallback = running.first.map {
      Ended(beam: $0, score: score(of: $0), finish: reason)
    }
    guard var best = ended.first ?? fallback else { return }
    if !best.beam.text.isStopped { best.beam.text.append(try best.beam.decoder.finish()) }
    let bytes = best.beam.text.take(all: true)
    let text = String(decoding: bytes, as: UTF8.self)
    if !bytes.isEmpty { try report(.piece(index: request.index, text: text)) }
    try report(
      .finished(
        GenerationResult(
          index: request.index, promptTokens: request.ids.count, ids: best.beam.ids,
          logProbabilities: best.beam.logProbabilities, text: text,
          finish: best.beam.text.isStopped ? .stop : best.finish, beamScore: best.score)))
  }
}
