public import DSXCore

/// Files that a caller names for a loader: patterns or paths, split by split.
public struct DataFiles: Sendable {
  /// The splits with their patterns, in order.
  public var splits: [(split: String, patterns: [String])]

  /// Files of one split, `train`.
  public init(_ patterns: [String]) { splits = [("train", patterns)] }

  /// Files of several splits.
  public init(splits: [(split: String, patterns: [String])]) { self.splits = splits }
}

extension MsDataset {
  /// Finds a data set as ModelScope's `MsDataset.load` does.
  ///
  /// In this order: a loader's name (`csv`, `json`, `text`, `imagefolder`) with `dataFiles` or `dataDir`; a
  /// local file or folder; the catalog; ModelScope's cache. `namespace/name` sets the namespace. A local
  /// file has no splits: `split` becomes its name. `target` limits iteration to one column. `arguments` go
  /// to custom data sets. Without `streaming` every file of the chosen splits must be in place now, with it
  /// only when its rows are read.
  ///
  /// Throws `unknownName` with what exists and the nearest for an unknown name, subset, split or version,
  /// `usage` when a subset has to be chosen, `missingFile` for data that is not in place, saying what to get
  /// and where to put it.
  public static func load(
    _ text: String, subset: String? = nil, split: String? = nil, version: String? = nil,
    namespace: String? = nil, dataDir: String? = nil, dataFiles: DataFiles? = nil,
    target: String? = nil, streaming: Bool = false, arguments: [JSONValue.Member] = [],
    homes: Homes
  ) throws(DSXError) -> LoadedDataset {
    let found = try find(
      text, split: split, version: version, namespace: namespace, dataDir: dataDir,
      dataFiles: dataFiles, homes: homes)
    let subset = try found.entry.layout.subset(subset ?? found.subset, takesDefault: false)
    return try select(
      found.entry, subset, split: split, target: target, streaming: streaming, arguments: arguments)
  }

  /// One split of a data set, found as `load` does. Of a legacy descriptor's several subsets the one called
  /// `default` is taken when none is named.
  ///
  /// Throws as `load`, and `usage` with the splits when there are several and none was named.
  public static func loadSplit(
    _ text: String, subset: String? = nil, split: String? = nil, version: String? = nil,
    namespace: String? = nil, homes: Homes
  ) throws(DSXError) -> MsDataset {
    let found = try find(
      text, split: split, version: version, namespace: namespace, homes: homes)
    let chosen = try found.entry.layout.subset(subset ?? found.subset, takesDefault: true)
    try chosen.check(found.entry.layout.path)
    do throws(DSXError) {
      return try select(found.entry, chosen, split: split, target: nil, streaming: false).only()
    } catch {
      throw error.code == .usage ? error.inFile(found.entry.layout.path) : error
    }
  }

  /// A data set of values: one column, named `target`.
  public static func load(_ values: [JSONValue], target: String = "target") -> MsDataset {
    MsDataset(
      name: "values", split: "train", folder: ".", content: .values(values, column: target),
      target: target)
  }

