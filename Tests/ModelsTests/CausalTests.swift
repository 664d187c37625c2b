import DSXCore
import Testing

@testable import Models

/// Scoring and sessions on the engine, against the plain form and against themselves.
@Suite struct CausalTests {
  private static func tiny(context: Int = 400, layers: Int = 2) -> TinyTransformer {
    var configuration = TransformerTests.configuration(
      shared: 2, headWidth: 4, width: 16, inner: 20, context: context)
    configuration.norm = .rms
    configuration.isGated = true
    configuration.activation = .silu
    configuration.rotary = RotaryPositions(width: 4, base: 1_000)
    return TinyTransformer(
      configuration, TinyTransformer.Options(biases: false, layers: layers, learned: false))
  }

  private func ids(_ count: Int, _ random: inout PCG64) -> [Int32] {
    (0..<count).map { _ in Int32(random.bounded(60)) }
  }

  /// Questions with a common prefix, contexts and choices; some requests repeat or end in another.
  private func requests(_ random: inout PCG64, prefix: Int, questions: Int) -> [LikelihoodRequest] {
    let shots = ids(prefix, &random)
    var requests: [LikelihoodRequest] = []
    for question in 0..<questions {
      let context = shots + ids(1 + Int(random.bounded(40)), &random)
      for choice in 0..<4 {
        let sequence = context + ids(1 + choice % 3, &random)
        requests.append(
          LikelihoodRequest(ids: sequence, scored: context.count..<sequence.count))
      }
      if question % 3 == 0, let last = requests.last {
        requests.append(last)
        requests.append(LikelihoodRequest(ids: last.ids, scored: 1..<2))
        requests.append(LikelihoodRequest(ids: context + [7, 8], scored: 1..<context.count + 1))
      }
    }
    return requests
  }

  private func expectClose(_ ours: [Likelihoods], _ theirs: [Likelihoods]) {
    #expect(ours.count == theirs.count)
    var worst = 0.0
    for (one, other) in zip(ours, theirs) {
      #expect(one.values.count == other.values.count && one.isGreedy == other.isGreedy)
      for (mine, its) in zip(one.values, other.values) { worst = max(worst, abs(mine - its)) }
    }
    #expect(worst < 1e-5)
  }

  @Test func scoresAgreeWithThePlainForm() throws {
    let tiny = Self.tiny()
    let model = try tiny.causal()
    var random = PCG64(seed: 5)
    let requests = requests(&random, prefix: 20, questions: 6)
    let scores = try model.makeScorer(ComputeOptions()).score(requests)
    for (request, score) in zip(requests, scores) {
      let plain = tiny.logLikelihoods(request.ids)
      for (position, value) in zip(request.scored, score.values) {
        #expect(abs(plain[position - 1] - value) < 2e-5)
      }
    }
  }

  /// With and without reuse, in one batch and in several, for any number of workers.
  @Test(arguments: [0, 3, 200])
  func prefixReuse(_ prefix: Int) throws {
    let model = try Self.tiny().causal()
    var random = PCG64(seed: UInt64(prefix + 1))
    let requests = requests(&random, prefix: prefix, questions: 20)
    let plain = try model.makeScorer(ComputeOptions(sharesPrefixes: false))
    let wanted = try plain.score(requests)
    let whole = try model.makeScorer(ComputeOptions())
    let scores = try whole.score(requests)
    expectClose(scores, wanted)
    #expect(whole.tally.requestedTokens == plain.tally.requestedTokens)
    #expect(plain.tally.computedTokens == plain.tally.requestedTokens)
    #expect(whole.tally.computedTokens * 2 < whole.tally.requestedTokens)
    for workers in [2, 3] {
      let other = try model.makeScorer(ComputeOptions(workers: workers))
      let same = try other.score(requests) == scores
      #expect(same)
    }
    // In batches: the prefix is remembered.
    let batched = try model.makeScorer(ComputeOptions(workers: 2))
    var parts: [Likelihoods] = []
    for start in stride(from: 0, to: requests.count, by: 7) {
      parts += try batched.score(Array(requests[start..<min(start + 7, requests.count)]))
    }
    expectClose(parts, wanted)
  }

  /// A few-shot prefix is computed once for a run, not once a batch.
  @Test func remembersThePrefix() throws {
    let model = try Self.tiny().causal()
    var random = PCG64(seed: 8)
    let shots = ids(150, &random)
    let scorer = try model.makeScorer(ComputeOptions())
    let plain = try model.makeScorer(ComputeOptions(sharesPrefixes: false))
    for batch in 0..<4 {
      let requests = (0..<6).map { _ in
        let sequence = shots + ids(5, &random)
        return LikelihoodRequest(ids: sequence, scored: 152..<155)
      }
      expectClose(try scorer.score(requests), try plain.score(requests))
      #expect(scorer.tally.computedTokens <= 150 + (batch + 1) * 6 * 4)
    }
    // Another prefix: nothing of the old one is used.
    let others = (0..<3).map { _ in
      LikelihoodRequest(ids: ids(30, &random), scored: 20..<30)
    }
    expectClose(try scorer.score(others), try plain.score(others))
    // Scores inside of the prefix are computed although it is known.
    let inside = [LikelihoodRequest(ids: shots, scored: 1..<150)]
    expectClose(try scorer.score(inside), try plain.score(inside))
  }

