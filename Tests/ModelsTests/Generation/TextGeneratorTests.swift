import DSXCore
import Testing

@testable import Models

/// Texts through a whole model folder.
@Suite struct TextGeneratorTests {
  /// A random model; every byte is an id.
  private func loaded(_ scratch: borrowing Scratch) throws -> LoadedModel {
    try TinyGPT2(positions: 24).write(to: scratch)
    return try ModelFolder.open(scratch.path)
  }

  private func generator(
    _ loaded: LoadedModel, _ options: GenerationOptions = GenerationOptions(maxNewTokens: 8),
    _ rules: PromptRules = PromptRules(), batchSize: Int = 3
  ) throws -> TextGenerator {
    try TextGenerator(loaded, options: options, rules: rules, batchSize: batchSize)
  }

  @Test func prompts() throws {
    let scratch = try Scratch()
    let loaded = try loaded(scratch)
    let plain = try generator(loaded)
    #expect(try plain.ids(of: "abc").count == 3)
    let bos = try generator(loaded, GenerationOptions(maxNewTokens: 8), PromptRules(addsBOS: true))
    #expect(try bos.ids(of: "abc") == [0] + plain.ids(of: "abc"))
    let long = String(repeating: "abcdefgh", count: 5)
    #expect(throws: DSXError.self) { try plain.ids(of: long) }
    #expect(throws: DSXError.self) { try plain.ids(of: "") }
    var encoder = loaded.tokenizer.makeEncoder()
    let whole = encoder.encode(long)
    for (rule, end) in [(LongInput.truncateLeft, true), (.truncateRight, false)] {
      let cut = try generator(
        loaded, GenerationOptions(maxNewTokens: 8), PromptRules(longInput: rule, addsBOS: true))
      // 24 positions less 8 new ids; the first one is the begin-of-text id.
      #expect(try cut.ids(of: long) == [0] + (end ? whole.suffix(15) : whole.prefix(15)))
    }
    #expect(throws: DSXError.self) {
      try generator(loaded, GenerationOptions(), PromptRules(longInput: .truncateLeft))
    }
    #expect(throws: DSXError.self) {
      try generator(loaded, GenerationOptions(), PromptRules(longInput: .window))
    }
  }

  /// The log-probabilities are those of the scorer, and greedy is what it calls greedy.
  @Test func agreesWithTheScorer() throws {
    let scratch = try Scratch()
    let loaded = try loaded(scratch)
    let options = GenerationOptions(maxNewTokens: 9, stopsAtEndOfText: false)
    let prompts = ["a", "hello", "x y", "中"]
    let generator = try generator(loaded, options)
    let results = try generator.generate(prompts).map { try $0.get() }
    let scorer = try loaded.model.makeScorer(ComputeOptions())
    for (prompt, result) in zip(prompts, results) {
      let ids = try generator.ids(of: prompt)
      #expect(result.ids.count == 9 && result.finish == .length)
      let score = try scorer.score([
        LikelihoodRequest(ids: ids + result.ids, scored: ids.count..<ids.count + 9)
      ])[0]
      #expect(score.isGreedy)
      for (mine, other) in zip(result.logProbabilities, score.values) {
        #expect(abs(mine - other) < 1e-5)
      }
    }
  }

  @Test func refusedPromptsDoNotStopOthers() throws {
    let scratch = try Scratch()
    let generator = try generator(try loaded(scratch))
    let results = try generator.generate(
      ["one", "", String(repeating: "z", count: 99), "two"])
    let failed = results.map { if case .failure = $0 { true } else { false } }
    #expect(failed == [false, true, true, false])
  }

  /// To the last bit: what was interrupted begins again behind its last text, in other company.
  @Test(arguments: [ComputeType.float32, .bfloat16])
  func textsDoNotDependOnTheBatch(type: ComputeType) throws {
    let tests = FilePath.split(FilePath.split(#filePath).folder).folder
    let package = FilePath.split(FilePath.split(tests).folder).folder
    let loaded = try ModelFolder.open(
      package + "/models/nanogpt_zh", ModelOptions(computeType: type))
    // One beginning for all; some of few rows, some of more than are computed together.
    let source = Array(String(repeating: "数据包的配置文件和命令行工具，用于处理文本。", count: 20))
    let prompts = (0..<20).map { index in
      "数据" + String(source[..<(index % 7 == 6 ? 250 + index : 1 + index * 5 % 23)])
    }
    let options = GenerationOptions(
      strategy: .sample(SamplingOptions(temperature: 0.9, seed: 4)), maxNewTokens: 12)
    func texts(_ range: Range<Int>, _ size: Int) throws -> [Int: GenerationResult] {
      let generator = try TextGenerator(
        loaded, options: options, compute: ComputeOptions(workers: 2, sharesPrefixes: false),
        batchSize: size)
      var (next, results) = (range.lowerBound, [Int: GenerationResult]())
      try generator.run { () throws(DSXError) -> (index: Int, prompt: String)? in
        guard next < range.upperBound else { return nil }
        defer { next += 1 }
        return (next, prompts[next])
      } _: { (event: GenerationEvent) throws(DSXError) in
        if case .finished(let result) = event { results[result.index] = result }
      }
      return results
    }
    let whole = try texts(0..<20, 8)
    #expect(whole.count == 20)
    #expect(whole.values.contains { $0.promptTokens > Linear.fewRows })
    for size in [1, 3, 16, 200] {
      let others = try texts(0..<20, size)
      #expect(others == whole, "batches of \(size)")
    }
    for start in [1, 7, 13] {
      let rest = try texts(start..<20, 8)
      for (index, result) in rest { #expect(result == whole[index], "prompt \(index)") }
    }
  }

  /// End-of-text ids as transformers finds them.
  @Test func endOfText() throws {
    let scratch = try Scratch()
    let loaded = try loaded(scratch)
    #expect(try EndOfText.ids(of: loaded) == [0])
    try scratch.write("generation_config.json", ["eos_token_id": [5, 7, 5]])
    #expect(try EndOfText.ids(of: loaded) == [5, 7])
    try scratch.write("generation_config.json", ["eos_token_id": 300])
    #expect(throws: DSXError.self) { try EndOfText.ids(of: loaded) }
  }
}
