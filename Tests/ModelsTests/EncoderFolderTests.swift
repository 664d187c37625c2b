import DSXCore
import Testing

@testable import Models

/// Model folders that are damaged, contradict themselves, or are heads without an encoder.
@Suite struct EncoderFolderTests {
  /// A copy of a fixture with changes.
  private func failure(
    _ name: String = "bert-text", task: String? = nil,
    _ change: (borrowing Scratch) throws -> Void
  ) throws -> DSXError? {
    let scratch = try Scratch()
    try scratch.copy(EncoderFixtureTests.path(name))
    try change(scratch)
    do {
      _ = try ModelFolder.openAny(scratch.path, ModelOptions(task: task))
      return nil
    } catch {
      #expect(error.code.exitCode == .badInput && error.location.file != nil, "\(error)")
      return error
    }
  }

  /// The configuration of a fixture with other members.
  private func config(_ name: String, _ changes: [String: JSONValue]) throws -> JSONValue {
    let config = try JSONParser.parse(file: EncoderFixtureTests.path(name + "/config.json"))
    var members = (config.object ?? []).filter { changes[$0.name] == nil }
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
      members.append(.init(name, value))
    }
    return .object(members)
  }

  @Test func configurations() throws {
    let cases: [([String: JSONValue], DSXError.Code, String)] = [
      (["hidden_size": 17], .malformed, "multiple"),
      (["hidden_size": 0], .malformed, "hidden_size"),
      (["vocab_size": 9], .corrupt, "tokenizer"),
      (["vocab_size": 999], .corrupt, "shape"),
      (["hidden_act": "mish"], .unsupported, "mish"),
      (["position_embedding_type": "relative_key"], .unsupported, "position_embedding_type"),
      (["is_decoder": true], .unsupported, "is_decoder"),
      (["layer_norm_eps": 2], .malformed, "layer_norm_eps"),
      (["num_hidden_layers": 3], .corrupt, "encoder.layer.2."),
      (["num_hidden_layers": 1], .corrupt, "no place"),
      (["id2label": ["0": "a", "1": "b"]], .corrupt, "labels"),
      (["id2label": ["0": "a", "1": "b", "3": "c"]], .malformed, "label"),
    ]
    for (changes, code, words) in cases {
      let config = try config("bert-text", changes)
      let error = try failure { try $0.write("config.json", config) }
      #expect(
        error?.code == code && error?.message.contains(words) == true,
        "\(changes): \(String(describing: error))")
    }
    let padding = try config("roberta-text", ["pad_token_id": 39])
    #expect(
      try failure("roberta-text") { try $0.write("config.json", padding) }?.code == .malformed)
  }

  @Test func tasks() throws {
    for task in ["token-classification", "question-answering"] {
      let error = try failure("bert-mean", task: task) { _ in }
      #expect(error?.code == .corrupt && error?.message.contains("lack") == true)
    }
    let error = try failure("bert-text", task: "question-answering") { _ in }
    #expect(error?.message.contains("qa_outputs.weight") == true)
  }

  @Test func tokenizers() throws {
    #expect(
      try failure { try FilePath.removeTree(FilePath.join($0.path, "tokenizer.json")) }?.code
        == .missingFile)
    // A vocabulary without special tokens around texts, and one that is larger than the model's.
    let path = EncoderFixtureTests.path("bert-text/tokenizer.json")
    let members = try #require(try JSONParser.parse(file: path).object)
    let bare = members.map { $0.name == "post_processor" ? .init($0.name, .null) : $0 }
    #expect(
      try failure { try $0.write("tokenizer.json", .object(bare)) }?.code == .unsupported)
    let other = try MappedFile(path: EncoderFixtureTests.path("roberta-text/tokenizer.json"))
    let bytes = other.withBytes { Array($0) }
    #expect(try failure { _ = try $0.write("tokenizer.json", bytes) }?.code == .corrupt)
  }

  @Test func vocabularyOfWordPiecesAlone() throws {
    let scratch = try Scratch()
    try scratch.copy(EncoderFixtureTests.path("bert-text"))
    let file = FilePath.join(scratch.path, "tokenizer.json")
    let vocabulary = try #require(try JSONParser.parse(file: file)["model"]?["vocab"]?.object)
    let lines = vocabulary.sorted { ($0.value.int ?? 0) < ($1.value.int ?? 0) }.map(\.name)
    _ = try scratch.write("vocab.txt", Array((lines.joined(separator: "\n") + "\n").utf8))
    try FilePath.removeTree(file)
    _ = try ModelFolder.openAny(scratch.path)
    let found = try ModelFolder.inspect(scratch.path, readsValues: true)
    #expect(found.problems.map(\.message) == [] && found.isSound)
    #expect(found.tokenizer?.kind == "vocab.txt" && found.tokenizer?.vocabulary == lines.count)
    // A vocabulary that is damaged is told once.
    _ = try scratch.write("vocab.txt", [0xff, 0xfe, 0x0a])
    #expect(try ModelFolder.inspect(scratch.path).problems.count == 1)
  }

  @Test func fixturesAreSound() throws {
    for name in try FilePath.list(EncoderFixtureTests.folder) where !name.contains(".") {
      let path = EncoderFixtureTests.path(name)
      let found = try ModelFolder.inspect(path, readsValues: true)
      #expect(found.isSound, "\(name): \(found.problems)")
      #expect((found.tokenizer == nil) == name.hasPrefix("vit"))
    }
  }

  @Test func sentenceModules() throws {
    func module(_ index: Int, _ name: String, _ path: String) -> JSONValue {
      [
        "idx": .int(Int64(index)), "name": .string("\(index)"), "path": .string(path),
        "type": .string("sentence_transformers.models." + name),
      ]
    }
    let cases: [(JSONValue, DSXError.Code)] = [
      ([], .malformed), ("x", .malformed),
      ([module(0, "Pooling", "1_Pooling")], .unsupported),
      ([module(0, "Transformer", ""), module(1, "LSTM", "1_LSTM")], .unsupported),
      ([module(0, "Transformer", ""), module(1, "Pooling", "../x")], .malformed),
      ([module(0, "Transformer", ""), module(1, "Pooling", "absent")], .missingFile),
      ([["idx": 0]], .malformed),
    ]
    for (modules, code) in cases {
      let error = try failure("bert-mean") { try $0.write("modules.json", modules) }
      #expect(error?.code == code, "\(modules.text()): \(String(describing: error))")
    }
    let other = try failure("bert-mean") {
      try $0.write("1_Pooling/config.json", ["word_embedding_dimension": 17])
    }
    #expect(other?.code == .corrupt)
    let mode = try failure("bert-mean") {
      try $0.write("1_Pooling/config.json", ["pooling_mode": "median"])
    }
    #expect(mode?.code == .unsupported)
  }

  @Test func headWithoutEncoder() throws {
    let scratch = try Scratch()
    try scratch.write(
      "configuration.json",
      ["task": "text-classification", "model": ["type": "embedding-head", "backbone": "absent"]])
    let weights = (0..<32).map { Float($0 % 5) - 2 }
    _ = try scratch.write(
      "head.safetensors",
      safetensors([
        (name: "classifier.weight", shape: [2, 16], values: weights),
        (name: "classifier.bias", shape: [2], values: [0.5, -0.5]),
      ]))
    let missing = #expect(throws: DSXError.self) { try ModelFolder.openAny(scratch.path) }
    #expect(missing?.code == .missingFile && missing?.hint?.contains("--backbone") == true)
    let backbone = EncoderFixtureTests.path("bert-mean")
    let opened = try ModelFolder.openAny(scratch.path, ModelOptions(backbone: backbone))
    guard case .textClassifier(let model) = opened,
      case .textEncoder(let encoder) = try ModelFolder.openAny(backbone)
    else {
      Issue.record("opened as something else")
      return
    }
    #expect(model.labels == ["LABEL_0", "LABEL_1"])
    #expect(model.info.parameters == encoder.info.parameters + 34)
    #expect(model.info.fingerprint != encoder.info.fingerprint)
    let inputs = [TextInput("the cat sleeps"), TextInput("你好 world")]
    let vectors = try encoder.embed(inputs, onLong: .error, ComputeOptions())
    let logits = try model.classify(inputs, onLong: .error, ComputeOptions())
    for (vector, values) in zip(vectors, logits) {
      let sum = zip(vector, weights).reduce(0.5) { $0 + Double($1.0 * $1.1) }
      #expect(abs(Double(values[0]) - sum) < 1e-5)
    }
    // An encoder of another width.
    let wrong = ModelOptions(backbone: EncoderFixtureTests.path("bert-joined"))
    #expect(throws: DSXError.self) { try ModelFolder.openAny(scratch.path, wrong) }
  }

  @Test func longInputs() throws {
    guard
      case .textClassifier(let model) = try ModelFolder.openAny(
        EncoderFixtureTests.path("bert-text"))
    else { return }
    let long = TextInput((0..<60).map { $0 % 2 == 0 ? "cat" : "dog" }.joined(separator: " "))
    let inputs = [TextInput("cat"), long]
    #expect(model.refusals(of: inputs, onLong: .error).map { $0 != nil } == [false, true])
    #expect(model.refusals(of: inputs, onLong: .truncateLeft).allSatisfy { $0 == nil })
    let options = ComputeOptions()
    #expect(throws: DSXError.self) { try model.classify(inputs, onLong: .error, options) }
    // 40 tokens, two of them special: 38 words from either end.
    let right = try model.classify([long], onLong: .truncateRight, options)
    let left = try model.classify([long], onLong: .truncateLeft, options)
    let words = (0..<38).map { $0 % 2 == 0 ? "cat" : "dog" }.joined(separator: " ")
    let wanted = try model.classify([TextInput(words)], onLong: .error, options)
    #expect(right == wanted && left == wanted)
    #expect(try model.classify([], onLong: .error, options).isEmpty)
    #expect(throws: DSXError.self) {
      try model.classify([TextInput("cat")], onLong: .error, ComputeOptions(memoryLimit: 100))
    }
    let little = ComputeOptions(workers: 2, memoryLimit: 200_000)
    let many = (0..<40).map { TextInput("cat dog \($0)") }
    let a = try model.classify(many, onLong: .error, little)
    let b = try model.classify(many, onLong: .error, options)
    for (mine, other) in zip(a, b) {
      #expect(EncoderFixtureTests.difference(mine, other.map { Double($0) }) < 1e-5)
    }
  }
}
