public import DSXCore

/// How all tensors of a model lie over ranks: what MindSpore's strategy files say.
///
/// Ranks are numbered stage by stage: rank r is in stage r / devices of a stage.
public struct ShardingStrategy: Sendable {
  /// One tensor's layout and the pipeline stages that hold it, in ascending order.
  struct Item: Sendable {
    var layout: ParallelLayout
    var stages: [Int]
  }

  /// By the tensors' names.
  let items: [String: Item]
  /// Devices of each stage.
  public let stageDevices: Int
  /// Pipeline stages.
  public let stageCount: Int
  /// Ranks in all.
  public var rankCount: Int { stageDevices * stageCount }

  /// The most pipeline stages.
  static let mostStages = 4096

  init(_ items: [String: Item], file: String?) throws(DSXError) {
    guard let devices = items.values.first?.layout.deviceCount else {
      throw DSXError(
        .corrupt, "the strategy says nothing of any tensor", file: file,
        hint: "training with one device, or with pipeline stages alone, writes no layouts")
    }
    for name in items.keys.sorted() where items[name]?.layout.deviceCount != devices {
      throw DSXError(
        .corrupt,
        "the layout of '\(name)' has \(items[name]?.layout.deviceCount ?? 0) devices, others "
          + "\(devices)", file: file)
    }
    let stages = Set(items.values.flatMap(\.stages))
    let count = (stages.max() ?? 0) + 1
    guard stages.count == count, count <= Self.mostStages else {
      throw DSXError(
        .corrupt,
        "the strategy lacks pipeline stages: it has "
          + stages.sorted().map(String.init).joined(separator: ", "), file: file,
        hint: "name the folder with the strategy files of all stages")
    }
    self.items = items
    stageDevices = devices
    stageCount = count
  }

  /// Reads a strategy file (protobuf or, by its name, `.json`), or a folder with one for each pipeline
  /// stage, as MindSpore's merge_pipeline_strategys does.
  ///
  /// Throws `missingFile`, `corrupt` or `unsupported` with file, byte and the tensor's name.
  public init(path: String) throws(DSXError) {
    guard FilePath.isFolder(path) else {
      let map = try StrategyFile(path: path)
      try self.init(Self.gather([(map, false)]), file: path)
      return
    }
    let all = try FilePath.list(path)
    let names = all.filter { $0.hasSuffix(".ckpt") }
    let texts = all.filter { $0.hasSuffix(".json") }
    guard names.isEmpty != texts.isEmpty else {
      throw DSXError(
        names.isEmpty ? .missingFile : .malformed,
        names.isEmpty
          ? "the folder has no strategy files (.ckpt or .json)"
          : "the folder has strategy files of both kinds, .ckpt and .json", file: path)
    }
    var maps: [(StrategyFile, Bool)] = []
    var stages = Set<Int>()
    for name in names + texts {
      let map = try StrategyFile(path: FilePath.join(path, name))
      guard let stage = map.stage else {
        throw DSXError(
          .corrupt, "the strategy does not say which pipeline stage it is of",
          file: FilePath.join(path, name))
      }
      if stages.insert(stage).inserted { maps.append((map, true)) }
    }
    try self.init(Self.gather(maps), file: path)
  }

  /// All layouts by name. Of a tensor in several stages the layout of the lowest stage counts.
  private static func gather(_ maps: [(map: StrategyFile, isOneStage: Bool)]) throws(DSXError)
    -> [String: Item]
  {
    var items: [String: Item] = [:]
    for (map, isOneStage) in maps {
      for entry in map.entries {
        let (stage, name) =
          isOneStage ? (map.stage ?? 0, entry.name) : StrategyFile.stage(of: entry.name)
        guard stage < mostStages else {
          throw DSXError(
            .corrupt, "'\(entry.name)' is in the pipeline stage \(stage)", file: map.path)
        }
        guard var item = items[name] else {
          items[name] = Item(layout: entry.layout, stages: [stage])
          continue
        }
        guard !item.stages.contains(stage) else {
          throw DSXError(.corrupt, "the layout of '\(name)' is there twice", file: map.path)
        }
        if stage < item.stages[0] { item.layout = entry.layout }
        item.stages = (item.stages + [stage]).sorted()
        items[name] = item
      }
    }
    return items
  }

  /// The ranks that hold a tensor, those of its lowest stage first.
  func ranks(of item: Item) -> [Int] {
    item.stages.flatMap { stage in (0..<stageDevices).map { stage * stageDevices + $0 } }
  }
}
