internal import DSXCore

/// The folder of a recipe's run: `run.json` (written first), one folder a cell, `report.json` (written
/// last) and what is made from it.
struct NightFolder {
  let path: String

  /// What `run.json` says.
  struct Head: Equatable {
    var run: String
    var recipe: String
    var identity: String
    /// The run that it is compared with: chosen at the beginning, so that a run that goes on is compared
    /// with the same.
    var baseline: String?
    var started: String

    var json: JSONValue {
      .object([
        .init("schema", "dsx-run"), .init("schema_version", 1), .init("kind", "night"),
        .init("run", .string(run)), .init("recipe", .string(recipe)),
        .init("identity", .string(identity)),
        .init("baseline", baseline.map { .string($0) } ?? .null),
        .init("started", .string(started)),
      ])
    }
  }

  enum State {
    /// Nothing is there.
    case free
    /// A run of the same identity that is not finished.
    case begun(Head)
    /// The finished report of the same identity.
    case finished(Head, NightReport)
  }

  func path(_ name: String) -> String { FilePath.join(path, name) }

  /// Looks at what is there. Throws `outputExists` for another run's folder unless `overwrite`, and for
  /// folders that no recipe made.
  func inspect(identity: String, overwrite: Bool) throws(DSXError) -> State {
    guard FilePath.exists(path) else { return .free }
    guard FilePath.isFolder(path) else {
      throw DSXError(.outputExists, "the output is a file, not a folder", file: path)
    }
    // Hidden: what a run left that died before it had written anything.
    if try FilePath.list(path).allSatisfy({ $0.hasPrefix(".") }) { return .free }
    let file = path("run.json")
    let json = try? JSONParser.parse(file: file)
    guard let json, json["schema"]?.string == "dsx-run", json["kind"]?.string == "night" else {
      throw DSXError(
        .outputExists, "the output folder holds other things than a recipe's run", file: path,
        hint: "choose another --output")
    }
    let head = Head(
      run: json["run"]?.string ?? "", recipe: json["recipe"]?.string ?? "",
      identity: json["identity"]?.string ?? "", baseline: json["baseline"]?.string,
      started: json["started"]?.string ?? "")
    guard head.identity == identity else {
      if overwrite {
        try FilePath.removeTree(path)
        return .free
      }
      throw DSXError(
        .outputExists, "the folder holds another run: models, data or recipe changed since",
        file: path, hint: "give --night another name, or replace it with --overwrite")
    }
    if overwrite {
      try FilePath.removeTree(path)
      return .free
    }
    // Neither is written again by a run that goes on or finds itself finished.
    AtomicFolder.clearLeftovers(of: [file, path("report.json")])
    if case .night(let report)? = try? AnyReport(file: path("report.json")) {
      return .finished(head, report)
    }
    return .begun(head)
  }

  func begin(_ head: Head) throws(DSXError) {
    try FilePath.makeFolder(path)
    try AtomicFolder.write(Array((head.json.text(.indented) + "\n").utf8), to: path("run.json"))
  }

  /// Every file below the folder with its size and SHA-256, sorted; hidden ones are left out.
  func artifacts() throws(DSXError) -> [RunRecord.Artifact] {
    var found: [RunRecord.Artifact] = []
    try walk("", &found)
    return found
  }

  private func walk(_ inner: String, _ found: inout [RunRecord.Artifact]) throws(DSXError) {
    for name in try FilePath.list(FilePath.join(path, inner)) where !name.hasPrefix(".") {
      let relative = inner.isEmpty ? name : inner + "/" + name
      let whole = path(relative)
      if FilePath.isPlainFile(whole) {
        let file = try MappedFile(path: whole)
        var hash = SHA256()
        file.withBytes { hash.update($0) }
        found.append(
          .init(path: relative, bytes: FilePath.size(whole) ?? 0, sha256: hash.hexDigest()))
      } else if FilePath.isFolder(whole) {
        try walk(relative, &found)
      }
    }
  }

  /// Takes a cell's finished folder over from an earlier run as a copy: a link would let a change of one
  /// night change another. Appears as a whole.
  static func reuse(_ source: String, as target: String) throws(DSXError) {
    let folder = try AtomicFolder(target: target)
    let name = FilePath.split(target).name
    do throws(DSXError) {
      let inside = folder.path(name)
      try FilePath.makeFolder(inside)
      for file in try FilePath.list(source) where !file.hasPrefix(".") {
        let from = FilePath.join(source, file)
        guard FilePath.isPlainFile(from) else { continue }
        let mapped = try MappedFile(path: from)
        let to = FilePath.join(inside, file)
        try FilePath.write(mapped.withBytes { Array($0) }, to: to)
        try FilePath.flush(to)
      }
      try folder.publish([name], flushed: true)
    } catch {
      folder.discard()
      throw error
    }
  }
}
