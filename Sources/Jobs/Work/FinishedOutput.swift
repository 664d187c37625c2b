internal import DSXCore

/// A finished output: what its own files say of themselves.
///
/// | output | what says that it is finished |
/// | --- | --- |
/// | a set (`dsx prepare`, `dsx datasets convert`) | `NAME.manifest.json`, published last |
/// | lines of `dsx predict` | `NAME.run.json` with `counts` |
/// | a run's folder (`dsx eval`, `dsx recipe`) | `run.json` and `report.json`, written last |
/// | a folder of record sets | `splits.manifest.json`, written last, and the manifests that it names |
struct FinishedOutput {
  /// The plan's id, or what stands for it.
  var id: String
  /// What was counted: `rows` and `tokens`.
  var counts: JSONValue

  /// The output of the job that `path` names: itself, or that of its work folder, which went when the
  /// job was merged. nil when none is finished.
  static func ofJob(_ path: String) throws(DSXError) -> FinishedOutput? {
    if let found = try read(path) { return found }
    guard let output = WorkFolder.output(ofWork: path) else { return nil }
    return try read(output)
  }

  /// The output at `path`; nil when it is not finished.
  private static func read(_ path: String) throws(DSXError) -> FinishedOutput? {
    let (parent, name) = FilePath.split(path)
    let own = FilePath.join(parent, name + ".manifest.json")
    if FilePath.exists(own) {
      let manifest = try JobManifest(path: own)
      return FinishedOutput(id: manifest.plan.id, counts: manifest.counts)
    }
    let sidecar = FilePath.join(parent, name + ".run.json")
    if FilePath.exists(path), FilePath.exists(sidecar) {
      let json = try JSONParser.parse(file: sidecar)
      guard let rows = json["counts"]?["examples"]?.int else { return nil }
      return FinishedOutput(id: SHA256.hex(json.text()), counts: counts(rows: rows, tokens: 0))
    }
    guard FilePath.isFolder(path) else { return nil }
    let report = FilePath.join(path, "report.json")
    if FilePath.exists(FilePath.join(path, "run.json")), FilePath.exists(report) {
      return try run(report)
    }
    return try sets(path)
  }

  private static func run(_ report: String) throws(DSXError) -> FinishedOutput? {
    let json = try JSONParser.parse(file: report)
    guard let id = json["identity"]?.string else { return nil }
    var (rows, tokens) = (0, 0)
    for one in json["cells"]?.array?.compactMap({ $0["report"] }) ?? [json] {
      rows &+= one["counts"]?["requested"]?.int ?? 0
      tokens &+= one["counts"]?["scored_tokens"]?.int ?? 0
    }
    return FinishedOutput(id: id, counts: counts(rows: rows, tokens: tokens))
  }

  private static func sets(_ folder: String) throws(DSXError) -> FinishedOutput? {
    let record = FilePath.join(folder, FolderManifest.fileName)
    guard FilePath.exists(record),
      let manifests = try FolderManifest(path: record).manifests(in: folder)
    else { return nil }
    let rows = manifests.reduce(0) { $0 &+ ($1.counts["rows"]?.int ?? 0) }
    let ids = manifests.reduce("") { $0 + $1.plan.id }
    return FinishedOutput(id: SHA256.hex(ids), counts: counts(rows: rows, tokens: 0))
  }

  private static func counts(rows: Int, tokens: Int) -> JSONValue {
    ["rows": .int(Int64(rows)), "tokens": .int(Int64(tokens))]
  }
}
