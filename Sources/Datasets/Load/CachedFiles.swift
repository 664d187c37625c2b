internal import DSXCore

/// Finds a descriptor's files in ModelScope's cache.
enum CachedFiles {
  /// The file of that name at any depth of `data_files`, where modelscope and users put what belongs to a
  /// version.
  static func find(_ path: String, in entry: CatalogEntry) -> String? {
    guard entry.origin == .modelScopeCache else { return nil }
    let data = FilePath.join(entry.folder, "data_files")
    guard FilePath.isFolder(data), let tree = try? FileTree(folder: data) else { return nil }
    let name = FilePath.split(path).name
    return tree.names.first { FilePath.split($0).name == name }.map { FilePath.join(data, $0) }
  }
}
