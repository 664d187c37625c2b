import DSXCore
import Testing

@testable import Models

@Suite struct GeneratorTests {
  private func requests(_ prompts: [[Int32]]) -> [GenerationRequest] {
    prompts.enumerated().map { GenerationRequest(index: $0, ids: $1) }
  }

  private func results(
    _ session: FakeSession, _ options: GenerationOptions, _ prompts: [[Int32]],
    endOfText: [Int32] = [], batchSize: Int = 4
  ) throws -> [GenerationResult] {
    let generator = try Generator(
      session: session, tokenizer: ByteTokenizer(), options: options, endOfText: endOfText,
      batchSize: batchSize)
    let results = try generator.run(requests(prompts)).map { try $0.get() }
    #expect(session.open == 0, "every slot is released")
    return results
  }

  @Test func says() throws {
    let session = FakeSession.saying("你好, world", after: 3)
    let result = try results(session, GenerationOptions(), [[1, 2, 3]], endOfText: [256])[0]
    #expect(result.text == "你好, world")
    #expect(result.finish == .endOfText)
    #expect(result.ids.last == 256)
    #expect(result.promptTokens == 3)
    #expect(result.logProbabilities.count == result.ids.count)
    #expect(result.logProbabilities.allSatisfy { $0 < 0 && $0 > -0.1 })
  }

  @Test func endings() throws {
    func finish(_ options: GenerationOptions) throws -> (FinishReason, String, Int) {
      let session = FakeSession.saying("one\n\ntwo", after: 2)
      let result = try results(session, options, [[1, 2]], endOfText: [256])[0]
      return (result.finish, result.text, result.ids.count)
    }
    #expect(try finish(GenerationOptions(maxNewTokens: 4)) == (.length, "one\n", 4))
    #expect(try finish(GenerationOptions(stopStrings: ["\n\n"])) == (.stop, "one", 5))
    // 0x0a is the id of the line feed.
    #expect(try finish(GenerationOptions(stopIDs: [0x0a])) == (.stop, "one", 4))
    #expect(try finish(GenerationOptions()) == (.endOfText, "one\n\ntwo", 9))
    let longer = GenerationOptions(maxNewTokens: 12, stopsAtEndOfText: false)
    #expect(try finish(longer) == (.length, "one\n\ntwo", 12))
    let forced = GenerationOptions(maxNewTokens: 12, minNewTokens: 12)
    #expect(try finish(forced).0 == .length)
  }

  @Test func contextEndsAText() throws {
    let session = FakeSession.random(vocabulary: 20, context: 10)
    let result = try results(session, GenerationOptions(), [[1, 2, 3]])[0]
    // The last id needs no position.
    #expect(result.finish == .context)
    #expect(result.ids.count == 8)
    let full = try results(session, GenerationOptions(), [[Int32](repeating: 1, count: 10)])[0]
    #expect(full.finish == .context && full.ids.count == 1)
  }

  /// Greedy by hand: the largest logit after each history.
  @Test func greedy() throws {
    let session = FakeSession.random(vocabulary: 50)
    let options = GenerationOptions(maxNewTokens: 20)
    let ids = try results(session, options, [[7, 8]])[0].ids
    var history: [Int32] = [7, 8]
    let slot = try session.start([history])[0]
    for id in ids {
      let best = session.withLogits(of: slot) { logits in logits.firstIndex(of: logits.max() ?? 0) }
      #expect(best == Int(id))
      history.append(id)
      try session.append([id], to: [slot])
    }
    session.release(slot)
  }

  @Test(arguments: [1, 2, 3, 5, 16])
  func independentOfBatchMates(batchSize: Int) throws {
    var random = PCG64(seed: 2)
    let prompts = (0..<12).map { _ in
      (0..<(1 + Int(random.bounded(9)))).map { _ in Int32(random.bounded(30)) }
    }
    for options in [
      GenerationOptions(maxNewTokens: 12, repetitionPenalty: 1.3),
      GenerationOptions(
        strategy: .sample(SamplingOptions(temperature: 1.5, topK: 9, topP: 0.9, seed: 5)),
        maxNewTokens: 12),
      GenerationOptions(strategy: .beams(BeamOptions(count: 3)), maxNewTokens: 6),
    ] {
      let session = FakeSession.random(vocabulary: 30)
      let together = try results(session, options, prompts, endOfText: [3], batchSize: batchSize)
      #expect(together.map(\.index) == Array(0..<12))
      if case .beams = options.strategy {
        #expect(session.most <= max(2 * batchSize, 6))
      } else {
        #expect(session.most == min(12, batchSize))
      }
      let generator = try Generator(
        session: FakeSession.random(vocabulary: 30), tokenizer: ByteTokenizer(), options: options,
        endOfText: [3], batchSize: 1)
      for (index, prompt) in prompts.enumerated() {
        let alone = try generator.run([GenerationRequest(index: index, ids: prompt)])[0].get()
        #expect(alone == together[index])
      }
    }
  }

