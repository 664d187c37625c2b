public import DSXCore

/// The data sets that dsx finds by name: every `datasets/<name>/` of the homes.
///
/// An entry is a folder with a descriptor `<name>.json`; its data may lie in the folder of the same
/// name of another home, so that a user can add files to a set that was installed read-only.
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

  /// The names of all entries, sorted by bytes; those of a namespace folder as `namespace/name`.
  public func names() -> [String] {
    var names: Set<String> = []
    for root in roots {
      for name in (try? FilePath.list(root)) ?? [] {
        let folder = FilePath.join(root, name)
        guard FilePath.isFolder(folder) else { continue }
        if !Self.versions(folder, name).isEmpty {
          names.insert(name)
          continue
        }
        for inner in (try? FilePath.list(folder)) ?? [] {
          if !Self.versions(FilePath.join(folder, inner), inner).isEmpty {
            names.insert(name + "/" + inner)
          }
        }
      }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The entry that a name stands for. Throws `unknownName` with the known names and the nearest.
  public func entry(_ reference: DatasetReference, version: String? = nil) throws(DSXError)
    -> CatalogEntry
  {
    let name = reference.name
    let namespace = reference.namespace ?? DatasetReference.defaultNamespace
    let isDefault = namespace == DatasetReference.defaultNamespace
    for root in roots {
      var candidates = [FilePath.join(FilePath.join(root, namespace), name)]
      if isDefault { candidates.insert(FilePath.join(root, name), at: 0) }
      for folder in candidates {
        let versions = Self.versions(folder, name)
        guard !versions.isEmpty else { continue }
        let chosen = try Self.choose(version, from: versions, name: name)
        let home = chosen == Self.defaultVersion ? folder : FilePath.join(folder, chosen)
        let inside = FilePath.exists(FilePath.join(home, name + ".json")) ? home : folder
        return CatalogEntry(
          name: name, namespace: namespace, version: chosen, folder: inside,
          descriptor: try Descriptor(path: FilePath.join(inside, name + ".json")),
          searchFolders: [inside, root] + roots.filter { $0 != root })
      }
    }
    let written = reference.namespace.map { $0 + "/" + name } ?? name
    throw DSXError.unknown("data set", written, known: names())
  }

  /// The versions that an entry's folder holds: `master` for a descriptor in the folder itself, and
  /// the name of each folder in it that has a descriptor of its own.
  static func versions(_ folder: String, _ name: String) -> [String] {
    guard FilePath.isFolder(folder) else { return [] }
    var found: [String] = []
    if FilePath.exists(FilePath.join(folder, name + ".json")) { found.append(defaultVersion) }
    for inner in (try? FilePath.list(folder)) ?? [] where !found.contains(inner) {
      if FilePath.exists(FilePath.join(FilePath.join(folder, inner), name + ".json")) {
        found.append(inner)
      }
    }
    return found
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
