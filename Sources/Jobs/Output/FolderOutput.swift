public import DSXCore

/// A folder that one job fills with several sets, each a `JobOutput` of its own. Its `FolderManifest` says
/// that all of them are there: manifests of single sets cannot, because none knows of the others.
public struct FolderOutput: Sendable {
  /// The folder.
  public let path: String
  /// The names of the sets.
  public let sets: [String]

  /// A folder with sets of these names.
  public init(path: String, sets: [String]) {
    self.path = path
    self.sets = sets
  }

  /// The path of the record.
  public var manifestPath: String { FilePath.join(path, FolderManifest.fileName) }

  /// To be called before a set is written: takes away the record of a job that wrote other sets, which
  /// would pass for this one's. Throws `usage` when something else has its name.
  public func begin() throws(DSXError) {
    guard let there = try existing(), Set(there.sets.map(\.name)) != Set(sets) else { return }
    try FilePath.removeTree(manifestPath)
  }

  /// To be called when every set is in place: writes the record, in one step, unless one that covers
  /// these sets is there.
  public func finish() throws(DSXError) {
    var entries: [FolderManifest.Entry] = []
    for name in sets {
      let manifest = try JobManifest(path: FilePath.join(path, name + ".manifest.json"))
      entries.append(FolderManifest.Entry(name: name, id: manifest.plan.id))
    }
    if let there = try existing(), Set(there.sets).isSuperset(of: entries),
      try there.manifests(in: path) != nil
    {
      AtomicFolder.clearLeftovers(of: [manifestPath])
      return
    }
    try AtomicFolder.write(Array(FolderManifest(entries).text.utf8), to: manifestPath)
  }

  /// The record that is there.
  private func existing() throws(DSXError) -> FolderManifest? {
    guard FilePath.exists(manifestPath) else { return nil }
    do throws(DSXError) {
      return try FolderManifest(path: manifestPath)
    } catch {
      throw DSXError(
        .usage, "a file that is no record of this dsx has the name of the folder's record",
        file: manifestPath, hint: "move it away, or choose another --output",
        underlying: error.message)
    }
  }
}
