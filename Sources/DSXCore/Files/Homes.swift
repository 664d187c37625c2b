internal import Glibc

/// Where dsx finds what it ships: data sets, models, recipes, vocabularies, dictionaries.
///
/// Looked through in this order: `DSX_HOME`, the current folder, the user's data folder
/// (`$XDG_DATA_HOME/dsx` or `~/.local/share/dsx`), the folder installed beside the binary
/// (`../share/dsx`), and the checkout that a freshly built binary lies in.
public struct Homes: Sendable {
  /// The folders in order.
  public var folders: [String]
  /// The folder of the running binary.
  public let binaryFolder: String
  /// Where caches may be written: `$XDG_CACHE_HOME/dsx` or `~/.cache/dsx`.
  public let cache: String
  /// Where ModelScope keeps the data sets that it downloaded: `$MS_DATASETS_CACHE`,
  /// `$MS_CACHE_HOME/datasets`, `$MODELSCOPE_CACHE/datasets`, else `~/.cache/modelscope/hub/datasets`.
  public var modelScopeCaches: [String]
  /// Where data sets that the user adds are kept: `datasets` in the user's data folder.
  public let addedDatasets: String

  /// The homes for an environment.
  public init(environment: [String: String]) {
    let home = environment["HOME"] ?? "."
    func xdg(_ name: String, _ fallback: String) -> String {
      if let folder = environment[name], !folder.isEmpty { return FilePath.join(folder, "dsx") }
      return FilePath.join(FilePath.join(home, fallback), "dsx")
    }
    binaryFolder = FilePath.split(Self.executable()).folder
    cache = xdg("XDG_CACHE_HOME", ".cache")
    addedDatasets = FilePath.join(xdg("XDG_DATA_HOME", ".local/share"), "datasets")
    modelScopeCaches = []
    if let folder = environment["MS_DATASETS_CACHE"], !folder.isEmpty {
      modelScopeCaches.append(folder)
    }
    for name in ["MS_CACHE_HOME", "MODELSCOPE_CACHE"] {
      guard let folder = environment[name], !folder.isEmpty else { continue }
      modelScopeCaches.append(FilePath.join(folder, "datasets"))
    }
    if modelScopeCaches.isEmpty {
      modelScopeCaches = [FilePath.join(home, ".cache/modelscope/hub/datasets")]
    }
    folders = []
    if let root = environment["DSX_HOME"], !root.isEmpty { folders.append(root) }
    folders.append(".")
    folders.append(xdg("XDG_DATA_HOME", ".local/share"))
    folders.append(FilePath.join(FilePath.split(binaryFolder).folder, "share/dsx"))
    var folder = binaryFolder
    for _ in 0..<4 {
      folder = FilePath.split(folder).folder
      if FilePath.exists(FilePath.join(folder, "Package.swift")) { folders.append(folder) }
    }
  }

  /// The homes for this process's environment.
  public static func current() -> Homes {
    var environment: [String: String] = [:]
    for name in [
      "HOME", "DSX_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "MS_DATASETS_CACHE", "MS_CACHE_HOME",
      "MODELSCOPE_CACHE",
    ] {
      if let value = getenv(name) { environment[name] = String(cString: value) }
    }
    return Homes(environment: environment)
  }

  /// The first `folder/name` that exists in a home, e.g. `find("datasets", "tnews")`.
  public func find(_ folder: String, _ name: String) -> String? {
    for home in folders {
      let path = FilePath.join(FilePath.join(home, folder), name)
      if FilePath.exists(path) { return path }
    }
    return nil
  }

  /// The names that exist in `folder` of any home, sorted, each once.
  public func names(_ folder: String) -> [String] {
    var names: Set<String> = []
    for home in folders {
      let path = FilePath.join(home, folder)
      guard FilePath.isFolder(path), let found = try? FilePath.list(path) else { continue }
      names.formUnion(found.filter { FilePath.isFolder(FilePath.join(path, $0)) })
    }
    return names.sorted()
  }

  /// A file that ships inside a room (`Sources/ROOM/Resources/NAME`): beside a built binary, or
  /// installed under `share/dsx/ROOM`.
  public func resource(_ room: String, _ name: String) throws(DSXError) -> String {
    var candidates = [
      FilePath.join(binaryFolder, "dsx_\(room).resources/Resources/\(name)")
    ]
    for home in folders {
      candidates.append(FilePath.join(home, "\(room)/\(name)"))
      candidates.append(FilePath.join(home, "Sources/\(room)/Resources/\(name)"))
    }
    for path in candidates where FilePath.exists(path) { return path }
    throw DSXError(
      .missingFile, "dsx's own file '\(name)' is not found",
      hint: "set DSX_HOME to the folder that 'make install' wrote (PREFIX/share/dsx)")
  }

  private static func executable() -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let base = buffer.baseAddress else { return "./dsx" }
      let count = readlink("/proc/self/exe", base, 4095)
      guard count > 0 else { return "./dsx" }
      base[count] = 0
      return String(cString: base)
    }
  }
}
