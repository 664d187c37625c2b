public import DSXCore
internal import Glibc

extension WeightSplit {
  /// Writes one folder with all ranks' files and the record of the cuts, merges them again and compares
  /// every tensor with the whole one, byte for byte; only then the folder appears under its name.
  ///
  /// - Parameter type: what floats become, nil to keep them.
  /// Throws `outputExists`, `unsupported` for what the format cannot hold, `io`.
  public func write(
    as format: WeightFormat, to path: String, type: ElementType? = nil, overwrite: Bool = false
  ) throws(DSXError) {
    guard overwrite || !FilePath.exists(path) else {
      throw DSXError(
        .outputExists, "the output is there already", file: path, hint: "add --overwrite")
    }
    let folder = try AtomicFolder(target: path)
    let name = FilePath.split(path).name
    do throws(DSXError) {
      let staged = folder.path(name)
      try FilePath.makeFolder(staged)
      for (rank, tensors) in ranks.enumerated() {
        let file = fileName(rank, format)
        try FilePath.makeFolder(FilePath.join(staged, FilePath.split(file).folder))
        var outputs: [OutputTensor] = []
        for (name, recipe) in tensors {
          outputs.append(try OutputTensor(recipe, name: name, as: type))
        }
        try WeightWriter.writeFile(outputs, as: format, to: FilePath.join(staged, file))
      }
      for record in records {
        let file = FilePath.join(staged, record.name)
        try FilePath.makeFolder(FilePath.split(file).folder)
        try FilePath.write(record.bytes, to: file)
      }
      try check(staged, type)
      try Self.flush(staged)
      if overwrite, FilePath.exists(path) { try FilePath.removeTree(path) }
      try folder.publish([name], flushed: true)
    } catch {
      folder.discard()
      throw error
    }
  }

  /// Where a rank's tensors go.
  private func fileName(_ rank: Int, _ format: WeightFormat) -> String {
    switch style {
    case .mindspore: return "rank_\(rank)/checkpoint_\(rank).\(format.rawValue)"
    case .megatron:
      return "mp_rank_\(rank < 10 ? "0" : "")\(rank)/model.\(format.rawValue)"
    }
  }

  /// Merges what was written.
  private func check(_ folder: String, _ type: ElementType?) throws(DSXError) {
    let files = try RankFiles(folder: folder)
    let merged: [(name: String, recipe: TensorRecipe)]
    switch style {
    case .megatron: merged = try RuleMerge(files, rules: .known()).tensors
    case .mindspore:
      let path = FilePath.join(folder, records.count == 1 ? records[0].name : "strategy")
      merged = try StrategyMerge(files, ShardingStrategy(path: path)).tensors
    }
    let found = Dictionary(uniqueKeysWithValues: merged.map { ($0.name, $0.recipe) })
    for (name, recipe) in tensors {
      let whole = try OutputTensor(recipe, name: name, as: type).bytes()
      guard let other = found[name], other.shape == recipe.shape,
        try Self.isEqual(whole, other.bytes())
      else {
        throw DSXError(.internal, "the parts of '\(name)' do not make the whole again")
      }
    }
  }

  private static func isEqual(_ one: TensorBytes, _ other: TensorBytes) -> Bool {
    one.withBytes { one in
      other.withBytes { other in
        guard one.count == other.count else { return false }
        guard let a = one.baseAddress, let b = other.baseAddress else { return true }
        return memcmp(a, b, one.count) == 0
      }
    }
  }

  /// Flushes every file and folder.
  private static func flush(_ path: String) throws(DSXError) {
    if FilePath.isFolder(path) {
      for name in try FilePath.list(path) { try flush(FilePath.join(path, name)) }
    }
    try FilePath.flush(path)
  }
}
