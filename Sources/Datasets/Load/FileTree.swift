internal import Archives
internal import DSXCore

/// The files under a folder, or inside of a zip or tar archive, by their names relative to it.
///
/// Names are sorted part by part by their bytes: all of folder `a` comes before folder `a-b`, as in datasets
/// 2.13 (5.2 compares whole paths). Hidden files and folders (`.x`, `__x`) and what no data set means
/// (README.md, descriptors of the hub) are left out, as Hugging Face's loaders do.
struct FileTree: Sendable {
  /// The folder or archive.
  let root: String
  /// Whether `root` is an archive.
  let isArchive: Bool
  /// The files' names.
  let names: [String]

  /// Folders nested deeper are refused: a link may lead back.
  private static let maximumDepth = 32
  private static let ignored: Set<String> = [
    "README.md", "config.json", "dataset_info.json", "dataset_infos.json", "dummy_data.zip",
    "dataset_dict.json", "task.yaml", "configuration.json",
  ]

  /// A folder whose files are named by others.
  init(root: String) {
    self.root = root
    isArchive = false
    names = []
  }

  /// The files of a folder, links followed. `below`: only those of a folder inside; their names stay
  /// relative to the outer one.
  init(folder: String, below inner: String = "") throws(DSXError) {
    root = folder
    isArchive = false
    var found: [String] = []
    let parts = inner.utf8.split(separator: UInt8(ascii: "/"))
    guard !inner.hasPrefix("/"), !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
      throw DSXError(.malformed, "the folder '\(inner)' leads out of the data set", file: folder)
    }
    let prefix = parts.map { String(decoding: $0, as: UTF8.self) + "/" }.joined()
    try Self.walk(FilePath.join(folder, inner), prefix: prefix, depth: 0, into: &found)
    names = Self.sorted(found)
  }

  /// The files of a zip or tar archive, whose names are read and checked. `below` as above.
  init(archive: String, below folder: String = "") throws(DSXError) {
    root = archive
    isArchive = true
    let members = try ArchiveReader.members(archive)
    let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
    names = Self.sorted(
      members.map(\.name).filter { name in
        name.utf8.starts(with: prefix.utf8) && !Self.isIgnored(path: name)
      })
  }

  /// The file of that name.
  func file(_ name: String) -> DataFile {
    isArchive
      ? .member(archive: root, name: name) : .path(FilePath.join(root, name))
  }

  /// A slash sorts before every other byte that a name may hold, which is the order of the parts.
  private static func sorted(_ names: [String]) -> [String] {
    let slash = UInt8(ascii: "/")
    return names.sorted { one, other in
      one.utf8.lexicographicallyPrecedes(other.utf8) { a, b in
        a != b && (a == slash || (b != slash && a < b))
      }
    }
  }

  private static func walk(
    _ folder: String, prefix: String, depth: Int, into found: inout [String]
  ) throws(DSXError) {
    guard depth < maximumDepth else {
      throw DSXError(
        .malformed, "folders are nested more than \(maximumDepth) deep", file: folder,
        hint: "a link may lead back to a folder above")
    }
    for name in try FilePath.list(folder) where !isIgnored(name) {
      let path = FilePath.join(folder, name)
      if FilePath.isFolder(path) {
        try walk(path, prefix: prefix + name + "/", depth: depth + 1, into: &found)
      } else if FilePath.size(path) != nil {
        found.append(prefix + name)
      }
    }
  }

  private static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasPrefix("__") || ignored.contains(name)
      || name.hasSuffix(".manifest.json") || name.hasSuffix(".work")
  }

  private static func isIgnored(path: String) -> Bool {
    path.utf8.split(separator: UInt8(ascii: "/")).contains {
      isIgnored(String(decoding: $0, as: UTF8.self))
    }
  }
}
