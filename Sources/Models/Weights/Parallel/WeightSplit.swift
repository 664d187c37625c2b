public import DSXCore

/// The parts that ranks hold of a model's whole tensors: the inverse of the merges.
public struct WeightSplit: Sendable {
  /// How the folders and the record of the cuts look.
  public enum Style: String, Sendable, CaseIterable {
    /// `rank_N/checkpoint_N.ENDING` and `strategy.ckpt`, which transform_checkpoints reads.
    case mindspore
    /// `mp_rank_NN/model.ENDING` and `shards.json`.
    case megatron
  }

  /// The whole tensors by name.
  let tensors: [(name: String, recipe: TensorRecipe)]
  let style: Style
  /// Each rank's parts.
  let ranks: [[(name: String, recipe: TensorRecipe)]]
  /// The files beside the parts that say how they were cut: one for each pipeline stage.
  let records: [(name: String, bytes: [UInt8])]
  /// Tensors that are cut.
  public let cutCount: Int

  /// Ranks.
  public var rankCount: Int { ranks.count }

  private init(
    tensors: [(name: String, recipe: TensorRecipe)], style: Style,
    ranks: [[(name: String, recipe: TensorRecipe)]], records: [(name: String, bytes: [UInt8])],
    cutCount: Int
  ) {
    (self.tensors, self.style, self.ranks) = (tensors, style, ranks)
    (self.records, self.cutCount) = (records, cutCount)
  }

  /// Cuts into `parts` by rules.
  ///
  /// - Parameters:
  ///   - optimizerShards: with the MindSpore style, how many data-parallel ranks share each part along
  ///     dimension 0; 1 for none.
  ///   - keepsUneven: a tensor that a rule cuts and that cannot be divided stays whole on every rank,
  ///     and the record says so; else it is refused, as the programs that read the parts cut it too.
  /// Throws `usage` for a number of parts that cannot be, and for tensors that cannot be divided.
  public init(
    _ tensors: [(name: String, recipe: TensorRecipe)], parts: Int, rules: ShardRules,
    style: Style, optimizerShards: Int = 1, keepsUneven: Bool = false
  ) throws(DSXError) {
    guard parts >= 1, optimizerShards >= 1, parts * optimizerShards <= 4096 else {
      throw DSXError(.usage, "the number of ranks must be from 1 to 4096")
    }
    guard style == .mindspore || optimizerShards == 1 else {
      throw DSXError(
        .usage, "Megatron's folders have no optimizer shards", hint: "use --style mindspore")
    }
    if !keepsUneven { try Self.checkEven(tensors, parts, rules) }
    if style == .mindspore {
      var items: [String: ShardingStrategy.Item] = [:]
      for (name, recipe) in tensors where !recipe.shape.isEmpty {
        let cut = rules.cut(of: name).flatMap { Self.fits($0, recipe, parts) ? $0 : nil }
        var cuts = [[Int]](repeating: [], count: recipe.shape.count)
        // Groups cannot be said in a tensor map.
        if let cut, cut.groups == 1, parts > 1 { cuts[cut.axis] = [0] }
        let rows = recipe.shape[0] / (cuts[0].isEmpty ? 1 : parts)
        // What no device dimension cuts has the step 1 (`ParallelLayout`).
        let shards = rows % optimizerShards == 0 && rows > 0 ? optimizerShards : 1
        items[name] = .init(
          layout: try ParallelLayout(
            devices: [optimizerShards, parts], cuts: cuts, optimizerParts: shards,
            optimizerStep: parts), stages: [0])
      }
      try self.init(tensors, ShardingStrategy(items, file: nil))
      return
    }
    var ranks = [[(name: String, recipe: TensorRecipe)]](repeating: [], count: parts)
    var cuts: [(name: String, cut: ShardRules.Cut)] = []
    for (name, recipe) in tensors {
      guard parts > 1, let cut = rules.cut(of: name), Self.fits(cut, recipe, parts) else {
        for rank in ranks.indices { ranks[rank].append((name, recipe)) }
        continue
      }
      cuts.append((name, cut))
      for rank in ranks.indices {
        var groups: [TensorRecipe] = []
        for group in 0..<cut.groups {
          let block = try recipe.part(axis: cut.axis, group, of: cut.groups)
          groups.append(try block.part(axis: cut.axis, rank, of: parts))
        }
        ranks[rank].append((name, try TensorRecipe.joined(groups, axis: cut.axis)))
      }
    }
    let record = Array(ShardRecord.text(ranks: parts, cuts: cuts).utf8)
    self.init(
      tensors: tensors, style: style, ranks: ranks, records: [(ShardRecord.fileName, record)],
      cutCount: cuts.count)
  }