  /// Few rows in a pass: trees that are cut into levels.
  @Test func smallPasses() throws {
    let tiny = Self.tiny()
    let model = try tiny.causal()
    var random = PCG64(seed: 13)
    let requests = requests(&random, prefix: 120, questions: 12)
    let wanted = try model.makeScorer(ComputeOptions()).score(requests)
    let parts = try #require(tiny.parts)
    // Room for the longest sequence, and not much more.
    let rows = requests.map(\.ids.count).max() ?? 0
    let least = TransformerWorkspace.bytes(
      parts.configuration, rows: rows, keys: parts.context,
      tile: VocabularyHead.tileCount(parts.head, rows: rows))
    let limit = ComputeOptions(workers: 3, memoryLimit: least + 1_000)
    expectClose(try model.makeScorer(limit).score(requests), wanted)
    #expect {
      try model.makeScorer(ComputeOptions(memoryLimit: 20_000)).score(requests)
    } throws: { ($0 as? DSXError)?.code == .usage }
  }

  @Test func refusesBadRequests() throws {
    let model = try Self.tiny(context: 20).causal()
    let scorer = try model.makeScorer(ComputeOptions())
    for (ids, scored) in [
      ([], 0..<0), ([1], 1..<1), ([1, 60], 1..<2), ([-1, 2], 1..<2), ([1, 2], 0..<2),
      ([1, 2], 1..<3), ([Int32](repeating: 1, count: 22), 1..<22),
    ] as [([Int32], Range<Int>)] {
      #expect {
        try scorer.score([LikelihoodRequest(ids: ids, scored: scored)])
      } throws: { ($0 as? DSXError)?.code == .usage }
    }
    let nothing = try scorer.score([LikelihoodRequest(ids: [1, 2], scored: 1..<1)])
    #expect(nothing == [Likelihoods(values: [], isGreedy: true)])
    #expect(try scorer.score([]).isEmpty)
  }

  // MARK: sessions

  private func logits(_ session: any GenerationSession, _ slot: Int) -> [Float] {
    session.withLogits(of: slot) { Array($0) }
  }

  private func expectLogits(
    _ session: any GenerationSession, _ slot: Int, _ tiny: TinyTransformer, _ ids: [Int32]
  ) {
    let wanted = tiny.nextLogits(ids)
    #expect(session.length(of: slot) == ids.count)
    let worst = zip(logits(session, slot), wanted).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    #expect(worst < 5e-5)
  }

  @Test(arguments: [1, 2, 3])
  func sessions(_ workers: Int) throws {
    let tiny = Self.tiny()
    let model = try tiny.causal()
    var random = PCG64(seed: 31)
    let session = try model.makeSession(ComputeOptions(workers: workers))
    let shared = ids(9, &random)
    var texts = [shared + [1], shared + [2, 3], shared, ids(40, &random), [5]]
    var slots = try session.start(texts)
    for (slot, text) in zip(slots, texts) { expectLogits(session, slot, tiny, text) }
    for step in 0..<40 {
      // Sequences end, start and split at different times.
      if step == 7 { session.release(slots.remove(at: 3)); texts.remove(at: 3) }
      if step == 11 {
        slots.append(try session.copy(slots[0]))
        texts.append(texts[0])
      }
      if step == 20 {
        texts.append(ids(3, &random))
        slots += try session.start([texts[texts.count - 1]])
      }
      let next = slots.map { _ in Int32(random.bounded(60)) }
      try session.append(next, to: slots)
      for index in texts.indices { texts[index].append(next[index]) }
      if step % 13 == 12 || step == 11 {
        for (slot, text) in zip(slots, texts) { expectLogits(session, slot, tiny, text) }
      }
    }
  }

  @Test func sessionsDoNotDependOnWorkers() throws {
    let tiny = Self.tiny()
    let model = try tiny.causal()
    var all: [[Float]] = []
    for workers in [1, 2, 3] {
      let session = try model.makeSession(ComputeOptions(workers: workers))
      let slots = try session.start([[1, 2, 3], [4, 5]])
      for id in 0..<20 { try session.append([Int32(id), Int32(id + 1)], to: slots) }
      all.append(logits(session, slots[0]) + logits(session, slots[1]))
    }
    #expect(all[0] == all[1] && all[0] == all[2])
  }

  @Test func sessionErrors() throws {
    let model = try Self.tiny(context: 6).causal()
    let session = try model.makeSession(ComputeOptions())
    for prompt: [Int32] in [[], [60], [1, -1], [1, 1, 1, 1, 1, 1, 1]] {
      #expect { try session.start([[1], prompt]) } throws: {
        ($0 as? DSXError)?.code == .usage
      }
    }
    let slots = try session.start([[1, 2, 3, 4, 5]])
    try session.append([1], to: slots)
    #expect { try session.append([1], to: slots) } throws: { ($0 as? DSXError)?.code == .usage }
    session.release(slots[0])
    #expect(session.length(of: slots[0]) == 0)
    #expect { try session.append([1], to: slots) } throws: {
      ($0 as? DSXError)?.code == .internal
    }
  }
}
