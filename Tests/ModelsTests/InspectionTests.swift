import DSXCore
import Testing

@testable import Models

/// What `dsx models show|check` rest on, the tasks, and what a folder says of its evaluation.
@Suite struct InspectionTests {
  @Test func soundModel() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    let found = try ModelFolder.inspect(scratch.path, readsValues: true)
    #expect(found.isSound && found.type == "gpt2" && found.group == .textGeneration)
    #expect(found.count(.found) == 28 && found.tensors.count == 28)
    let model = try ModelFolder.open(scratch.path)
    #expect(found.parameters == model.model.info.parameters && found.context == 12)
    #expect(found.tokenizer?.vocabulary == 256 && found.storedType == "f32")
    #expect(found.memory?.mapped == found.parameters.map { $0 * 4 } && found.memory?.owned == 0)
  }

  @Test func tensorsThatDoNotFit() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors.removeAll { $0.name == "transformer.h.1.ln_2.bias" }
    let place = try #require(tiny.tensors.firstIndex { $0.name == "transformer.h.0.ln_1.bias" })
    tiny.tensors[place].shape = [2, 8]
    tiny.tensors.append(("extra", [1], [1]))
    tiny.tensors.append(("transformer.h.0.attn.bias", [1], [1]))
    try tiny.write(to: scratch)
    let found = try ModelFolder.inspect(scratch.path)
    func names(_ finding: TensorState.Finding) -> [String] {
      found.tensors.filter { $0.finding == finding }.map(\.name)
    }
    #expect(names(.missing) == ["transformer.h.1.ln_2.bias"])
    #expect(names(.shape) == ["transformer.h.0.ln_1.bias"])
    #expect(names(.unused).contains("extra") && !found.isSound)
    #expect(found.tensors.first { $0.finding == .shape }?.wanted == [16])
  }

  @Test func tokenizersThatDoNotFit() throws {
    // The tokenizer has 256 ids; tensors of the small model fit each other all the same.
    let scratch = try Scratch()
    try TinyGPT2(vocabulary: 200).write(to: scratch)
    let found = try ModelFolder.inspect(scratch.path)
    #expect(!found.isSound && found.tokenizer?.vocabulary == 256)
    #expect(
      found.problems.map(\.message) == ["the tokenizer has 256 ids, the model only 200"])
    #expect(!found.tensors.contains { $0.finding.isProblem })
    // Also what only opening would tell of begin-of-text.
    let other = try Scratch()
    try TinyGPT2(["bos_token_id": 300]).write(to: other)
    let second = try ModelFolder.inspect(other.path)
    #expect(second.problems.count == 1 && (try? ModelFolder.open(other.path)) == nil)
  }

  @Test func masksArePassedOver() throws {
    let scratch = try Scratch()
    var tiny = TinyGPT2()
    tiny.tensors.append(("transformer.h.0.attn.bias", [1], [1]))
    try tiny.write(to: scratch)
    let found = try ModelFolder.inspect(scratch.path)
    #expect(found.count(.passedOver) == 1 && found.isSound)
  }

  @Test func memoryIsSaidBefore() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    do {
      _ = try ModelFolder.openAny(scratch.path, ModelOptions(memoryLimit: 1000))
      Issue.record("opened within 1000 bytes")
    } catch {
      #expect(error.code == .notEnoughMemory && error.code.exitCode == .badInput)
      #expect(error.message.contains("1.0 kB"))
    }
    #expect(MemoryNeed.text(999) == "999 bytes" && MemoryNeed.text(1_250_000) == "1.3 MB")
    #expect(SystemMemory.available ?? 1 > 0)
    #expect(
      SystemMemory.kilobytes(Array("a: 1\nMemAvailable:   12 kB\n".utf8), of: "MemAvailable:")
        == 12_288)
    #expect(SystemMemory.bytes(Array("x".utf8), of: "y") == nil)
  }

  // MARK: tasks

  private func group(_ config: JSONValue, scope: JSONValue? = nil, task: String? = nil) throws
    -> Result<TaskGroup, DSXError>
  {
    let scratch = try Scratch()
    try scratch.write("config.json", config)
    if let scope { try scratch.write("configuration.json", scope) }
    do {
      return .success(try ModelFolder.find(ModelDescription(path: scratch.path), task: task).group)
    } catch { return .failure(error) }
  }

  @Test func tasksAreDerived() throws {
    func expect(
      _ wanted: TaskGroup, _ config: JSONValue, _ scope: JSONValue? = nil, task: String? = nil
    )
      throws
    {
      #expect(try group(config, scope: scope, task: task).get() == wanted)
    }
    let classes: (String) -> JSONValue = { ["model_type": "bert", "architectures": [.string($0)]] }
    try expect(.textClassification, classes("BertForSequenceClassification"))
    try expect(.tokenClassification, classes("BertForTokenClassification"))
    try expect(.questionAnswering, classes("BertForQuestionAnswering"))
    try expect(.featureExtraction, classes("BertModel"))
    try expect(.featureExtraction, classes("BertForMaskedLM"))
    try expect(.textGeneration, ["model_type": "gpt2"])
    try expect(.imageClassification, ["model_type": "vit"])
    // ModelScope's file wins over the class, the caller over both.
    try expect(.textClassification, classes("BertModel"), ["task": "nli"])
    try expect(
      .tokenClassification, classes("BertModel"), ["task": "nli"], task: "word-segmentation")
    // Two sentences: a head for pairs where there is one, else vectors.
    let similar: JSONValue = ["task": "sentence-similarity"]
    try expect(.textClassification, classes("BertForSequenceClassification"), similar)
    try expect(.featureExtraction, classes("BertModel"), similar)
    // ModelScope's names of types.
    try expect(
      .textClassification, ["model_type": "bert"],
      [
        "task": "nli",
        "model": ["type": "text-classification", "backbone": ["type": "structbert"]],
      ])
  }

  @Test func tasksThatAreNot() throws {
    func error(_ config: JSONValue, _ scope: JSONValue? = nil, task: String? = nil) throws
      -> DSXError?
    {
      if case .failure(let error) = try group(config, scope: scope, task: task) { return error }
      return nil
    }
    #expect(try error(["model_type": "bert"])?.code == .unsupported)
    #expect(try error(["model_type": "bert"], ["task": "image-captioning"])?.code == .unsupported)
    #expect(try error(["model_type": "gpt2"], task: "nli")?.code == .unsupported)
    #expect(try error(["model_type": "gpt2"], task: "text-generatio")?.code == .unknownName)
    #expect(try error(["model_type": "gpt2"], ["model": ["type": "cnn2"]])?.code == .corrupt)
    #expect(try error(["model_type": "mamba"])?.code == .unsupported)
  }

  // MARK: evaluation

  private func defaults(_ scope: JSONValue) throws -> EvaluationDefaults {
    let scratch = try Scratch()
    try scratch.write("config.json", ["model_type": "bert"])
    try scratch.write("configuration.json", scope)
    return try ModelFolder.evaluationDefaults(scratch.path)
  }

  @Test func evaluationDefaults() throws {
    let found = try defaults([
      "task": "sentence-similarity",
      "preprocessor": [
        "type": "sen-sim-tokenizer", "first_sequence": "a", "max_length": 256,
        "val": ["sequence_length": 128, "second_sequence": "b"],
      ],
      "dataset": [
        "train": ["name": "clue", "label": "y"],
        "val": [
          "name": "clue", "namespace": "modelscope", "subset_name": "afqmc", "split": "validation",
          "first_sequence": "sentence1", "labels": ["0", "1"],
        ],
      ],
      "evaluation": [
        "dataloader": ["batch_size_per_gpu": 32, "workers_per_gpu": 0],
        "metrics": ["seq-cls-metric", ["type": "accuracy", "label_name": "y"]],
      ],
    ])
    #expect(found.dataset?.name == "clue" && found.dataset?.subset == "afqmc")
    #expect(found.dataset?.labels == ["0", "1"] && found.dataset?.split == "validation")
    #expect(found.batchSize == 32 && found.workers == 0 && found.maximumLength == 256)
    #expect(found.firstSequence == "sentence1" && found.secondSequence == "b" && found.label == "y")
    #expect(found.metrics.map(\.name) == ["seq-cls-metric", "accuracy"])
    #expect(found.metrics[1].options == [.init("label_name", "y")])
    #expect(try defaults(["evaluation": ["metrics": "ppl"]]).metrics.map(\.name) == ["ppl"])
    #expect(try defaults(["dataset": ["val": "tnews"]]).dataset?.name == "tnews")
    #expect(try defaults(["task": "nli"]).isEmpty)
  }

  @Test func evaluationDefaultsThatAreNot() throws {
    for scope: JSONValue in [
      ["evaluation": 1], ["evaluation": ["dataloader": ["batch_size_per_gpu": 0]]],
      ["evaluation": ["metrics": [1]]], ["evaluation": ["metrics": [["name": "x"]]]],
      ["dataset": ["val": ["name": 3]]], ["dataset": ["val": ["name": "x", "labels": [1]]]],
      ["preprocessor": ["first_sequence": ["a"]]], ["preprocessor": ["max_length": "long"]],
    ] {
      do {
        _ = try defaults(scope)
        Issue.record("taken: \(scope.text())")
      } catch let error as DSXError {
        #expect(
          error.code == .malformed && error.location.file?.hasSuffix("configuration.json") == true)
      }
    }
  }
}
