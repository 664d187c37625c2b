public import DSXCore

/// The data sets that dsx finds by name: every `datasets/<name>/` of the homes, and ModelScope's cache.
///
/// An entry is a folder with a descriptor `<name>.json`, a README with `configs:`, or one that `dsx
/// datasets add` made; its data may lie in the folder of the same name of another home, so that a user
/// can add files to a set that was installed read-only.
public struct DatasetCatalog: Sendable {
  /// The revision of an entry that has no version folders: ModelScope's default branch.
  public static let defaultVersion = "master"
  /// Where entries are looked for.
  public let homes: Homes

  /// The catalog of these homes.
  public init(homes: Homes) { self.homes = homes }

  /// The `datasets` folders, nearest first.
  var roots: [String] {
    var seen: Set<String> = []
    return homes.folders.map { FilePath.join($0, "datasets") }
      .filter { seen.insert($0).inserted && FilePath.isFolder($0) }
  }

  /// The names of all entries of the homes, sorted by bytes; those of a namespace folder as
  /// `namespace/name`.
  public func names() -> [String] {
    var names: Set<String> = []
    for root in roots {
      for name in (try? FilePath.list(root)) ?? [] {
        let folder = FilePath.join(root, name)
        guard FilePath.isFolder(folder), !name.hasPrefix(".") else { continue }
        if !Self.versions(folder, name).isEmpty {
          names.insert(name)
          continue
        }
        for inner in (try? FilePath.list(folder)) ?? [] where !inner.hasPrefix(".") {
          if !Self.versions(FilePath.join(folder, inner), inner).isEmpty {
            names.insert(name + "/" + inner)
          }
        }
      }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The names in ModelScope's cache as `namespace/name`, sorted by bytes.
  public func cachedNames() -> [String] {
    var names: Set<String> = []
    for root in homes.modelScopeCaches {
      for namespace in (try? FilePath.list(root)) ?? [] where !namespace.hasPrefix(".") {
        let folder = FilePath.join(root, namespace)
        guard FilePath.isFolder(folder) else { continue }
        for name in (try? FilePath.list(folder)) ?? [] {
          if !Self.cachedVersions(FilePath.join(folder, name), name).isEmpty {
            names.insert(namespace + "/" + name)
          }
        }
      }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What other names stand for: alias -> (data set, subset). An entry's file `aliases.json`,
  /// `{"afqmc": "afqmc"}`, gives subsets of it names of their own; an entry of that name goes before.
  public func aliases() -> [String: (name: String, subset: String)] {
    var found: [String: (name: String, subset: String)] = [:]
    for root in roots.reversed() {
      for name in (try? FilePath.list(root)) ?? [] {
        let path = FilePath.join(FilePath.join(root, name), "aliases.json")
        guard FilePath.exists(path), let json = try? JSONParser.parse(file: path) else { continue }
        for member in json.object ?? [] {
          if let subset = member.value.string { found[member.name] = (name, subset) }
        }
      }
    }
    return found
  }

  /// The entry that a name stands for. Throws `unknownName` with the known names and the nearest.
  public func entry(_ reference: DatasetReference, version: String? = nil) throws(DSXError)
    -> CatalogEntry
  {
    if let found = try find(reference, version: version) { return found }
    let name = reference.namespace.map { $0 + "/" + reference.name } ?? reference.name
    throw DSXError.unknown("data set", name, known: names() + cachedNames())
  }

  /// The entry that a name stands for; nil when there is none.
  func find(_ reference: DatasetReference, version: String?) throws(DSXError) -> CatalogEntry? {
    let name = reference.name
    guard FilePath.isPlainName(name), reference.namespace.map(FilePath.isPlainName) ?? true else {
      return nil
    }
    let namespace = reference.namespace ?? DatasetReference.defaultNamespace
    let isDefault = namespace == DatasetReference.defaultNamespace
    for root in roots {
      var candidates = [FilePath.join(FilePath.join(root, namespace), name)]
      if isDefault { candidates.insert(FilePath.join(root, name), at: 0) }
      for folder in candidates {
        let known = Self.versions(folder, name)
        guard !known.isEmpty else { continue }
        let chosen = try Self.choose(version, from: known, name: name)
        let inside = Self.inside(folder, name, chosen)
        if let added = try AddedDataset(folder: inside), let path = added.reference {
          return CatalogEntry(
            name: name, namespace: namespace, version: chosen, versions: known, folder: path,
            layout: try AddedDataset.layout(path, name), searchFolders: [path], origin: .catalog)
        }
        return CatalogEntry(
          name: name, namespace: namespace, version: chosen, versions: known, folder: inside,
          layout: try CatalogEntry.layout(inside, name),
          searchFolders: [inside, folder, root] + roots.filter { $0 != root }, origin: .catalog)
      }
    }
    return try cached(name, namespace, version)
  }

  /// An entry of ModelScope's cache: `<cache>/<namespace>/<name>/<version>/{meta,data_files}`.
  private func cached(_ name: String, _ namespace: String, _ version: String?) throws(DSXError)
    -> CatalogEntry?
  {
    for root in homes.modelScopeCaches {
      let folder = FilePath.join(FilePath.join(root, namespace), name)
      let known = Self.cachedVersions(folder, name)
      guard !known.isEmpty else { continue }
      let chosen = try Self.choose(version, from: known, name: name)
      let inside = FilePath.join(folder, chosen)
      let data = FilePath.join(inside, "data_files")
      let isLegacy = FilePath.exists(FilePath.join(inside, "meta/\(name).json"))
      let place = !isLegacy && FilePath.isFolder(data) ? data : inside
      return CatalogEntry(
        name: name, namespace: namespace, version: chosen, versions: known, folder: inside,
        layout: try CatalogEntry.layout(place, name),
        searchFolders: [FilePath.join(inside, "meta"), data, inside], origin: .modelScopeCache)
    }
    return nil
  }

  /// The versions that an entry's folder holds: `master` for one in the folder itself, and the name of
  /// each folder in it that is an entry of its own.
  static func versions(_ folder: String, _ name: String) -> [String] {
    guard FilePath.isFolder(folder) else { return [] }
    var found: [String] = []
    if isEntry(folder, name) { found.append(defaultVersion) }
    for inner in (try? FilePath.list(folder)) ?? [] where !found.contains(inner) {
      let path = FilePath.join(folder, inner)
      if !inner.hasPrefix("."), FilePath.isFolder(path), isEntry(path, name) { found.append(inner) }
    }
    return found
  }

  private static func isEntry(_ folder: String, _ name: String) -> Bool {
    FilePath.exists(FilePath.join(folder, name + ".json"))
      || FilePath.exists(FilePath.join(folder, AddedDataset.fileName))
      || ReadmeConfigs.exist(folder: folder)
  }

  private static func cachedVersions(_ folder: String, _ name: String) -> [String] {
    guard FilePath.isFolder(folder) else { return [] }
    return ((try? FilePath.list(folder)) ?? []).filter { version in
      let path = FilePath.join(folder, version)
      return !version.hasPrefix(".")
        && (FilePath.exists(FilePath.join(path, "meta/\(name).json"))
          || FilePath.isFolder(FilePath.join(path, "data_files")) || isEntry(path, name))
    }
  }

  /// The folder of one version.
  static func inside(_ folder: String, _ name: String, _ version: String) -> String {
    let home = version == defaultVersion ? folder : FilePath.join(folder, version)
    return FilePath.isFolder(home) && (home == folder || isEntry(home, name)) ? home : folder
  }

  /// `latest` and no version at all mean `master` where it exists, else the greatest name when runs
  /// of digits compare as numbers.
  static func choose(_ version: String?, from known: [String], name: String) throws(DSXError)
    -> String
  {
    if let version, version != "latest" {
      guard known.contains(version) else {
        throw DSXError.unknown("version of the data set '\(name)':", version, known: known)
      }
      return version
    }
    if known.contains(defaultVersion) { return defaultVersion }
    return known.max { versionKey($0).lexicographicallyPrecedes(versionKey($1)) } ?? defaultVersion
  }

  /// A key by which `v1.10` comes after `v1.9`: digit runs as (1, number), other bytes as (0, byte).
  private static func versionKey(_ text: String) -> [Int] {
    var key: [Int] = []
    var number: Int?
    for byte in text.utf8 {
      if byte >= 0x30, byte <= 0x39 {
        let (high, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
        number = overflow ? Int.max / 20 : min(high, Int.max / 20) + Int(byte - 0x30)
      } else {
        if let value = number { key += [1, value] }
        number = nil
        key += [0, Int(byte)]
      }
    }
    if let value = number { key += [1, value] }
    return key
  }
}
