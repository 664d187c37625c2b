public import DSXCore

/// The whole tensors of a model from the parts that ranks hold, by MindSpore's layouts: what
/// mindspore.transform_checkpoints does without a target strategy.
public struct StrategyMerge: Sendable {
  /// The whole tensors by name, sorted.
  public let tensors: [(name: String, recipe: TensorRecipe)]
  /// Tensors of the checkpoints that the strategy does not name (a step count): taken whole.
  public let unnamed: [String]

  /// Checks that every part is there and fits. Copies are compared, byte for byte, unless `trustsCopies`.
  ///
  /// Throws `missingFile` for a rank that alone holds a part, `corrupt` naming the tensor for parts that
  /// do not fit or copies that differ.
  public init(_ files: RankFiles, _ strategy: ShardingStrategy, trustsCopies: Bool = false)
    throws(DSXError)
  {
    let held = Dictionary(uniqueKeysWithValues: files.ranks.map { ($0, files.entries($0)) })
    if let extra = files.ranks.last, extra >= strategy.rankCount {
      throw DSXError(
        .corrupt, "there is a rank \(extra), but the strategy is of \(strategy.rankCount) ranks",
        file: files.folder)
    }
    var tensors: [(name: String, recipe: TensorRecipe)] = []
    for (name, item) in strategy.items {
      let copies = try item.stages.map { stage throws(DSXError) in
        try Self.whole(
          name, item.layout, first: stage * strategy.stageDevices, held, files, trustsCopies)
      }
      // A tensor of several stages (tied embeddings) is the same in each.
      let holders = zip(item.stages, copies).compactMap { stage, recipe in
        recipe.map { CopyCheck.Holder(rank: stage * strategy.stageDevices, recipe: $0) }
      }
      guard !holders.isEmpty else { continue }
      tensors.append((name, try CopyCheck.one(holders, name, trusts: trustsCopies)))
    }
    var others: [String: [CopyCheck.Holder]] = [:]
    for rank in files.ranks {
      for (name, place) in held[rank] ?? [:] where strategy.items[name] == nil {
        let recipe = TensorRecipe(place.entry, of: place.file)
        others[name, default: []].append(.init(rank: rank, recipe: recipe))
      }
    }
    for (name, holders) in others {
      tensors.append((name, try CopyCheck.one(holders, name, trusts: trustsCopies)))
    }
    guard !tensors.isEmpty else {
      throw DSXError(
        .corrupt, "the ranks hold none of the tensors that the strategy names",
        file: files.folder)
    }
    self.tensors = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    unnamed = others.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// One tensor as one stage holds it; nil where the files of no rank have it (the optimizer's state was
  /// not saved).
  private static func whole(
    _ name: String, _ layout: ParallelLayout, first: Int,
    _ held: [Int: [String: (entry: TensorEntry, file: WeightFile)]], _ files: RankFiles,
    _ trusts: Bool
  ) throws(DSXError) -> TensorRecipe? {
    var parts: [[Int]: [CopyCheck.Holder]] = [:]
    var shape: [Int]?
    for device in 0..<layout.deviceCount {
      guard let place = held[first + device]?[name] else { continue }
      guard place.entry.shape.count == layout.cuts.count else {
        throw DSXError(
          .corrupt,
          "the tensor '\(name)' has the shape \(place.entry.shape), but the strategy has "
            + "\(layout.cuts.count) dimensions for it", file: place.file.file.path,
          byte: place.entry.offset)
      }
      if let shape, shape != place.entry.shape {
        throw DSXError(
          .corrupt,
          "the parts of '\(name)' have different shapes: \(shape) and, on rank "
            + "\(first + device), \(place.entry.shape)", file: place.file.file.path,
          byte: place.entry.offset)
      }
      shape = place.entry.shape
      let recipe = TensorRecipe(place.entry, of: place.file)
      parts[layout.place(of: device), default: []].append(
        .init(rank: first + device, recipe: recipe))
    }
    guard !parts.isEmpty else { return nil }
    for device in 0..<layout.deviceCount where parts[layout.place(of: device)] == nil {
      throw DSXError(
        .missingFile,
        "the part of '\(name)' that rank \(first + device) holds is missing",
        file: files.folder,
        hint: held[first + device] == nil
          ? "add rank_\(first + device)" : "the rank's file lacks this tensor")
    }
    func join(_ prefix: [Int]) throws(DSXError) -> TensorRecipe {
      let axis = prefix.count
      guard axis < layout.allParts.count else {
        return try CopyCheck.one(parts[prefix] ?? [], name, trusts: trusts)
      }
      var pieces: [TensorRecipe] = []
      for index in 0..<layout.allParts[axis] { pieces.append(try join(prefix + [index])) }
      return try TensorRecipe.joined(pieces, axis: axis)
    }
    return try join([])
  }
}
