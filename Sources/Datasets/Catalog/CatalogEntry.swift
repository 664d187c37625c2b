public import DSXCore

/// One data set in one version: of the catalog, of ModelScope's cache, or a local folder.
public struct CatalogEntry: Sendable {
  /// Where an entry was found.
  public enum Origin: String, Sendable {
    /// A `datasets` folder of a home.
    case catalog
    /// ModelScope's cache.
    case modelScopeCache = "modelscope-cache"
    /// A path that the caller named.
    case path
  }

  /// Its name without the namespace.
  public let name: String
  /// Its namespace.
  public let namespace: String
  /// The version that was resolved; never `latest`.
  public let version: String
  /// All versions that are there.
  public let versions: [String]
  /// The folder that holds its descriptor, task.yaml and card.
  public let folder: String
  /// Its subsets and splits.
  public let layout: DatasetLayout
  /// Where relative paths of a descriptor are looked for, in this order: beside it, in the `datasets`
  /// folder that holds it, in the `datasets` folders of the other homes.
  public let searchFolders: [String]
  /// Where it was found.
  public let origin: Origin

  init(
    name: String, namespace: String, version: String, versions: [String], folder: String,
    layout: DatasetLayout, searchFolders: [String], origin: Origin
  ) {
    self.name = name
    self.namespace = namespace
    self.version = version
    self.versions = versions
    self.folder = folder
    self.layout = layout
    self.searchFolders = searchFolders
    self.origin = origin
  }

  /// A local folder: with a descriptor `<folder's name>.json`, a README with `configs:`, or bare files. A
  /// `version` is a folder in it.
  public init(folder: String, version: String?) throws(DSXError) {
    let name = FilePath.split(Self.absoluteName(folder)).name
    var known = DatasetCatalog.versions(folder, name)
    if known.isEmpty { known = [DatasetCatalog.defaultVersion] }
    let chosen = try DatasetCatalog.choose(version, from: known, name: name)
    let inside = DatasetCatalog.inside(folder, name, chosen)
    self.init(
      name: name, namespace: DatasetReference.defaultNamespace, version: chosen, versions: known,
      folder: inside, layout: try Self.layout(inside, name),
      searchFolders: [inside, folder, FilePath.split(folder).folder], origin: .path)
  }

  /// The layout of a folder: descriptor, README, bare files, in this order.
  static func layout(_ folder: String, _ name: String) throws(DSXError) -> DatasetLayout {
    let path = FilePath.join(folder, name + ".json")
    if FilePath.exists(path) { return DatasetLayout(try Descriptor(path: path)) }
    let meta = FilePath.join(FilePath.join(folder, "meta"), name + ".json")
    if FilePath.exists(meta) { return DatasetLayout(try Descriptor(path: meta)) }
    if let layout = try ReadmeConfigs.layout(folder: folder) { return layout }
    if let descriptor = onlyDescriptor(folder) { return DatasetLayout(descriptor) }
    return try DatasetLayout(bare: FileTree(folder: folder))
  }

  /// The descriptor of a folder that was renamed: its only JSON file, when that is one.
  private static func onlyDescriptor(_ folder: String) -> Descriptor? {
    let names = ((try? FilePath.list(folder)) ?? []).filter { $0.hasSuffix(".json") }
    guard names.count == 1 else { return nil }
    let path = FilePath.join(folder, names[0])
    guard let size = FilePath.size(path), size < 1 << 20,
      let descriptor = try? Descriptor(path: path),
      descriptor.subsets.contains(where: { !$0.splits.isEmpty })
    else { return nil }
    return descriptor
  }

  /// The folder's own name, for `.` and paths that end in a slash.
  private static func absoluteName(_ folder: String) -> String {
    guard folder == "." || folder.hasSuffix("/.") || folder.hasSuffix("..") else { return folder }
    return FilePath.absolute(folder)
  }

  /// Where a relative path of the descriptor lies, or nil when there is no such file.
  ///
  /// Refuses absolute paths and `..`: a descriptor names only files of its own data set.
  public func locate(_ path: String) throws(DSXError) -> String? {
    guard !Self.leadsOut(path) else {
      throw DSXError(
        .malformed, "the path '\(path)' leads out of the data set's folder", file: layout.path,
        hint: "descriptors name files relative to their own folder or to datasets/")
    }
    return searchFolders.lazy.map { FilePath.join($0, path) }.first { FilePath.exists($0) }
  }

  /// Whether a path is absolute or has a part `..`.
  static func leadsOut(_ path: String) -> Bool {
    path.utf8.first == UInt8(ascii: "/")
      || path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
  }
}
