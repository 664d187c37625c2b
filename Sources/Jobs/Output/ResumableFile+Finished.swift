public import DSXCore
internal import Glibc

/// What lies at the output: the same lines, something that may be replaced, or something that may not.
extension ResumableFile {
  /// Whether all lines of this identity are at `path`. Changes nothing; throws `outputExists` for something else
  /// that may not be replaced.
  public static func isFinished(path: String, identity: JSONValue, overwrite: Bool)
    throws(DSXError) -> Bool
  {
    let before = sidecar(path)
    try checkSize(path, before, identity, overwrite)
    if let before, withoutCounts(before) == identity {
      return counts(path, before, identity) != nil
    }
    try checkReplaceable(path, before, identity, overwrite, partIsNew: false)
    return false
  }

  static func sidecar(_ path: String) -> JSONValue? {
    FilePath.exists(path + ".run.json") ? try? JSONParser.parse(file: path + ".run.json") : nil
  }

  static func counts(_ path: String, _ before: JSONValue?, _ identity: JSONValue)
    -> JSONValue?
  {
    guard let before, withoutCounts(before) == identity, FilePath.exists(path) else { return nil }
    // A file of another size is made again, by who may replace it.
    if let bytes = before["bytes"]?.int, FilePath.size(path) != bytes { return nil }
    return before["counts"]
  }

  static func withoutCounts(_ json: JSONValue) -> JSONValue {
    .object((json.object ?? []).filter { $0.name != "counts" && $0.name != "bytes" })
  }

  /// Throws `corrupt` when the finished lines were cut or lengthened since.
  static func checkSize(
    _ path: String, _ before: JSONValue?, _ identity: JSONValue, _ overwrite: Bool
  ) throws(DSXError) {
    guard !overwrite, let before, withoutCounts(before) == identity, before["counts"] != nil,
      let bytes = before["bytes"]?.int, let size = FilePath.size(path), size != bytes
    else { return }
    throw DSXError(
      .corrupt, "the output was finished with \(bytes) bytes, and has \(size) now", file: path,
      hint: "add --overwrite to make it again, or choose another --output")
  }

  /// Whether what lies there may be removed.
  static func checkReplaceable(
    _ path: String, _ before: JSONValue?, _ identity: JSONValue, _ overwrite: Bool, partIsNew: Bool
  ) throws(DSXError) {
    var found = [path, path + ".run.json"].filter(FilePath.exists)
    if !partIsNew, FilePath.exists(path + ".part") { found.append(path + ".part") }
    guard let first = found.first else { return }
    let kind = identity["kind"]?.string ?? "dsx"
    let isOurs = before?["kind"]?.string == kind
    // What a run left that failed before its first line is nothing to lose.
    if isOurs, !FilePath.exists(path), FilePath.size(path + ".part") ?? 0 == 0 { return }
    guard overwrite else {
      throw DSXError(
        .outputExists, "the output is there already, and was made from something else",
        file: first, hint: "add --overwrite to replace it, or choose another --output")
    }
    guard isOurs else {
      let command = kind.split(separator: "-").joined(separator: " ")
      throw DSXError(
        .outputExists, "the output is there already, and \(command) did not write it",
        file: first,
        hint: "--overwrite only replaces what dsx wrote; remove it, or choose another --output")
    }
  }

  /// Writes a small file that appears whole.
  static func write(_ json: JSONValue, to path: String) throws(DSXError) {
    let temporary = path + ".tmp"
    try FilePath.write(Array((json.text(.indented) + "\n").utf8), to: temporary)
    try FilePath.flush(temporary)
    guard rename(temporary, path) == 0 else {
      throw DSXError.system("cannot move the finished file into place", file: path)
    }
  }
}
