public import DSXCore

/// The record of a finished job, published last: what was planned, what was written, what was counted.
///
/// Holds no times, host names, paths or worker counts, so equal jobs have equal manifests.
/// ```
/// { "format": "dsx-manifest", "version": 1, "id": SHA-256 of plan,
///   "plan": { "kind", "tool", "options": {...}, "inputs": [{name, bytes, sha256}],
///             "shards": {bytes, count} },
///   "outputs": [{name, bytes, sha256}], "counts": {...} }
/// ```
public struct JobManifest: Hashable, Sendable {
  /// The version that is written and read.
  public static let version = 1

  /// What was planned.
  public var plan: JobPlan
  /// The files that were written, in the order in which they were published.
  public var outputs: [FileFingerprint]
  /// What the job counted, as an object.
  public var counts: JSONValue

  /// A manifest.
  public init(plan: JobPlan, outputs: [FileFingerprint], counts: JSONValue) {
    self.plan = plan
    self.outputs = outputs
    self.counts = counts
  }

  /// The JSON text, with a line feed at its end.
  public var text: String {
    let json: JSONValue = [
      "format": "dsx-manifest", "version": .int(Int64(Self.version)), "id": .string(plan.id),
      "plan": plan.json, "outputs": .array(outputs.map(\.json)), "counts": counts,
    ]
    return json.text(.indented) + "\n"
  }

  /// Reads a manifest. Throws `malformed` when it is none, was changed by hand or is of a version
  /// that this dsx does not know.
  public init(path: String) throws(DSXError) {
    do {
      try self.init(json: try JSONParser.parse(file: path))
    } catch {
      throw error.inFile(path)
    }
  }

  init(json: JSONValue) throws(DSXError) {
    guard json["format"]?.string == "dsx-manifest" else {
      throw DSXError(.malformed, "this is no manifest of dsx")
    }
    guard json["version"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the manifest's version is not \(Self.version)",
        hint: "it was written by another version of dsx")
    }
    guard let plan = json["plan"], let outputs = json["outputs"]?.array,
      let counts = json["counts"]
    else { throw DSXError(.malformed, "the manifest is not complete") }
    let read = try JobPlan(json: plan)
    guard json["id"]?.string == read.id else {
      throw DSXError(.corrupt, "the manifest's id does not belong to its plan")
    }
    var files: [FileFingerprint] = []
    for output in outputs { files.append(try FileFingerprint(json: output)) }
    self.init(plan: read, outputs: files, counts: counts)
  }
}