  /// Cuts by a strategy. Tensors that it does not name stay whole, on every rank.
  ///
  /// Throws `corrupt` for a tensor that cannot be divided so, `unknownName` for one that the strategy
  /// names and the weights lack.
  public init(
    _ tensors: [(name: String, recipe: TensorRecipe)], _ strategy: ShardingStrategy
  ) throws(DSXError) {
    var ranks = [[(name: String, recipe: TensorRecipe)]](
      repeating: [], count: strategy.rankCount)
    let names = Set(tensors.map(\.name))
    if let lacking = strategy.items.keys.sorted().first(where: { !names.contains($0) }) {
      let near = NearestName.find(lacking, in: tensors.map(\.name))
      throw DSXError(
        .unknownName, "the strategy names the tensor '\(lacking)', which the weights lack",
        hint: near.map { "did you mean '\($0)'?" })
    }
    var cutCount = 0
    for (name, recipe) in tensors {
      guard let item = strategy.items[name] else {
        for rank in ranks.indices { ranks[rank].append((name, recipe)) }
        continue
      }
      guard item.layout.cuts.count == recipe.shape.count else {
        throw DSXError(
          .corrupt,
          "the tensor '\(name)' has the shape \(recipe.shape), but the strategy has "
            + "\(item.layout.cuts.count) dimensions for it", file: recipe.origin?.file)
      }
      if item.layout.allParts.contains(where: { $0 > 1 }) { cutCount += 1 }
      for rank in strategy.ranks(of: item) {
        var part = recipe
        let place = item.layout.place(of: rank % strategy.stageDevices)
        for (axis, index) in place.enumerated() {
          part = try part.part(axis: axis, index, of: item.layout.allParts[axis])
        }
        ranks[rank].append((name, part))
      }
    }
    var records: [(name: String, bytes: [UInt8])] = []
    for stage in 0..<strategy.stageCount {
      let layouts = strategy.items.filter { $0.value.stages.contains(stage) }
        .map { (name: $0.key, layout: $0.value.layout) }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      records.append(
        (
          strategy.stageCount == 1 ? "strategy.ckpt" : "strategy/stage_\(stage).ckpt",
          StrategyFile.message(layouts, stage: stage)
        ))
    }
    self.init(
      tensors: tensors, style: .mindspore, ranks: ranks, records: records, cutCount: cutCount)
  }

  /// Throws `usage` with the tensors that a rule cuts and that have no equal parts.
  private static func checkEven(
    _ tensors: [(name: String, recipe: TensorRecipe)], _ parts: Int, _ rules: ShardRules
  ) throws(DSXError) {
    guard parts > 1 else { return }
    let uneven = tensors.compactMap { name, recipe -> String? in
      guard let cut = rules.cut(of: name), !fits(cut, recipe, parts) else { return nil }
      return "'\(name)' \(recipe.shape) along axis \(cut.axis)"
        + (cut.groups > 1 ? " in \(cut.groups) groups" : "")
    }
    guard let first = uneven.first else { return }
    let others = uneven.count > 1 ? ", and \(uneven.count - 1) more" : ""
    throw DSXError(
      .usage, "\(first) cannot be divided into \(parts) parts" + others,
      hint: "--keep-uneven leaves such tensors whole on every rank; --rules names other axes, or "
        + "null for whole")
  }

  /// Whether a tensor can be cut so.
  private static func fits(_ cut: ShardRules.Cut, _ recipe: TensorRecipe, _ parts: Int) -> Bool {
    recipe.shape.indices.contains(cut.axis) && recipe.shape[cut.axis] > 0
      && recipe.shape[cut.axis] % (cut.groups * parts) == 0
  }
}