  /// The entry that a text stands for, and the subset where the text is an alias of one.
  public static func find(
    _ text: String, split: String? = nil, version: String? = nil, namespace: String? = nil,
    dataDir: String? = nil, dataFiles: DataFiles? = nil, homes: Homes
  ) throws(DSXError) -> (entry: CatalogEntry, subset: String?) {
    if dataDir != nil || dataFiles != nil {
      return (try named(text, dataDir: dataDir, dataFiles: dataFiles, version), nil)
    }
    var reference = DatasetReference(text)
    if let namespace, !reference.isPath, reference.namespace == nil {
      reference.namespace = namespace
    }
    let catalog = DatasetCatalog(homes: homes)
    if reference.isPath {
      return (try local(text, split: split, version: version, catalog), nil)
    }
    // A plain word may be a file here too; a folder of that name only when no entry is called so.
    let isFile = FilePath.exists(text) && !FilePath.isFolder(text)
    if isFile { return (try local(text, split: split, version: version, catalog), nil) }
    if let entry = try catalog.find(reference, version: version) { return (entry, nil) }
    if let alias = catalog.aliases()[reference.name],
      reference.namespace == nil || reference.namespace == DatasetReference.defaultNamespace
    {
      let entry = try catalog.entry(DatasetReference(alias.name), version: version)
      return (entry, alias.subset)
    }
    if FilePath.isFolder(text) {
      return (try local(text, split: split, version: version, catalog), nil)
    }
    // Nobody calls a data set `x.mindrecord`: that is a file, and it is not there.
    if FileKind(fileName: text) != nil || FileKind.unread.contains(FileKind.ending(text) ?? "") {
      return (try local(text, split: split, version: version, catalog), nil)
    }
    let known = catalog.names() + catalog.aliases().keys + catalog.cachedNames()
    let name = reference.namespace.map { $0 + "/" + reference.name } ?? reference.name
    throw DSXError.unknown(
      "data set", namespace == nil ? text : name,
      known: known.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// A path.
  private static func local(
    _ path: String, split: String?, version: String?, _ catalog: DatasetCatalog
  ) throws(DSXError) -> CatalogEntry {
    if FilePath.isFolder(path) { return try CatalogEntry(folder: path, version: version) }
    guard FilePath.exists(path) else {
      let word = FileKind(fileName: path) == nil ? "file or folder" : "file"
      let (folder, name) = FilePath.split(path)
      let near = NearestName.find(name, in: (try? FilePath.list(folder)) ?? [])
      throw DSXError(
        .unknownName, "there is no data set \(word) '\(path)'",
        hint: near.map { "did you mean '\(FilePath.join(folder, $0))'?" }
          ?? "give a file, a folder, or a name of the catalog: "
          + catalog.names().joined(separator: ", "))
    }
    return try single(path, DatasetLayout(file: path, split: split), version)
  }

  /// A file or a loader's files have one version.
  private static func single(_ path: String, _ layout: DatasetLayout, _ version: String?)
    throws(DSXError) -> CatalogEntry
  {
    let (folder, name) = FilePath.split(path)
    let known = [DatasetCatalog.defaultVersion]
    return CatalogEntry(
      name: name, namespace: DatasetReference.defaultNamespace,
      version: try DatasetCatalog.choose(version, from: known, name: name), versions: known,
      folder: FilePath.isFolder(path) ? path : folder, layout: layout, searchFolders: [folder],
      origin: .path)
  }

  /// A loader's name, or a folder, with the files to read.
  private static func named(
    _ text: String, dataDir: String?, dataFiles: DataFiles?, _ version: String?
  ) throws(DSXError) -> CatalogEntry {
    var root = dataDir ?? "."
    let kind = FileKind(loader: text)
    if kind == nil {
      if text == "parquet" {
        throw DSXError(
          .unsupported, "parquet files are not read by this version",
          hint: "known loaders: " + FileKind.loaders.joined(separator: ", "))
      }
      guard FilePath.isFolder(text) else {
        throw DSXError.unknown("loader", text, known: FileKind.loaders)
      }
      root = dataDir.map { FilePath.join(text, $0) } ?? text
    }
    if kind == nil || dataDir != nil {
      guard FilePath.isFolder(root) else {
        throw DSXError(.unknownName, "there is no folder '\(root)'")
      }
    }
    guard let dataFiles else {
      return try single(root, DatasetLayout(bare: FileTree(folder: root), kind: kind), version)
    }
    var divided: [(split: String, names: [String])] = []
    var tree: FileTree?
    for (split, patterns) in dataFiles.splits {
      var names: [String] = []
      for text in patterns {
        let pattern = FilePattern(text)
        if pattern.isPlain {
          guard FilePath.size(FilePath.join(root, text)) != nil else {
            throw DSXError(
              .missingFile, "the file of the split '\(split)' is not there",
              file: FilePath.join(root, text))
          }
          names.append(text)
          continue
        }
        let walked: FileTree
        if let tree { walked = tree } else { walked = try FileTree(folder: root) }
        tree = walked
        let matched = walked.names.filter { pattern.matches($0) }
        guard !matched.isEmpty else {
          throw DSXError(
            .missingFile, "no file matches '\(text)' of the split '\(split)'", file: root)
        }
        names += matched
      }
      divided.append((split, names))
    }
    guard let wanted = kind ?? DatasetLayout.kind(of: divided.first?.names ?? []) else {
      throw DSXError(
        .unsupported, "this kind of file is not known", file: divided.first?.names.first,
        hint: "known: " + FileKind.known)
    }
    let archives = divided.allSatisfy { split in
      split.names.count == 1 && FileKind(fileName: split.names[0]) == .archive
    }
    let layout = try DatasetLayout.make(
      divided, archives ? .archive : wanted, FileTree(root: root),
      options: DatasetLayout.options(kind))
    return try single(root, layout, version)
  }

  /// The splits of a subset that were asked for.
  private static func select(
    _ entry: CatalogEntry, _ subset: DatasetLayout.Subset, split: String?, target: String?,
    streaming: Bool, arguments: [JSONValue.Member] = []
  ) throws(DSXError) -> LoadedDataset {
    try subset.check(entry.layout.path)
    var wanted = subset.splits
    if let split { wanted = [try subset.split(split, entry.layout.path)] }
    var datasets: [MsDataset] = []
    for split in wanted {
      datasets.append(
        try MsDataset(entry, subset, split, target: target, mustExist: !streaming))
    }
    let isCustom = datasets.allSatisfy { if case .custom = $0.content { true } else { false } }
    if isCustom { return .custom(CustomDataset(datasets, arguments: arguments)) }
    return datasets.count == 1 ? .one(datasets[0]) : .splits(datasets)
  }
}
