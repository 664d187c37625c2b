public import DSXCore

/// The record of a finished job that wrote several sets into one folder, `splits.manifest.json`: written
/// when the last of them and its own manifest are there.
///
/// Holds no times, host names, paths or worker counts, and nothing of the order in which sets were made.
/// ```
/// { "format": "dsx-folder", "version": 1,
///   "sets": [{"name": "test.mindrecord", "id": that of its plan}] }
/// ```
public struct FolderManifest: Hashable, Sendable {
  /// The version that is written and read.
  public static let version = 1
  /// The name of the file.
  public static let fileName = "splits.manifest.json"

  /// One of the sets.
  public struct Entry: Hashable, Sendable {
    /// Its name: that of its manifest without `.manifest.json`.
    public var name: String
    /// The id of the plan that it was made by.
    public var id: String

    /// A set.
    public init(name: String, id: String) {
      self.name = name
      self.id = id
    }
  }

  /// The sets, sorted by name.
  public let sets: [Entry]

  /// A record of these sets, in any order.
  public init(_ sets: [Entry]) {
    self.sets = sets.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The JSON text, with a line feed at its end.
  public var text: String {
    let json: JSONValue = [
      "format": "dsx-folder", "version": .int(Int64(Self.version)),
      "sets": .array(sets.map { ["name": .string($0.name), "id": .string($0.id)] }),
    ]
    return json.text(.indented) + "\n"
  }

  /// Reads a record. Throws `malformed` when it is none, `unsupported` for a version that this dsx does
  /// not know.
  public init(path: String) throws(DSXError) {
    do throws(DSXError) {
      try self.init(json: try JSONParser.parse(file: path))
    } catch {
      throw error.inFile(path)
    }
  }

  init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-folder" else {
      throw DSXError(.malformed, "this is no record of a folder of sets")
    }
    guard json["version"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the version of the folder's record is not \(Self.version)",
        hint: "it was written by another version of dsx")
    }
    var sets: [Entry] = []
    for entry in json["sets"]?.array ?? [] {
      guard let name = entry["name"]?.string, FilePath.isPlainName(name),
        let id = entry["id"]?.string
      else { throw DSXError(.malformed, "a set of the folder's record needs a name and an id") }
      sets.append(Entry(name: name, id: id))
    }
    guard !sets.isEmpty else { throw DSXError(.malformed, "the folder's record has no sets") }
    self.init(sets)
  }

  /// The manifests of all sets in the folder; nil when one of them is missing, or was made by another
  /// plan since.
  func manifests(in folder: String) throws(DSXError) -> [JobManifest]? {
    var manifests: [JobManifest] = []
    for entry in sets {
      let path = FilePath.join(folder, entry.name + ".manifest.json")
      guard FilePath.exists(path) else { return nil }
      let manifest = try JobManifest(path: path)
      guard manifest.plan.id == entry.id else { return nil }
      manifests.append(manifest)
    }
    return manifests
  }
}
