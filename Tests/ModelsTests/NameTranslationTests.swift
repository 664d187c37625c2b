import DSXCore
import Testing

@testable import Models

/// Names and layouts of other libraries.
@Suite struct NameTranslationTests {
  private typealias Tensors = [(name: String, recipe: TensorRecipe)]

  private static func tensors(
    _ scratch: borrowing Scratch, _ list: [(name: String, shape: [Int], values: [Float])]
  ) throws
    -> Tensors
  {
    try TensorStore(path: scratch.write("a.safetensors", safetensors(list))).recipes
  }

  private static func floats(_ tensors: Tensors, _ name: String) throws -> [Float] {
    let recipe = try #require(tensors.first { $0.name == name }?.recipe, "\(name)")
    return try FloatTensor(recipe.bytes(), recipe.type, recipe.shape).withElements { Array($0) }
  }

  /// Every rule of an architecture with numbers of its own, two layers.
  private static func whole(_ map: NameMap, _ scratch: borrowing Scratch) throws -> Tensors {
    var next: Float = 0
    var list: [(name: String, shape: [Int], values: [Float])] = []
    for rule in map.rules {
      for layer in 0..<(rule.one.contains("{}") ? 2 : 1) {
        let isVector =
          rule.one.hasSuffix("bias") || rule.one.contains("norm")
          || rule.one.contains("ln_") || rule.one.contains("LayerNorm")
        let shape = isVector ? [6] : [4, 6]
        let count = shape.reduce(1, *)
        list.append(
          (NameRule.name(rule.one, layer: layer), shape, (0..<count).map { Float($0) + next }))
        next += 100
      }
    }
    return try tensors(scratch, list)
  }

