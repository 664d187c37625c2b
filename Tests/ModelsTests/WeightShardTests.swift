import DSXCore
import Testing

@testable import Models

/// Merging what ranks hold and cutting it again.
@Suite struct WeightShardTests {
  private static func path(_ name: String) -> String {
    WeightFixtureTests.path("parallel/" + name)
  }

  private static func merge(_ name: String, _ strategy: String) throws -> StrategyMerge {
    try StrategyMerge(
      RankFiles(folder: path(name + "/src")),
      ShardingStrategy(path: path(name + "/" + strategy)))
  }

  private static func write(
    _ tensors: [(name: String, recipe: TensorRecipe)], _ scratch: borrowing Scratch, _ name: String
  ) throws -> TensorStore {
    let path = FilePath.join(scratch.path, name)
    let outputs = try tensors.map { try OutputTensor($0.recipe, name: $0.name, as: nil) }
    try WeightWriter.write(outputs, as: .safetensors, to: path)
    return try TensorStore(path: path)
  }

  /// What mindspore.transform_checkpoints made of the same ranks (make_parallel.py).
  @Test(arguments: [
    ("tensor", "strategy.ckpt"), ("optimizer", "strategy.ckpt"),
    ("data-parallel", "strategy.ckpt"), ("three", "strategy.ckpt"), ("axes", "strategy.ckpt"),
    ("pipeline", "strategy"), ("pipeline", "merged.ckpt"), ("uncut", "strategy.ckpt"),
    ("uncut-three", "strategy.ckpt"),
  ])
  func mergesAsMindSpore(_ name: String, _ strategy: String) throws {
    let scratch = try Scratch()
    let merge = try Self.merge(name, strategy)
    let store = try Self.write(merge.tensors, scratch, "whole.safetensors")
    let difference = try WeightDifference(
      store, TensorStore(path: Self.path(name + "/whole.ckpt")))
    #expect(difference.isEmpty && difference.common > 0)
    #expect(merge.unnamed == (name == "tensor" ? ["global_step"] : []))
  }

  /// Split by the same strategy: each rank gets what it held.
  @Test(arguments: [
    "tensor", "optimizer", "data-parallel", "three", "axes", "pipeline", "uncut", "uncut-three",
  ])
  func splitsAsItWas(_ name: String) throws {
    let scratch = try Scratch()
    let strategy = try ShardingStrategy(
      path: Self.path(name + (name == "pipeline" ? "/merged.ckpt" : "/strategy.ckpt")))
    let whole = try TensorStore(path: Self.path(name + "/whole.ckpt"))
    let target = FilePath.join(scratch.path, "parts")
    let split = try WeightSplit(whole.recipes, strategy)
    try split.write(as: .checkpoint, to: target)
    #expect(split.rankCount == strategy.rankCount)
    for rank in 0..<split.rankCount {
      let ours = try TensorStore(files: [target + "/rank_\(rank)/checkpoint_\(rank).ckpt"])
      let theirs = try TensorStore(files: [Self.path(name + "/src/rank_\(rank)/x.ckpt")])
      #expect(try WeightDifference(ours, theirs).isEmpty, "rank \(rank)")
    }
  }

