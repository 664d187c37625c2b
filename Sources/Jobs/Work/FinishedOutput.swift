internal import DSXCore

/// A finished output that has no manifest beside it: what its own files say of themselves.
///
/// | output | what says that it is finished |
/// | --- | --- |
/// | a run's folder (`dsx eval`, `dsx recipe`) | `run.json` and `report.json`, written last |
/// | lines of `dsx predict` | `NAME.run.json` with `counts` |
/// | a folder of record sets | the manifests in it |
enum FinishedOutput {
  /// Identity and counts (`rows`, `tokens`) of the output at `path`; nil when there is none.
  static func read(_ path: String) throws(DSXError) -> (id: String, counts: JSONValue)? {
    let sidecar = path + ".run.json"
    if FilePath.exists(path), FilePath.exists(sidecar) {
      let json = try JSONParser.parse(file: sidecar)
      guard let rows = json["counts"]?["examples"]?.int else { return nil }
      return (SHA256.hex(json.text()), counts(rows: rows, tokens: 0))
    }
    let report = FilePath.join(path, "report.json")
    if FilePath.exists(FilePath.join(path, "run.json")), FilePath.exists(report) {
      let json = try JSONParser.parse(file: report)
      guard let id = json["identity"]?.string else { return nil }
      var (rows, tokens) = (0, 0)
      for one in json["cells"]?.array?.compactMap({ $0["report"] }) ?? [json] {
        rows &+= one["counts"]?["requested"]?.int ?? 0
        tokens &+= one["counts"]?["scored_tokens"]?.int ?? 0
      }
      return (id, counts(rows: rows, tokens: tokens))
    }
    guard FilePath.isFolder(path) else { return nil }
    var (rows, ids) = (0, "")
    for name in try FilePath.list(path) where name.hasSuffix(".manifest.json") {
      let manifest = try JobManifest(path: FilePath.join(path, name))
      rows &+= manifest.counts["rows"]?.int ?? 0
      ids += manifest.plan.id
    }
    return ids.isEmpty ? nil : (SHA256.hex(ids), counts(rows: rows, tokens: 0))
  }

  private static func counts(rows: Int, tokens: Int) -> JSONValue {
    ["rows": .int(Int64(rows)), "tokens": .int(Int64(tokens))]
  }
}