  @Test(arguments: ["gpt2", "llama", "bert", "pangu"]) func thereAndBack(_ name: String) throws {
    let scratch = try Scratch()
    let map = try #require(
      NameMap.all.first { $0.architecture == name && $0.other == .mindFormers })
    let tensors = try Self.whole(map, scratch)
    let there = try NameTranslation(
      from: .huggingFace, to: .mindFormers, names: tensors.map(\.name))
    #expect(there.architecture == name)
    let middle = try there.apply(tensors)
    #expect(
      !middle.contains { pair in tensors.contains { $0.name == pair.name } } || name == "llama")
    let back = try NameTranslation(
      from: .mindFormers, to: .huggingFace, names: middle.map(\.name))
    #expect(back.architecture == name)
    let end = try back.apply(middle)
    #expect(end.map(\.name) == tensors.map(\.name))
    for (one, other) in zip(tensors, end) {
      #expect(one.recipe.shape == other.recipe.shape)
      #expect(try CopyCheck.isEqual(one.recipe, other.recipe), "\(one.name)")
    }
  }

  /// The facts of MindFormers' conversion of GPT-2: q, k, v cut along the outputs and transposed.
  @Test func gpt2() throws {
    let scratch = try Scratch()
    let tensors = try Self.tensors(
      scratch,
      [
        ("h.0.attn.c_attn.weight", [2, 6], (0..<12).map(Float.init)),
        ("h.0.attn.c_attn.bias", [6], (0..<6).map(Float.init)),
        ("h.0.attn.c_proj.weight", [2, 2], [1, 2, 3, 4]), ("h.0.attn.bias", [1], [1]),
        ("wte.weight", [1, 2], [7, 8]), ("lm_head.weight", [1, 2], [7, 8]),
      ])
    let result = try NameTranslation(
      from: .huggingFace, to: .mindFormers, architecture: "gpt2", names: []
    ).apply(tensors)
    #expect(result.count == 8)
    let dense = "backbone.blocks.0.attention.dense"
    #expect(try Self.floats(result, dense + "1.weight") == [0, 6, 1, 7])
    #expect(try Self.floats(result, dense + "3.weight") == [4, 10, 5, 11])
    #expect(try Self.floats(result, dense + "2.bias") == [2, 3])
    #expect(
      try Self.floats(result, "backbone.blocks.0.attention.projection.weight") == [1, 2, 3, 4])
  }

  /// What BertForMaskedLM.save_pretrained writes (no decoder), and its state_dict (a decoder that shares
  /// its bias and the word embeddings).
  @Test func bertHead() throws {
    let scratch = try Scratch()
    let saved: [(name: String, shape: [Int], values: [Float])] = [
      ("bert.embeddings.word_embeddings.weight", [2, 1], [1, 2]),
      ("bert.pooler.dense.bias", [1], [9]), ("cls.predictions.bias", [2], [3, 4]),
      ("cls.predictions.transform.dense.weight", [1, 1], [5]),
      ("cls.predictions.transform.LayerNorm.bias", [1], [6]),
    ]
    let decoder: [(name: String, shape: [Int], values: [Float])] = [
      ("cls.predictions.decoder.weight", [2, 1], [1, 2]),
      ("cls.predictions.decoder.bias", [2], [3, 4]),
    ]
    let whole = saved + decoder
    for (list, count) in [(saved, 5), (whole, 6)] {
      let tensors = try Self.tensors(scratch, list)
      let result = try NameTranslation(
        from: .huggingFace, to: .mindFormers, names: tensors.map(\.name)
      ).apply(tensors)
      #expect(result.count == count)
      #expect(try Self.floats(result, "bert.mlmloss.output_bias") == [3, 4])
    }
    let other = try Self.tensors(scratch, saved + [("cls.predictions.decoder.bias", [2], [3, 5])])
    #expect(throws: DSXError.self) {
      try NameTranslation(from: .huggingFace, to: .mindFormers, names: other.map(\.name))
        .apply(other)
    }
  }

  /// The query layer is the last layer in Hugging Face's files.
  @Test func panguQueryLayer() throws {
    let scratch = try Scratch()
    let map = try #require(NameMap.all.first { $0.architecture == "pangu" })
    let tensors = try Self.whole(map, scratch)
    let result = try NameTranslation(
      from: .huggingFace, to: .mindFormers, names: tensors.map(\.name)
    ).apply(tensors)
    #expect(result.contains { $0.name == "backbone.top_query_layer.layernorm1.gamma" })
    #expect(result.contains { $0.name == "backbone.blocks.0.layernorm1.gamma" })
    #expect(!result.contains { $0.name.hasPrefix("backbone.blocks.1.") })
  }

  /// llama.cpp keeps the two halves of each head as pairs.
  @Test func ggufHeads() throws {
    let scratch = try Scratch()
    let tensors = try Self.tensors(
      scratch,
      [
        ("blk.0.attn_q.weight", [8, 1], (0..<8).map(Float.init)),
        ("blk.0.attn_k.weight", [4, 1], (0..<4).map(Float.init)),
        ("blk.0.attn_v.weight", [4, 1], (0..<4).map(Float.init)),
        ("rope_freqs.weight", [1], [1]),
      ])
    let translation = try NameTranslation(
      from: .gguf, to: .huggingFace, names: tensors.map(\.name))
    let result = try translation.apply(tensors, heads: (2, 1))
    #expect(result.count == 3)
    let prefix = "model.layers.0.self_attn."
    #expect(try Self.floats(result, prefix + "q_proj.weight") == [0, 2, 1, 3, 4, 6, 5, 7])
    #expect(try Self.floats(result, prefix + "k_proj.weight") == [0, 2, 1, 3])
    #expect(try Self.floats(result, prefix + "v_proj.weight") == [0, 1, 2, 3])
    #expect(throws: DSXError.self) { try translation.apply(tensors) }
    #expect(throws: DSXError.self) { try translation.apply(tensors, heads: (3, 1)) }
  }

  @Test func refusals() throws {
    let scratch = try Scratch()
    let tensors = try Self.tensors(
      scratch,
      [
        ("backbone.blocks.0.attention.dense1.bias", [1], [1]),
        ("backbone.blocks.0.attention.dense2.bias", [1], [1]), ("classifier", [1], [1]),
      ])
    func apply(_ unknown: NameTranslation.Unknown, _ list: Tensors) throws -> Tensors {
      try NameTranslation(
        from: .mindFormers, to: .huggingFace, architecture: "gpt2", names: []
      ).apply(list, unknown: unknown)
    }
    // dense3 is missing beside dense1.
    #expect(throws: DSXError.self) { try apply(.drop, tensors) }
    #expect(throws: DSXError.self) { try apply(.error, [tensors[2]]) }
    #expect(try apply(.keep, [tensors[2]]).map(\.name) == ["classifier"])
    #expect(try apply(.drop, [tensors[2]]).isEmpty)
    #expect(throws: DSXError.self) {
      try NameTranslation(from: .gguf, to: .mindFormers, names: [])
    }
    #expect(throws: DSXError.self) {
      try NameTranslation(from: .huggingFace, to: .mindFormers, names: ["x", "y"])
    }
    #expect(throws: DSXError.self) {
      try NameTranslation(
        from: .huggingFace, to: .mindFormers, architecture: "gpt3", names: [])
    }
    let untied = try Self.tensors(
      scratch, [("wte.weight", [1], [1]), ("lm_head.weight", [1], [2])])
    #expect(throws: DSXError.self) {
      try NameTranslation(
        from: .huggingFace, to: .mindFormers, architecture: "gpt2", names: []
      ).apply(untied)
    }
  }

  @Test func layers() {
    #expect(NameRule.layer(of: "h.12.x", "h.{}.x") == 12)
    #expect(NameRule.layer(of: "h.x", "h.x") == -1)
    for bad in ["h..x", "h.a.x", "h.1.y", "h.01.x", "h.1.x.x"] {
      #expect(NameRule.layer(of: bad, "h.{}.x") == nil)
    }
  }
}