  /// Random tensors, cut in both styles by rules, written, merged again.
  @Test(arguments: WeightSplit.Style.allCases)
  func splitAndMerge(_ style: WeightSplit.Style) throws {
    let scratch = try Scratch()
    var random = PCG64(seed: 41)
    let names = [
      "h.0.attn.c_attn.weight", "h.0.attn.c_attn.bias", "h.0.mlp.c_proj.weight", "h.0.ln.bias",
      "model.layers.1.self_attn.q_proj.weight", "x.attention.dense1.bias", "scalar",
    ]
    for round in 0..<6 {
      let parts = [1, 2, 3, 4][round % 4]
      let tensors = names.map { name -> (name: String, shape: [Int], values: [Float]) in
        let rank = name == "scalar" ? 0 : name.hasSuffix("bias") ? 1 : 2
        let shape = (0..<rank).map { _ in [1, 5, 6, 12, 24][Int(random.next() % 5)] }
        let count = shape.reduce(1, *)
        return (name, shape, (0..<count).map { _ in Float(random.next() % 4096) })
      }
      let source = try scratch.write("a.safetensors", safetensors(tensors))
      let whole = try TensorStore(path: source)
      let target = FilePath.join(scratch.path, "parts")
      let split = try WeightSplit(
        whole.recipes, parts: parts, rules: .known(), style: style,
        optimizerShards: style == .mindspore && round > 3 ? 2 : 1, keepsUneven: true)
      try split.write(as: .npz, to: target, overwrite: true)
      let files = try RankFiles(folder: target)
      #expect(files.ranks.count == split.rankCount)
      let merged =
        style == .megatron
        ? try RuleMerge(files, rules: .known()).tensors
        : try StrategyMerge(files, ShardingStrategy(path: target + "/strategy.ckpt")).tensors
      let store = try Self.write(merged, scratch, "merged-\(round).safetensors")
      #expect(try WeightDifference(whole, store).isEmpty)
    }
  }

  /// Query, key and value in one tensor: each rank has its part of each.
  @Test func groupsAreCutForThemselves() throws {
    let scratch = try Scratch()
    let source = try scratch.write(
      "a.safetensors", safetensors([("h.0.attn.c_attn.bias", [6], [0, 1, 2, 3, 4, 5])]))
    let split = try WeightSplit(
      TensorStore(path: source).recipes, parts: 2, rules: .known(), style: .megatron)
    let parts = try split.ranks.map { rank in
      try FloatTensor(rank[0].recipe.bytes(), .f32, [3]).withElements { Array($0) }
    }
    #expect(parts == [[0, 2, 4], [1, 3, 5]])
  }

