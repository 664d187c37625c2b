import DSXCore
import Testing

@testable import Models

/// Whatever decides an answer changes a fingerprint: results that are kept are taken by it.
@Suite struct FingerprintTests {
  /// Both fingerprints of a folder, after a change of one file's last byte but 2, or of a new file.
  private func fingerprints(_ fixture: String, changing file: String? = nil) throws -> [String] {
    let scratch = try Scratch()
    try scratch.copy(EncoderFixtureTests.path(fixture))
    if let file {
      let path = FilePath.join(scratch.path, file)
      var bytes: [UInt8] = Array("{}".utf8)
      if FilePath.exists(path) {
        bytes = try MappedFile(path: path).withBytes { Array($0) }
        // A blank in a text; the last number of weights.
        if file.hasSuffix(".safetensors") { bytes[bytes.count - 3] ^= 1 } else { bytes.append(10) }
      }
      _ = try scratch.write(file, bytes)
    }
    return [
      try ModelFolder.openAny(scratch.path).info.fingerprint,
      try ModelFolder.configurationFingerprint(scratch.path),
    ]
  }

  @Test(arguments: ["model.safetensors", "2_Dense/model.safetensors"])
  func weights(_ file: String) throws {
    let before = try fingerprints("bert-joined")
    let after = try fingerprints("bert-joined", changing: file)
    #expect(before[0] != after[0] && before[1] == after[1])
  }

  @Test(arguments: [
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
    "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json",
    "1_Pooling/config.json", "2_Dense/config.json", "configuration.json",
  ])
  func configurations(_ file: String) throws {
    let before = try fingerprints("bert-joined")
    let after = try fingerprints("bert-joined", changing: file)
    #expect(before[0] == after[0] && before[1] != after[1])
  }

  @Test func chatTemplatesCountToo() throws {
    let before = try fingerprints("bert-joined")
    let file = "additional_chat_templates/tool_use.jinja"
    #expect(try fingerprints("bert-joined", changing: file)[1] != before[1])
  }

  /// What a training notes and what dsx writes beside an output decide no answer.
  @Test(arguments: [
    "predictions.jsonl", "predictions.jsonl.run.json", "trainer_state.json", "notes.txt",
    "model.safetensors.index.json", "runs/config.json", "README.md",
  ])
  func filesThatDecideNothing(_ file: String) throws {
    let before = try fingerprints("bert-joined")
    #expect(try fingerprints("bert-joined", changing: file)[1] == before[1])
  }

  /// An output of dsx that lies in the model's folder, whatever its name.
  @Test func outputs() throws {
    let scratch = try Scratch()
    try scratch.copy(EncoderFixtureTests.path("bert-joined"))
    let before = try ModelFolder.configurationFingerprint(scratch.path)
    try scratch.write("texts.json.run.json", ["kind": "dsx-generate"])
    try scratch.write("texts.json", ["index": 0])
    #expect(try ModelFolder.configurationFingerprint(scratch.path) == before)
  }

  /// A head alone: the encoder's files lie in another folder.
  @Test(arguments: ["tokenizer_config.json", "1_Pooling/config.json", "model.safetensors"])
  func encoderOfAHead(_ file: String) throws {
    let encoder = try Scratch()
    try encoder.copy(EncoderFixtureTests.path("bert-mean"))
    let head = try Scratch()
    try head.write(
      "configuration.json",
      ["task": "text-classification", "model": ["type": "embedding-head"]])
    _ = try head.write(
      "head.safetensors",
      safetensors([
        (name: "classifier.weight", shape: [2, 16], values: [Float](repeating: 1, count: 32)),
        (name: "classifier.bias", shape: [2], values: [0, 0]),
      ]))
    func fingerprint() throws -> String {
      try ModelFolder.openAny(head.path, ModelOptions(backbone: encoder.path)).info.fingerprint
    }
    let before = try fingerprint()
    #expect(try fingerprint() == before)
    var bytes = try MappedFile(path: FilePath.join(encoder.path, file)).withBytes { Array($0) }
    if file.hasSuffix(".safetensors") { bytes[bytes.count - 3] ^= 1 } else { bytes.append(10) }
    _ = try encoder.write(file, bytes)
    #expect(try fingerprint() != before)
  }
}
