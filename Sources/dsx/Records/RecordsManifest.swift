internal import DSXCore
internal import Jobs
internal import Records

/// The manifest that `dsx prepare` left beside a record file: what it was made from, and its SHA-256.
struct RecordsManifest {
  private let manifest: JobManifest
  private let folder: String
  private let path: String

  /// The manifest that names `file`: `FILE.manifest.json`, or that of a numbered set. nil when there is
  /// none, or none that can be read.
  init?(for file: String) {
    let (folder, name) = FilePath.split(file)
    let digits = name.utf8.reversed().prefix { $0 &- 0x30 <= 9 }.count
    for stem in Set([name, String(decoding: name.utf8.dropLast(digits), as: UTF8.self)]) {
      let path = FilePath.join(folder, stem + ".manifest.json")
      guard FilePath.exists(path), let found = try? JobManifest(path: path),
        found.outputs.contains(where: { $0.name == name })
      else { continue }
      manifest = found
      self.folder = folder
      self.path = path
      return
    }
    return nil
  }

  /// The files whose bytes are not those that dsx wrote.
  func changedFiles() throws(DSXError) -> [String] {
    var changed: [String] = []
    for output in manifest.outputs where FilePath.isPlainName(output.name) {
      let path = FilePath.join(folder, output.name)
      guard FilePath.exists(path), try FileFingerprint.of(path: path) == output else {
        changed.append(path)
        continue
      }
    }
    return changed
  }

  /// Lets the manifest speak of the set after rows were added to it: of its files as they are now, and, under
  /// `appended` of the options, of the files that the rows came from. Other files stay as they are listed.
  ///
  /// The command that made the set first then finds another set, not itself finished. `path` says where a
  /// file of the set lies until it is published. Returns the manifest's name and bytes.
  func appended(
    _ summary: RecordSummary, _ appended: [FileFingerprint], _ path: (String) -> String
  ) throws(DSXError) -> (name: String, bytes: [UInt8]) {
    var changed = manifest
    let names = summary.files.map { FilePath.split($0).name }
    let written = Set(names.flatMap { [$0, $0 + ".db"] })
    for index in changed.outputs.indices where written.contains(changed.outputs[index].name) {
      changed.outputs[index] = try FileFingerprint.of(path: path(changed.outputs[index].name))
    }
    let added = appended.map { file -> JSONValue in
      ["name": .string(file.name), "bytes": .int(Int64(file.size)), "sha256": .string(file.sha256)]
    }
    let earlier = changed.plan.options["appended"]?.array ?? []
    changed.plan.options = Self.with(
      changed.plan.options, "appended", .array(earlier + added))
    if changed.counts["rows"]?.int != nil {
      changed.counts = Self.with(changed.counts, "rows", .int(Int64(summary.rows)))
    }
    if changed.counts["shards"]?.array != nil {
      changed.counts = Self.with(
        changed.counts, "shards", RecordMap(names: names, rows: summary.rowsPerShard).json)
    }
    return (FilePath.split(self.path).name, Array(changed.text.utf8))
  }

  /// An object with a member set.
  private static func with(_ json: JSONValue, _ name: String, _ value: JSONValue) -> JSONValue {
    var members = json.object ?? []
    if let place = members.firstIndex(where: { $0.name == name }) {
      members[place] = JSONValue.Member(name, value)
    } else {
      members.append(JSONValue.Member(name, value))
    }
    return .object(members)
  }

  /// How the ids were made, as `--tokenizer` names it: jieba, sentencepiece, gpt, or `file` for a path.
  var tokenizer: String? { manifest.plan.options["tokenizer"]?["kind"]?.string }

  /// SHA-256 of the files of the vocabulary that the ids belong to.
  var vocabulary: [String]? {
    manifest.plan.options["tokenizer"]?["vocabulary_sha256"]?.array?.compactMap(\.string)
  }
}
