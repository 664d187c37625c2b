import DSXCore
import Glibc
import Testing

@testable import Models

/// What a folder says beside its weights and changes answers: kinds of labels, their names, prompts, lengths of
/// vectors, how these are compared. scripts/interop/check_encoder_settings.py holds the same against transformers
/// and sentence-transformers.
@Suite struct EncoderSettingsTests {
  /// A copy of a model of Tests/Fixtures/models with other members of one of its files.
  private func copy(
    _ name: String, to scratch: borrowing Scratch, _ file: String, _ members: [String: JSONValue]
  ) throws {
    let from = EncoderFixtureTests.path(name)
    func take(_ part: String) throws {
      for name in try FilePath.list(FilePath.join(from, part)) {
        let place = part.isEmpty ? name : FilePath.join(part, name)
        if FilePath.isFolder(FilePath.join(from, place)) {
          try FilePath.makeFolder(FilePath.join(scratch.path, place))
          try take(place)
        } else {
          let bytes = try MappedFile(path: FilePath.join(from, place))
          _ = try scratch.write(place, bytes.withBytes { Array($0) })
        }
      }
    }
    try take("")
    let path = FilePath.join(scratch.path, file)
    var old = FilePath.exists(path) ? try JSONParser.parse(file: path).object ?? [] : []
    old.removeAll { members[$0.name] != nil }
    try scratch.write(file, .object(old + members.map { .init($0.key, $0.value) }))
  }

  private func scores(_ members: [String: JSONValue]) throws -> (JSONValue, [Double]) {
    let scratch = try Scratch()
    try copy("bert-text", to: scratch, "config.json", members)
    let wanted = try #require(EncoderFixtureTests.expected?["bert-text"])
    let input = try #require(EncoderFixtureTests.inputs(wanted["inputs"]).first { $0.pair == nil })
    let pipeline = try ModelPipeline.make(model: scratch.path)
    let answer = try pipeline(.text(input.text))
    let place = try #require(EncoderFixtureTests.inputs(wanted["inputs"]).firstIndex(of: input))
    return (answer, EncoderFixtureTests.numbers(wanted["logits"]?.array?[place]))
  }

  @Test func kindsOfLabels() throws {
    for (type, function) in [
      ("multi_label_classification", { 1 / (1 + exp(-$0)) }), ("regression", { $0 }),
    ] as [(String, (Double) -> Double)] {
      let (answer, logits) = try scores(["problem_type": .string(type)])
      let wanted = logits.map(function).sorted(by: >)
      let found = EncoderFixtureTests.numbers(answer["scores"])
      #expect(found.count == 3 && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-5 }, "\(type)")
    }
    let (single, _) = try scores(["problem_type": "single_label_classification"])
    let sum = EncoderFixtureTests.numbers(single["scores"]).reduce(0, +)
    #expect(abs(sum - 1) < 1e-9)
    let error = #expect(throws: DSXError.self) { _ = try scores(["problem_type": "ranking"]) }
    #expect(error?.code == .unsupported)
    #expect(try LabelScores(.object([]), outputs: 1) == .sigmoid)
    #expect(try LabelScores(.object([]), outputs: 2) == .softmax)
  }

  @Test func namesOfLabels() throws {
    let named: JSONValue = ["0": "neg", "1": "neu", "2": "pos"]
    func labels(_ byName: JSONValue) throws -> [String] {
      let (answer, _) = try scores(["id2label": named, "label2id": byName])
      return (answer["labels"]?.array ?? []).compactMap(\.string)
    }
    // What save_pretrained leaves where only id2label was changed.
    let untouched = try labels(["LABEL_0": 0, "LABEL_1": 1, "LABEL_2": 2])
    #expect(Set(untouched) == ["neg", "neu", "pos"])
    #expect(try labels(["pos": 2, "neu": 1, "neg": 0]) == untouched)
    let error = #expect(throws: DSXError.self) { _ = try labels(["pos": 0, "neu": 1, "neg": 2]) }
    #expect(error?.code == .malformed && error?.message.contains("id2label") == true)
  }

  private func encoder(_ members: [String: JSONValue], pooling: [String: JSONValue]? = nil) throws
    -> any TextEncoder
  {
    let scratch = try Scratch()
    try copy("bert-mean", to: scratch, "config_sentence_transformers.json", members)
    if let pooling {
      let old = try JSONParser.parse(file: scratch.path + "/1_Pooling/config.json").object ?? []
      try scratch.write(
        "1_Pooling/config.json", .object(old + pooling.map { .init($0.key, $0.value) }))
    }
    guard case .textEncoder(let model) = try ModelFolder.openAny(scratch.path) else {
      throw DSXError(.internal, "no sentence encoder")
    }
    return model
  }

  private func vector(_ model: any TextEncoder, _ text: String) throws -> [Float] {
    try model.embed([TextInput(text)], onLong: .truncateRight, ComputeOptions())[0]
  }

  @Test func promptsAndLengths() throws {
    let plain = try encoder([:])
    let prompts: JSONValue = ["query": "the dog: "]
    let prompted = try encoder(["prompts": prompts, "default_prompt_name": "query"])
    #expect(try vector(prompted, "a cat") == vector(plain, "the dog: a cat"))
    // Prompts that nobody asks for change nothing.
    #expect(
      try vector(encoder(["prompts": prompts, "default_prompt_name": .null]), "a cat")
        == vector(plain, "a cat"))
    let short = try encoder(["truncate_dim": 5])
    #expect(short.width == 5)
    #expect(try vector(short, "a cat") == Array(vector(plain, "a cat").prefix(5)))
    for (members, pooling, code) in [
      (["default_prompt_name": "query"], nil, .malformed),
      (
        ["prompts": prompts, "default_prompt_name": "query"], ["include_prompt": false],
        .unsupported
      ),
      (["model_type": "SparseEncoder"], nil, .unsupported),
      (["similarity_fn_name": "maxsim"], nil, .unsupported),
    ] as [([String: JSONValue], [String: JSONValue]?, DSXError.Code)] {
      let error = #expect(throws: DSXError.self) { _ = try encoder(members, pooling: pooling) }
      #expect(error?.code == code, "\(members)")
    }
  }

  @Test func similarities() throws {
    #expect(try encoder(["similarity_fn_name": "euclidean"]).similarity == .euclidean)
    let (left, right): ([Float], [Float]) = ([3, 0, 4], [0, 0, 1])
    #expect(VectorSimilarity.cosine.of(left, right) == 0.8)
    #expect(VectorSimilarity.cosine.of(left, [0, 0, 0]) == 0)
    #expect(VectorSimilarity.dot.of(left, right) == 4)
    #expect(abs(VectorSimilarity.euclidean.of(left, right) + 18.squareRoot()) < 1e-12)
    #expect(VectorSimilarity.manhattan.of(left, right) == -6)
  }

  @Test func masksAreNotFilledIn() throws {
    let error = #expect(throws: DSXError.self) {
      _ = try ModelPipeline.make(task: "fill-mask", model: EncoderFixtureTests.path("bert-mean"))
    }
    #expect(error?.code == .unknownName)
    #expect(TaskGroup.groups(ofFolder: "fill-mask") == [.featureExtraction])
  }
}
