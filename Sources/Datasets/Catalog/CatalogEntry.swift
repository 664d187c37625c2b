public import DSXCore

/// One data set of the catalog, or a local folder that holds a descriptor.
public struct CatalogEntry: Sendable {
  /// Its name without the namespace.
  public let name: String
  /// Its namespace.
  public let namespace: String
  /// The version that was resolved; never `latest`.
  public let version: String
  /// The folder that holds its descriptor, task.yaml and card.
  public let folder: String
  /// Its descriptor.
  public let descriptor: Descriptor
  /// Where the relative paths of the descriptor are looked for, in this order: beside it, in the
  /// `datasets` folder that holds it, in the `datasets` folders of the other homes.
  public let searchFolders: [String]

  /// A local folder with exactly one descriptor in it: `<folder's name>.json`, or the only JSON file
  /// that is one.
  public init(folder: String, version: String?) throws(DSXError) {
    let name = FilePath.split(folder).name
    let path = FilePath.join(folder, name + ".json")
    guard FilePath.exists(path) else {
      throw DSXError(
        .missingFile, "the folder has no descriptor '\(name).json'", file: folder,
        hint: "for a data set in its original layout name its task, e.g. --task tnews for a folder "
          + "with dev.json and labels.json")
    }
    if let version, version != "latest", version != DatasetCatalog.defaultVersion {
      throw DSXError.unknown(
        "version of the data set '\(name)':", version, known: [DatasetCatalog.defaultVersion])
    }
    self.init(
      name: name, namespace: DatasetReference.defaultNamespace,
      version: DatasetCatalog.defaultVersion, folder: folder,
      descriptor: try Descriptor(path: path),
      searchFolders: [folder, FilePath.split(folder).folder])
  }

  init(
    name: String, namespace: String, version: String, folder: String, descriptor: Descriptor,
    searchFolders: [String]
  ) {
    self.name = name
    self.namespace = namespace
    self.version = version
    self.folder = folder
    self.descriptor = descriptor
    self.searchFolders = searchFolders
  }

  /// Where a relative path of the descriptor lies, or nil when there is no such file.
  ///
  /// Refuses absolute paths and `..`: a descriptor names only files of its own data set.
  public func locate(_ path: String) throws(DSXError) -> String? {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard !path.hasPrefix("/"), !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
      throw DSXError(
        .malformed, "the path '\(path)' leads out of the data set's folder", file: descriptor.path,
        hint: "descriptors name files relative to their own folder or to datasets/")
    }
    return searchFolders.lazy.map { FilePath.join($0, path) }.first { FilePath.exists($0) }
  }
}
