import DSXCore
import Testing

@testable import Models

/// `dsx models check` refuses what opening refuses, says what memory lacks before it reads, and
/// builds nothing but a description for `show`.
@Suite struct CheckedOpeningTests {
  /// What check says of a model that opening (or a first use) refuses.
  private func problems(
    _ scratch: borrowing Scratch, _ options: ModelOptions = ModelOptions()
  ) throws -> [DSXError] {
    let found = try ModelFolder.inspect(scratch.path, options, readsValues: true)
    #expect(found.isSound == (found.problems.isEmpty && found.count(.notFinite) == 0))
    return found.problems
  }

  @Test func tiedHeadWithOtherNumbers() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    let words = try #require(tiny.tensors.first { $0.name == "transformer.wte.weight" })
    tiny.tensors.append(("lm_head.weight", words.shape, words.values))
    try tiny.write(to: scratch)
    #expect(try problems(scratch).isEmpty)
    tiny.tensors[tiny.tensors.count - 1].values[7] += 1
    try tiny.write(to: scratch)
    let found = try problems(scratch)
    #expect(found.map(\.code) == [.corrupt])
    #expect(found.first?.message.contains("holds other numbers") == true)
    do {
      _ = try ModelFolder.open(scratch.path)
      Issue.record("opened")
    } catch { #expect(error.message == found.first?.message) }
  }

  @Test func endOfTextIsLookedAt() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    try scratch.write("generation_config.json", ["eos_token_id": [0, 9999]])
    for readsValues in [false, true] {
      let found = try ModelFolder.inspect(scratch.path, readsValues: readsValues)
      #expect(found.problems.map(\.code) == [.malformed])
      #expect(
        found.problems.first?.location.file?.hasSuffix("generation_config.json") == true)
    }
    try scratch.write("generation_config.json", ["eos_token_id": [0, 1]])
    #expect(try problems(scratch).isEmpty)
  }

  @Test func notFiniteValuesAreFoundInOnePass() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors[3].values[2] = .nan
    tiny.tensors[5].values[0] = .infinity
    try tiny.write(to: scratch)
    let found = try ModelFolder.inspect(scratch.path, readsValues: true)
    let bad = found.tensors.filter { $0.finding == .notFinite }.map(\.name)
    #expect(bad == [tiny.tensors[3].name, tiny.tensors[5].name].sorted())
    #expect(found.problems.isEmpty && !found.isSound)
  }

  private func table(_ scratch: borrowing Scratch, scale: [Float]) throws {
    try scratch.write(
      "config.json",
      [
        "model_type": "logistic_regression", "features": ["x", "y"],
        "id2label": ["0": "a", "1": "b"],
      ])
    _ = try scratch.write(
      "model.safetensors",
      safetensors([
        ("scaler.mean", [2], [0, 0]), ("scaler.scale", [2], scale),
        ("classifier.weight", [1, 2], [1, 2]), ("classifier.bias", [1], [0]),
      ]))
  }

  @Test func scalesOfNothing() throws {
    let scratch = try Scratch()
    try table(scratch, scale: [1, 2])
    #expect(try problems(scratch).isEmpty)
    try table(scratch, scale: [1, 0])
    let found = try problems(scratch)
    #expect(found.count == 1 && found.first?.message.contains("'scaler.scale' has 0") == true)
    // A value that is not finite is told once, as its tensor.
    try table(scratch, scale: [1, .nan])
    #expect(try problems(scratch).isEmpty)
    #expect(
      try ModelFolder.inspect(scratch.path, readsValues: true).count(.notFinite) == 1)
  }

  @Test func tasksOfAnotherKind() throws {
    let scratch = try Scratch()
    try table(scratch, scale: [1, 2])
    try scratch.write("configuration.json", ["task": "text-generation"])
    let found = try problems(scratch)
    #expect(found.map(\.code) == [.unsupported])
    #expect(found.first?.message == "the model does table-classification, not text-generation")
    #expect(found.first?.location.file?.hasSuffix("configuration.json") == true)
    #expect(throws: DSXError.self) { try ModelPipeline.make(model: scratch.path) }
    // A task that is chosen wins, and one that only the folder knows is no fault.
    #expect(try problems(scratch, ModelOptions(task: "table-classification")).isEmpty)
    try scratch.write("configuration.json", ["task": "fraud-detection"])
    #expect(try problems(scratch).isEmpty)
  }

  @Test func memoryIsSaidBeforeReading() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors[3].values[2] = .nan
    try tiny.write(to: scratch)
    let found = try ModelFolder.inspect(
      scratch.path, ModelOptions(memoryLimit: 1000), readsValues: true)
    #expect(found.problems.map(\.code) == [.notEnoughMemory])
    // Nothing was read: the NaN was not come across.
    #expect(found.count(.notFinite) == 0 && found.count(.found) == 28)
  }

  @Test func surveysPackNothing() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    let source = try ModelSource(path: scratch.path)
    let survey = TensorSurvey()
    var loader = WeightLoader(
      source.store.surveyed(by: survey), prefix: "transformer.", .bfloat16)
    let layer = try loader.linear("h.0.attn.c_attn", inputs: 16, outputs: 48, .byInput)
    guard case .byInput = layer.matrix else {
      Issue.record("a description was packed")
      return
    }
    #expect(loader.memory.owners.isEmpty)
    let options = ModelOptions(computeType: .bfloat16)
    #expect(try ModelFolder.inspect(scratch.path, options, readsValues: true).isSound)
  }

  @Test func surveysReadWhatAnyShapeWillDoFor() throws {
    // Such as the rotary factors of a GGUF file, of which zeros are none.
    let scratch = try Scratch()
    try table(scratch, scale: [3, 2])
    let store = try TensorStore(folder: scratch.path).surveyed(by: TensorSurvey())
    #expect(try store.floats("scaler.scale").withElements { Array($0) } == [3, 2])
    #expect(try store.floats("scaler.scale", shape: [2]).withElements { Array($0) } == [0, 0])
    #expect(throws: DSXError.self) { try store.floats("scaler.size") }
  }

  @Test func damagedWeightsNameTheirFile() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors[2].values[3] = .infinity
    try tiny.write(to: scratch)
    let loaded = try ModelFolder.open(scratch.path)
    let scorer = try loaded.model.makeScorer(ComputeOptions())
    do {
      _ = try scorer.score([LikelihoodRequest(ids: [1, 2, 3], scored: 1..<3)])
      Issue.record("scored")
    } catch {
      #expect(error.location.file?.hasSuffix("model.safetensors") == true)
      #expect(error.message.hasPrefix("NaN or infinity in the log-likelihood of position 1"))
      #expect(error.message.contains("'\(tiny.tensors[2].name)'"))
    }
  }
}
