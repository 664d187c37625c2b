import DSXCore
import Testing

@testable import Models

/// The members of a LLaMA's configuration that decide where positions turn and how far rows see, as transformers
/// 5.23.0 reads them (scripts/interop/check_causal.py holds the numbers against it).
@Suite struct LLaMAConfigurationTests {
  private func read(_ members: [String: JSONValue], type: String = "llama") throws
    -> LLaMAConfiguration
  {
    var config: [String: JSONValue] = [
      "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4,
      "intermediate_size": 48, "vocab_size": 300, "max_position_embeddings": 8192,
    ]
    config.merge(members) { $1 }
    return try LLaMAConfiguration(
      .object(config.map { .init($0.key, $0.value) }), type: type)
  }

  private func code(_ members: [String: JSONValue], type: String = "llama") -> DSXError.Code? {
    do {
      _ = try read(members, type: type)
      return nil
    } catch { return (error as? DSXError)?.code }
  }

  /// Whether positions turn as they do with this base and scaling.
  private func turns(
    _ members: [String: JSONValue], base: Double, _ scaling: RotaryPositions.Scaling = .none
  ) throws -> Bool {
    try read(members).rotary.frequencies
      == RotaryPositions(width: 8, base: base, scaling: scaling).frequencies
  }

  @Test func scalingWinsOverParameters() throws {
    let parameters: JSONValue = ["rope_type": "default", "rope_theta": 500]
    #expect(try turns(["rope_parameters": parameters], base: 500))
    let linear: JSONValue = ["rope_type": "linear", "factor": 4]
    let both: [String: JSONValue] = [
      "rope_parameters": parameters, "rope_theta": 700, "rope_scaling": linear,
    ]
    #expect(try turns(both, base: 700, .linear(factor: 4)))
    // An empty object says nothing.
    let empty: [String: JSONValue] = ["rope_parameters": parameters, "rope_scaling": .object([])]
    #expect(try turns(empty, base: 500))
    #expect(
      code(["rope_parameters": parameters, "rope_scaling": ["type": "yarn", "factor": 2]])
        == .unsupported)
  }

  @Test func basesAndContexts() throws {
    let inside: JSONValue = ["type": "linear", "factor": 2, "rope_theta": 500]
    #expect(
      try turns(["rope_theta": 700, "rope_scaling": inside], base: 500, .linear(factor: 2)))
    #expect(try turns(["rope_theta": 700], base: 700) && turns([:], base: 10_000))
    let llama3: JSONValue = [
      "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
      "original_max_position_embeddings": 64,
    ]
    func turnsFrom(_ context: Double, _ members: [String: JSONValue]) throws -> Bool {
      try turns(
        members, base: 10_000,
        .llama3(
          factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalContext: context))
    }
    #expect(try turnsFrom(64, ["rope_scaling": llama3]))
    #expect(
      try turnsFrom(16, ["rope_scaling": llama3, "original_max_position_embeddings": 16]))
    let without = JSONValue.object((llama3.object ?? []).dropLast())
    #expect(try turnsFrom(8192, ["rope_scaling": without]))
    #expect(try !turnsFrom(64, ["rope_scaling": without]))
  }

  @Test func whatIsNotComputedIsRefused() {
    #expect(code(["partial_rotary_factor": 0.5]) == .unsupported)
    #expect(code(["partial_rotary_factor": 1]) == nil)
    #expect(
      code(["rope_parameters": ["rope_type": "default", "partial_rotary_factor": 0.5]])
        == .unsupported)
    #expect(code(["rope_parameters": ["full_attention": ["rope_type": "default"]]]) == .unsupported)
    #expect(code(["rms_norm_eps": "0.1"]) == .malformed)
    #expect(code(["hidden_act": ["silu"]]) == .malformed)
  }

  @Test func windows() throws {
    #expect(try read([:], type: "mistral").context == 4096)
    #expect(try read(["sliding_window": .null], type: "mistral").context == 8192)
    #expect(try read(["sliding_window": 100], type: "mistral").context == 100)
    #expect(try read([:], type: "qwen2").context == 8192)
    #expect(try read(["use_sliding_window": true], type: "qwen2").context == 4096)
    #expect(try read(["sliding_window": 100]).context == 8192)
  }

  @Test func valuesOfAWrongTypeAreErrors() throws {
    let scratch = try Scratch()
    for members in [
      ["layer_norm_epsilon": "0.1"], ["activation_function": ["relu"]],
    ] as [[String: JSONValue]] {
      try TinyGPT2(members).write(to: scratch)
      let error = #expect(throws: DSXError.self) { _ = try ModelFolder.open(scratch.path) }
      #expect(error?.code == .malformed, "\(members)")
    }
  }

  @Test func beginOfTextAsTheTokenizerAddsIt() throws {
    let scratch = try Scratch()
    try TinyGPT2().write(to: scratch)
    #expect(try !ModelFolder.open(scratch.path).addBOS)
    // Llama 3's folders say it in the tokenizer alone.
    let old = try JSONParser.parse(file: scratch.path + "/tokenizer.json")
    let (id, spelling): (JSONValue, JSONValue) = (256, "<s>")
    let added: JSONValue = [
      "id": id, "content": spelling, "special": true, "single_word": false, "lstrip": false,
      "rstrip": false, "normalized": false,
    ]
    let template: JSONValue = [
      "type": "TemplateProcessing",
      "single": [
        ["SpecialToken": ["id": spelling, "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
      ],
      "pair": [
        ["SpecialToken": ["id": spelling, "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ["Sequence": ["id": "B", "type_id": 1]],
      ],
      "special_tokens": .object([
        .init(
          spelling.string ?? "",
          ["id": spelling, "ids": .array([id]), "tokens": .array([spelling])])
      ]),
    ]
    let members = (old.object ?? []).filter { $0.name != "added_tokens" }
    try scratch.write(
      "tokenizer.json",
      .object(
        members + [.init("added_tokens", .array([added])), .init("post_processor", template)]))
    var tiny = TinyGPT2()
    tiny.config["bos_token_id"] = id
    try scratch.write("config.json", tiny.configJSON)
    #expect(try ModelFolder.open(scratch.path).addBOS)
    // What is stated wins.
    try scratch.write("tokenizer_config.json", ["add_bos_token": false])
    #expect(try !ModelFolder.open(scratch.path).addBOS)
  }
}