  @Test func unevenPartsAreRefused() throws {
    let scratch = try Scratch()
    let source = try scratch.write(
      "a.safetensors",
      safetensors([
        ("h.0.attn.c_proj.weight", [4, 1], [0, 1, 2, 3]), ("norm.bias", [3], [0, 1, 2]),
        ("wte.weight", [3, 1], [0, 1, 2]), ("h.0.mlp.c_fc.bias", [5], [0, 1, 2, 3, 4]),
      ]))
    let whole = try TensorStore(path: source)
    let error = #expect(throws: DSXError.self) {
      try WeightSplit(whole.recipes, parts: 2, rules: .known(), style: .megatron)
    }
    #expect(error?.code == .usage)
    #expect(
      error?.message
        == "'h.0.mlp.c_fc.bias' [5] along axis 0 cannot be divided into 2 parts, and 1 more")
    let kept = try WeightSplit(
      whole.recipes, parts: 2, rules: .known(), style: .megatron, keepsUneven: true)
    #expect(kept.cutCount == 1 && kept.ranks[1].count == 4)
    var rules = ShardRules.known()
    try rules.add(
      file: scratch.write("r.json", Array(#"{"*wte.weight": null, "*c_fc.bias": null}"#.utf8)))
    #expect(
      try WeightSplit(whole.recipes, parts: 2, rules: rules, style: .mindspore).cutCount == 1)
  }

  /// Tensors that nothing cuts: neighbouring ranks hold neighbouring parts, and the step is 1, as in
  /// MindSpore's own reading (the fixtures `uncut`).
  @Test func optimizerShardsOfUncutTensors() throws {
    for step in [1, 2] {
      let layout = try ParallelLayout(
        devices: [2, 2], cuts: [[]], optimizerParts: 2, optimizerStep: step)
      #expect((0..<4).map { layout.place(of: $0) } == [[0], [1], [0], [1]])
      #expect(layout.optimizerStep == 1)
    }
    let scratch = try Scratch()
    let source = try scratch.write(
      "a.safetensors",
      safetensors([
        ("backbone.layernorm.gamma", [4], [0, 1, 2, 3]),
        ("blocks.0.attention.dense1.bias", [4], [4, 5, 6, 7]),
      ]))
    let split = try WeightSplit(
      TensorStore(path: source).recipes, parts: 2, rules: .known(), style: .mindspore,
      optimizerShards: 2)
    let held = try split.ranks.map { rank in
      try rank.map { tensor in
        try FloatTensor(tensor.recipe.bytes(), .f32, tensor.recipe.shape)
          .withElements { Array($0) }
      }
    }
    #expect(held.map { $0[0] } == [[0, 1], [2, 3], [0, 1], [2, 3]])
    #expect(held.map { $0[1] } == [[4], [6], [5], [7]])
  }

  @Test func patterns() {
    func matches(_ pattern: String, _ name: String) -> Bool {
      ShardRules.matches(Array(pattern.utf8)[...], Array(name.utf8)[...])
    }
    #expect(matches("*.dense.weight", "a.b.dense.weight") && !matches("*.dense.weight", "dense.x"))
    #expect(matches("*", "") && matches("a*b*c", "aXbYbZc") && !matches("a*b", "aXbY"))
    let rules = ShardRules.known(gated: true)
    #expect(rules.cut(of: "l.3.mlp.linear_fc1.weight") == .init(axis: 0, groups: 2))
    #expect(rules.cut(of: "bert.encoder.layer.0.attention.output.dense.weight")?.axis == 1)
    #expect(rules.cut(of: "model.norm.weight") == nil)
  }

  @Test func rulesFromAFile() throws {
    let scratch = try Scratch()
    var rules = ShardRules.known()
    try rules.add(
      file: scratch.write(
        "rules.json", Array(#"{"*.q_proj.weight": null, "a": "row", "b*": [1, 3]}"#.utf8)))
    #expect(rules.cut(of: "x.q_proj.weight") == nil && rules.cut(of: "a") == .init(axis: 1))
    #expect(rules.cut(of: "bb") == .init(axis: 1, groups: 3))
    try rules.check(["x.q_proj.weight", "a", "bc"])
    let error = #expect(throws: DSXError.self) { try rules.check(["x.q_proj.weight", "a"]) }
    #expect(error?.code == .unknownName && error?.message.contains("'b*'") == true)
    for bad in ["[]", #"{"a": -1}"#, #"{"a": [1]}"#, #"{"a": "rows"}"#, #"{"a": [0, 0]}"#] {
      let path = try scratch.write("bad.json", Array(bad.utf8))
      #expect(throws: DSXError.self, "\(bad)") { try rules.add(file: path) }
    }
  }

  // MARK: what does not fit

  private static func ranks(
    _ scratch: borrowing Scratch, _ tensors: [[(name: String, shape: [Int], values: [Float])]]
  ) throws
    -> String
  {
    for (rank, list) in tensors.enumerated() {
      try FilePath.makeFolder(FilePath.join(scratch.path, "r/rank_\(rank)"))
      _ = try scratch.write("r/rank_\(rank)/x.safetensors", safetensors(list))
    }
    return FilePath.join(scratch.path, "r")
  }

  private static func message(_ body: () throws -> Void) -> String {
    do { try body() } catch { return (error as? DSXError)?.message ?? "\(error)" }
    return "no error"
  }

  @Test func differingCopiesAreNamed() throws {
    let scratch = try Scratch()
    let folder = try Self.ranks(scratch, [[("norm", [1], [1])], [("norm", [1], [2])]])
    let files = try RankFiles(folder: folder)
    let text = Self.message { _ = try RuleMerge(files, rules: .known()) }
    #expect(text.contains("'norm' differs between the ranks 0 and 1"))
    #expect(try RuleMerge(files, rules: .known(), trustsCopies: true).tensors.count == 1)
  }

  @Test func missingPartsAreNamed() throws {
    let scratch = try Scratch()
    var folder = try Self.ranks(
      scratch, [[("a", [1], [1]), ("b", [1], [1])], [("a", [1], [1])]])
    #expect(
      Self.message { _ = try RuleMerge(RankFiles(folder: folder), rules: .known()) }
        .contains("rank 1 lacks the tensor 'b'"))
    folder = try Self.ranks(
      scratch, [[("x.wo.weight", [1, 2], [1, 2])], [("x.wo.weight", [2, 2], [1, 2, 3, 4])]])
    #expect(
      Self.message { _ = try RuleMerge(RankFiles(folder: folder), rules: .known()) }
        .contains("different shapes"))
    try FilePath.removeTree(folder + "/rank_0")
    #expect(
      Self.message { _ = try RuleMerge(RankFiles(folder: folder), rules: .known()) }
        .contains("rank 0 are missing"))
    #expect(throws: DSXError.self) { try RankFiles(folder: scratch.path + "/none") }
    _ = try scratch.write("r/rank_1/y.safetensors", safetensors([("a", [1], [1])]))
    #expect(Self.message { _ = try RankFiles(folder: folder) }.contains("several weight files"))
    #expect(try RankFiles(folder: folder, prefix: "y").ranks == [1])
  }

  @Test func aMissingRankOfAStrategy() throws {
    let scratch = try Scratch()
    for rank in [0, 2] {
      try FilePath.makeFolder(FilePath.join(scratch.path, "r/rank_\(rank)"))
      let source = Self.path("tensor/src/rank_\(rank)/x.ckpt")
      let bytes = try MappedFile(path: source).withBytes { Array($0) }
      try FilePath.write(bytes, to: FilePath.join(scratch.path, "r/rank_\(rank)/x.ckpt"))
    }
    let strategy = try ShardingStrategy(path: Self.path("tensor/strategy.ckpt"))
    let text = Self.message {
      _ = try StrategyMerge(RankFiles(folder: scratch.path + "/r"), strategy)
    }
    #expect(text.contains("is missing"))
  }

  @Test func damagedStrategies() throws {
    let good = try MappedFile(path: Self.path("optimizer/strategy.ckpt")).withBytes { Array($0) }
    _ = try good.withUnsafeBytes { bytes in try StrategyFile(bytes) }
    for cut in 1..<good.count {
      // Cut between two items it is a whole message: nothing but an error or a shorter list.
      _ = good.prefix(cut).withUnsafeBytes { bytes in try? StrategyFile(bytes) }
    }
    var random = PCG64(seed: 43)
    for _ in 0..<2000 {
      var bad = good
      bad[Int(random.next() % UInt64(bad.count))] = UInt8(truncatingIfNeeded: random.next())
      guard let file = bad.withUnsafeBytes({ bytes in try? StrategyFile(bytes) }) else { continue }
      for entry in file.entries where entry.layout.deviceCount < 100 {
        for device in 0..<entry.layout.deviceCount { _ = entry.layout.place(of: device) }
      }
    }
    #expect(throws: DSXError.self) { try ParallelLayout(devices: [0], cuts: [[]]) }
    #expect(throws: DSXError.self) { try ParallelLayout(devices: [2], cuts: [[1]]) }
    #expect(throws: DSXError.self) { try ParallelLayout(devices: [2], cuts: [[0], [0]]) }
    #expect(throws: DSXError.self) {
      try ParallelLayout(devices: [1 << 40, 1 << 40], cuts: [])
    }
    #expect(throws: DSXError.self) {
      try ParallelLayout(devices: [2, 2], cuts: [[0]], optimizerParts: 4, optimizerStep: 1)
    }
  }

  @Test func strategiesAsJSON() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "s.json",
      Array(
        #"""
        {"current_stage": 0, "parallel_strategy_item": {"op": {"stage": 0}}, "parallel_layout_item":
        {"a": {"dev_matrix": [2, 2], "tensor_map": [0, -1], "field": 0, "opt_weight_shard_step": 0,
        "opt_weight_shard_size": 0}}}
        """#.utf8))
    let strategy = try ShardingStrategy(path: path)
    #expect(strategy.rankCount == 4)
    #expect(strategy.items["a"]?.layout.place(of: 3) == [1, 0])
    for bad in [#"{}"#, #"{"parallel_layout_item": {"a": {}}}"#] {
      let path = try scratch.write("bad.json", Array(bad.utf8))
      #expect(throws: DSXError.self) { try ShardingStrategy(path: path) }
    }
  }
}
