import DSXCore
import Testing

@testable import Models

@Suite struct ModelFolderTests {
  private func failure(
    _ tiny: TinyGPT2 = TinyGPT2(), _ change: (borrowing Scratch) throws -> Void = { _ in }
  ) throws -> DSXError? {
    let scratch = try Scratch()
    try tiny.write(to: scratch)
    try change(scratch)
    do {
      _ = try ModelFolder.open(scratch.path)
      return nil
    } catch {
      #expect(error.code.exitCode == .badInput && error.location.file != nil, "\(error)")
      return error
    }
  }

  @Test func opens() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    try scratch.write(
      "configuration.json",
      [
        "framework": "pytorch", "task": "text-generation", "model": ["type": "gpt2", "n_head": 2],
        "preprocessor": ["add_bos": true, "max_length": 8, "tokenizer": "tokenizer.json"],
      ])
    let loaded = try ModelFolder.open(scratch.path)
    #expect(loaded.addBOS && loaded.bosID == 0 && loaded.eosID == 0 && loaded.context == 8)
    #expect(loaded.task == "text-generation" && loaded.model.info.context == 12)
    #expect(loaded.model.info.storedType == "f32")
    #expect(loaded.model.info.fingerprint.utf8.count == 64)
    #expect(loaded.runtime.contains { $0.name == "blas core" && !$0.value.isEmpty })
    // ModelScope's file alone, with the hyper-parameters under `model`.
    try FilePath.removeTree(FilePath.join(scratch.path, "config.json"))
    var model = TinyGPT2().config
    model["type"] = model.removeValue(forKey: "model_type")
    try scratch.write(
      "configuration.json",
      ["model": .object(model.map { .init($0.key, $0.value) }), "task": "text-generation"])
    #expect(try !ModelFolder.open(scratch.path).addBOS)
  }

  @Test func missingParts() throws {
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
      let error = try failure { try FilePath.removeTree(FilePath.join($0.path, name)) }
      #expect(error?.code == .missingFile, "\(name)")
    }
    #expect(throws: DSXError.self) { try ModelFolder.open("/nonexistent/model") }
  }

  @Test func inconsistentParts() throws {
    func scope(_ value: JSONValue) -> (borrowing Scratch) throws -> Void {
      { try $0.write("configuration.json", value) }
    }
    #expect(try failure(TinyGPT2(), scope(["model": ["n_head": 4]]))?.code == .corrupt)
    #expect(try failure(TinyGPT2(), scope(["model": ["type": "cnn2"]]))?.code == .corrupt)
    #expect(try failure(TinyGPT2(), scope(["model": 1]))?.code == .malformed)
    #expect(
      try failure(TinyGPT2(), scope(["preprocessor": ["tokenizer": "../x.json"]]))?.code
        == .malformed)
    #expect(
      try failure(TinyGPT2(), scope(["preprocessor": ["add_bos": 1]]))?.code == .malformed)
    #expect(
      try failure(TinyGPT2(), scope(["preprocessor": ["max_length": 0]]))?.code == .malformed)
    #expect(
      try failure(TinyGPT2(vocabulary: 200), { _ in })?.message.contains("tokenizer has") == true)
    let prefix: (borrowing Scratch) throws -> Void = {
      try $0.write("tokenizer_config.json", ["add_prefix_space": true])
    }
    #expect(try failure(TinyGPT2(), prefix)?.code == .corrupt)
  }

  @Test func configurations() throws {
    func code(_ more: [String: JSONValue]) throws -> DSXError.Code? {
      try failure(TinyGPT2(more))?.code
    }
    let unknown = try failure(TinyGPT2(["model_type": "mamba"]))
    #expect(unknown?.code == .unsupported && unknown?.hint?.contains("gpt2") == true)
    #expect(try code(["activation_function": "quick_gelu"]) == .unsupported)
    #expect(try code(["add_cross_attention": true]) == .unsupported)
    #expect(try code(["quantization_config": ["bits": 4]]) == .unsupported)
    #expect(try code(["n_head": 3]) == .malformed)
    #expect(try code(["n_head": 0]) == .malformed)
    #expect(try code(["n_layer": "two"]) == .malformed)
    #expect(try code(["n_embd": .null]) == .malformed)
    #expect(try code(["layer_norm_epsilon": -1.0]) == .malformed)
    #expect(try code(["bos_token_id": 300]) == .malformed)
    #expect(try code(["tie_word_embeddings": 1]) == .malformed)
  }

  @Test func weights() throws {
    var tiny = TinyGPT2()
    tiny.config["n_layer"] = 1
    #expect(try failure(tiny)?.message.contains("no place") == true)
    tiny.config["n_layer"] = 3
    #expect(try failure(tiny)?.message.contains("lack the tensor 'transformer.h.2.") == true)
    tiny = TinyGPT2()
    tiny.config["n_inner"] = 20
    let shape = try failure(tiny)
    #expect(shape?.message.contains("[16, 64]") == true && shape?.location.byte != nil)
    tiny = TinyGPT2()
    tiny.tensors.append(("lm_head.weight", [300, 16], [Float](repeating: 0, count: 4_800)))
    #expect(try failure(tiny)?.message.contains("ties") == true)
    tiny = TinyGPT2()
    tiny.tensors.append(("lm_head.weight", [300, 16], tiny.tensors[0].values))
    tiny.tensors.append(("transformer.h.0.attn.bias", [1], [1]))
    #expect(try failure(tiny) == nil)
  }

  @Test func rules() {
    let scores = [-1.0, -2, -3, -4]
    func loss(_ rule: LabelScoringRule, ids: Int = 2, words: Int = 4) -> Double {
      rule.loss(logLikelihoods: scores, promptIDs: ids, promptWords: words)
    }
    #expect(loss(.sum) == 10 && loss(.mean) == 2.5)
    #expect(loss(.sentenceMean) == 3 && loss(.sentenceSum) == 9)
    #expect(loss(.panguMask) == 4 / 1.00001 && loss(.panguMask, words: 9) == 0)
    #expect(loss(.sentenceMean, ids: 9) == 0 && loss(.sentenceMean, ids: 0) == 2.5)
    #expect(LabelScoringRule.choose([2, 1, 1]) == 1)
    #expect(LabelScoringRule.choose([.nan, 3]) == 1)
    #expect(LabelScoringRule.choose([3, .nan]) == 0)
    #expect(LabelScoringRule.choose([]) == nil)
  }
}