  @Test func seedsDecide() throws {
    func ids(_ seed: UInt64) throws -> [[Int32]] {
      let options = GenerationOptions(
        strategy: .sample(SamplingOptions(seed: seed)), maxNewTokens: 20)
      return try results(
        FakeSession.random(vocabulary: 100), options, [[1], [1], [1]]
      ).map(\.ids)
    }
    #expect(try ids(1) == ids(1))
    #expect(try ids(1) != ids(2))
    // The same prompt at another place has draws of its own.
    #expect(Set(try ids(1)).count == 3)
  }

  @Test func penaltyAndNGrams() throws {
    // Always prefers id 1, then 2, then 3.
    let session = FakeSession(vocabulary: 6) { _ in [-3, 4, 3, 2, 1, -1] }
    #expect(
      try results(session, GenerationOptions(maxNewTokens: 3), [[5]])[0].ids == [1, 1, 1])
    let penalty = GenerationOptions(maxNewTokens: 4, repetitionPenalty: 2.5)
    // 4 -> 1.6, then 3 -> 1.2, then 2 -> 0.8: what is left is id 1 at 1.6.
    #expect(try results(session, penalty, [[5]])[0].ids == [1, 2, 3, 1])
    let unigrams = GenerationOptions(maxNewTokens: 9, noRepeatNGram: 1)
    let blocked = try results(session, unigrams, [[5]])[0]
    #expect(blocked.ids == [1, 2, 3, 4, 0])
    #expect(blocked.finish == .blocked)
    let bigrams = GenerationOptions(maxNewTokens: 6, noRepeatNGram: 2)
    #expect(try results(session, bigrams, [[5]])[0].ids == [1, 1, 2, 1, 3, 1])
  }

  @Test func streamsPieces() throws {
    let session = FakeSession.saying("好的.STOPxx", after: 1)
    let generator = try Generator(
      session: session, tokenizer: ByteTokenizer(),
      options: GenerationOptions(stopStrings: ["STOP"]), endOfText: [256], batchSize: 2)
    var requests = [GenerationRequest(index: 4, ids: [1])]
    var pieces: [String] = []
    var texts: [String] = []
    try generator.run { () throws(DSXError) in
      requests.popLast()
    } _: { (event) throws(DSXError) in
      switch event {
      case .piece(let index, let text):
        #expect(index == 4)
        pieces.append(text)
      case .finished(let result): texts.append(result.text)
      case .refused: Issue.record("refused")
      }
    }
    #expect(pieces == ["好", "的", "."])
    #expect(texts == ["好的."])
  }

  @Test func refusals() throws {
    let session = FakeSession.random(vocabulary: 20, context: 4)
    let generator = try Generator(
      session: session, tokenizer: ByteTokenizer(), options: GenerationOptions(maxNewTokens: 2),
      endOfText: [], batchSize: 2)
    let results = try generator.run(requests([[1], [], [1, 2, 3, 4, 5], [1, 20], [-1], [2]]))
    let failed = results.map { if case .failure = $0 { true } else { false } }
    #expect(failed == [false, true, true, true, true, false])
    for options in [
      GenerationOptions(maxNewTokens: 0), GenerationOptions(maxNewTokens: 2, minNewTokens: 3),
      GenerationOptions(repetitionPenalty: 0), GenerationOptions(noRepeatNGram: -1),
      GenerationOptions(stopStrings: [""]), GenerationOptions(stopIDs: [20]),
      GenerationOptions(strategy: .sample(SamplingOptions(temperature: 0))),
      GenerationOptions(strategy: .sample(SamplingOptions(temperature: .nan))),
      GenerationOptions(strategy: .sample(SamplingOptions(topK: -1))),
      GenerationOptions(strategy: .sample(SamplingOptions(topP: 1.1))),
      GenerationOptions(strategy: .sample(SamplingOptions(minP: -0.1))),
      GenerationOptions(strategy: .beams(BeamOptions(count: 0))),
      GenerationOptions(strategy: .beams(BeamOptions(count: 2, lengthPenalty: .infinity))),
    ] {
      #expect(throws: DSXError.self) {
        try Generator(
          session: session, tokenizer: ByteTokenizer(), options: options, endOfText: [],
          batchSize: 1)
      }
    }
  }

  @Test func damagedLogits() throws {
    let session = FakeSession(vocabulary: 3) { history in
      history.count > 2 ? [0, .nan, 1] : [0, 1, 0]
    }
    let generator = try Generator(
      session: session, tokenizer: ByteTokenizer(), options: GenerationOptions(), endOfText: [],
      batchSize: 2)
    #expect(throws: DSXError.self) { try generator.run(requests([[1], [1]])) }
    #expect(session.open == 0)
  }
}
