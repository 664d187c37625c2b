public import DSXCore

/// The record of a finished part, written after its files: what was made and what was counted.
///
/// Holds no times, host names, paths or worker counts.
/// ```
/// { "format": "dsx-part", "version": 1, "id": the plan's, "step": "encode", "shard": 17, "shards": 120,
///   "files": [{name, bytes, sha256, crc32c}], "counts": {...} }
/// ```
public struct ShardManifest: Hashable, Sendable {
  /// The version that is written and read.
  public static let version = 1

  /// The id of the plan that it belongs to.
  public var id: String
  /// The step.
  public var step: String
  /// Its number, from 0.
  public var shard: Int
  /// Number of shards of the step.
  public var shards: Int
  /// Its files, sorted by name.
  public var files: [FileDigest]
  /// What was counted: rows, tokens and what else the step counts.
  public var counts: JSONValue

  /// A manifest.
  public init(
    id: String, step: String, shard: Int, shards: Int, files: [FileDigest], counts: JSONValue
  ) {
    self.id = id
    self.step = step
    self.shard = shard
    self.shards = shards
    self.files = files
    self.counts = counts
  }

  /// The JSON text, with a line feed at its end.
  public var text: String {
    let json: JSONValue = [
      "format": "dsx-part", "version": .int(Int64(Self.version)), "id": .string(id),
      "step": .string(step), "shard": .int(Int64(shard)), "shards": .int(Int64(shards)),
      "files": .array(files.map(\.json)), "counts": counts,
    ]
    return json.text(.indented) + "\n"
  }

  /// Reads a manifest. Throws `malformed` when it is none.
  public init(path: String) throws(DSXError) {
    do throws(DSXError) {
      try self.init(json: try JSONParser.parse(file: path))
    } catch {
      throw error.inFile(path)
    }
  }

  init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-part", json["version"]?.int == Self.version else {
      throw DSXError(.malformed, "this is no manifest of a part, or of another version of dsx")
    }
    guard let id = json["id"]?.string, let step = json["step"]?.string,
      let shard = json["shard"]?.int, let shards = json["shards"]?.int,
      let list = json["files"]?.array, let counts = json["counts"]
    else { throw DSXError(.malformed, "the manifest of the part is not complete") }
    var files: [FileDigest] = []
    for file in list { files.append(try FileDigest(json: file)) }
    self.init(id: id, step: step, shard: shard, shards: shards, files: files, counts: counts)
  }
}
