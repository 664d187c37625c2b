import DSXCore
import Foundation
import Testing

@testable import Models

/// Beam search against transformers' `_beam_search` written out for a batch of one, with whole arrays.
@Suite struct BeamTaskTests {
  /// The best ids and their score.
  private func reference(
    _ session: FakeSession, _ prompt: [Int32], _ beams: BeamOptions, _ maximum: Int,
    _ endings: Set<Int32>
  ) throws -> (ids: [Int32], score: Double) {
    let width = beams.count
    var running = [[Int32]](repeating: [], count: width)
    var runningScores = [0] + [Double](repeating: -1e9, count: width - 1)
    var done: [(ids: [Int32], score: Double, isDone: Bool)] = Array(
      repeating: ([], -1e9, false), count: width)
    for length in 1...maximum {
      var all: [(score: Double, parent: Int, id: Int32)] = []
      for parent in 0..<width {
        let slot = try session.start([prompt + running[parent]])[0]
        let logits = session.withLogits(of: slot) { $0.map { Double($0) } }
        session.release(slot)
        let sum = log(logits.map { exp($0) }.reduce(0, +))
        for (id, logit) in logits.enumerated() {
          all.append((runningScores[parent] + Double(Float(logit - sum)), parent, Int32(id)))
        }
      }
      let keep = max(2, 1 + endings.count) * width
      let order = all.indices.sorted { (all[$0].score, $1) > (all[$1].score, $0) }.prefix(keep)
      let top = order.map { all[$0] }
      let hits = top.map { endings.contains($0.id) || length == maximum }
      let sequences = top.map { running[$0.parent] + [$0.id] }
      let next = top.indices.map { top[$0].score + (hits[$0] ? -1e9 : 0) }
      let chosen = top.indices.sorted { (next[$0], $1) > (next[$1], $0) }.prefix(width)
      for rank in top.indices where hits[rank] && rank < width {
        done.append(
          (sequences[rank], top[rank].score / pow(Double(length), beams.lengthPenalty), true))
      }
      let best = done.indices.sorted { (done[$0].score, $1) > (done[$1].score, $0) }.prefix(width)
      done = best.map { done[$0] }
      running = chosen.map { sequences[$0] }
      runningScores = chosen.map { next[$0] }
      let assumed =
        beams.earlyStopping == .never && beams.lengthPenalty > 0 ? Double(maximum) : Double(length)
      let possible = runningScores[0] / pow(assumed, beams.lengthPenalty)
      let worst = done.map(\.score).min() ?? 0
      let canImprove = done.contains { possible > ($0.isDone ? worst : -1e9) }
      let isFull = done.allSatisfy(\.isDone) && beams.earlyStopping == .always
      if !canImprove || isFull || hits.allSatisfy({ $0 }) { break }
    }
    return (done[0].ids, done[0].score)
  }

  @Test(arguments: BeamOptions.EarlyStopping.allCases)
  func agreesWithThePlainForm(_ early: BeamOptions.EarlyStopping) throws {
    var random = PCG64(seed: 77)
    for round in 0..<60 {
      let vocabulary = 9 + Int(random.bounded(8))
      let beams = BeamOptions(
        count: 1 + Int(random.bounded(4)),
        lengthPenalty: [-0.5, 0, 1, 2][Int(random.bounded(4))], earlyStopping: early)
      let session = FakeSession.random(vocabulary: vocabulary, seed: UInt64(round), spread: 3)
      let endings: [Int32] = [[], [2], [2, 5]][Int(random.bounded(3))]
      let maximum = 1 + Int(random.bounded(7))
      let generator = try Generator(
        session: session, tokenizer: ByteTokenizer(),
        options: GenerationOptions(strategy: .beams(beams), maxNewTokens: maximum),
        endOfText: endings, batchSize: 8)
      let ours = try generator.run([GenerationRequest(index: 0, ids: [1, 4])])[0].get()
      #expect(session.open == 0)
      let theirs = try reference(session, [1, 4], beams, maximum, Set(endings))
      #expect(ours.ids == theirs.ids, "round \(round)")
      #expect(abs((ours.beamScore ?? 0) - theirs.score) < 1e-6)
      #expect(ours.finish == (endings.contains(ours.ids.last ?? -1) ? .endOfText : .length))
    }
  }

  /// One beam is greedy search.
  @Test func oneBeam() throws {
    let options = [
      GenerationOptions(maxNewTokens: 15, repetitionPenalty: 1.2),
      GenerationOptions(
        strategy: .beams(BeamOptions(count: 1)), maxNewTokens: 15, repetitionPenalty: 1),
    ]
    let greedy = try Generator(
      session: FakeSession.random(vocabulary: 40), tokenizer: ByteTokenizer(),
      options: GenerationOptions(maxNewTokens: 15), endOfText: [], batchSize: 1)
    let beams = try Generator(
      session: FakeSession.random(vocabulary: 40), tokenizer: ByteTokenizer(),
      options: options[1], endOfText: [], batchSize: 1)
    let request = [GenerationRequest(index: 0, ids: [3])]
    let ours = try beams.run(request)[0].get()
    let theirs = try greedy.run(request)[0].get()
    #expect(ours.ids == theirs.ids)
    #expect(zip(ours.logProbabilities, theirs.logProbabilities).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func stopStringsEndHypotheses() throws {
    let options = GenerationOptions(
      strategy: .beams(BeamOptions(count: 2)), maxNewTokens: 8, stopStrings: ["b"])
    let session = FakeSession(vocabulary: 257) { history in
      var logits = [Float](repeating: 0, count: 257)
      logits[history.count == 1 ? 0x61 : 0x62] = 9
      return logits
    }
    let generator = try Generator(
      session: session, tokenizer: ByteTokenizer(), options: options, endOfText: [], batchSize: 2)
    let result = try generator.run([GenerationRequest(index: 0, ids: [1])])[0].get()
    #expect(result.text == "a" && result.finish == .stop)
    #expect(session.open == 0)
  }
}
