internal import DSXCore
internal import Jobs
internal import Records

/// The writing of one record set and of the manifest beside it (`OUTPUT.manifest.json`).
///
/// The manifest says what the set was made from (files with their SHA-256), how (command, options, seed),
/// and which file holds which rows; it holds no times, folders or host names. Run again, the same command
/// finds itself finished; anything else over an existing output is refused without `--overwrite`.
struct RecordsJob {
  /// How it ended.
  struct Outcome {
    /// The data files, in order.
    var files: [String]
    /// Rows of each.
    var map: RecordMap
    /// Whether the same output was there already.
    var isFinishedAlready: Bool
    /// More to report, e.g. skipped rows.
    var counts: [JSONValue.Member] = []

    var json: JSONValue {
      .object(
        [
          JSONValue.Member("files", .array(files.map { .string($0) })),
          JSONValue.Member("rows", .int(Int64(map.rows))),
          JSONValue.Member("shards", map.json),
          JSONValue.Member("finished_already", .bool(isFinishedAlready)),
        ] + counts)
    }

    var text: String {
      let name = files.count == 1 ? files[0] : "\(files[0]) and \(files.count - 1) more"
      let rows = map.rows == 1 ? "1 row" : "\(map.rows) rows"
      return "\(name): \(rows)" + (isFinishedAlready ? " (finished already)" : "")
    }
  }

  private let kind: String
  private let layout: RecordsLayout
  /// Files that are read, and those among them that the manifest names.
  private let inputs: [String]
  private let options: JSONValue
  private let output: JobOutput

  /// Where its files and its manifest go.
  var places: Set<OutputPlace> {
    Set(
      (output.names + [output.manifestName]).map { OutputPlace(FilePath.join(output.folder, $0)) })
  }
  private let names: [String]

  /// A job of `dsx records KIND` that reads sets; `options` is everything else that the rows depend on.
  init(
    _ kind: String, output: String, layout: RecordsLayout, sets: [RecordReader],
    options: JSONValue
  ) {
    self.init(
      kind, output: output, layout: layout, inputs: sets.flatMap(\.paths), options: options)
  }

  /// A job that reads files.
  init(
    _ kind: String, output path: String, layout: RecordsLayout, inputs: [String],
    options: JSONValue
  ) {
    self.kind = kind
    self.layout = layout
    self.inputs = inputs
    var members = options.object ?? []
    members.append(.init("shards", .int(Int64(layout.shards ?? 1))))
    members.append(.init("page_size", layout.pageSize.map { .int(Int64($0)) } ?? .null))
    members.append(.init("header_size", layout.headerSize.map { .int(Int64($0)) } ?? .null))
    self.options = .object(members)
    names = layout.options(rows: nil).fileNames(FilePath.split(path).name)
    output = JobOutput(path: path, names: names.flatMap { [$0, $0 + ".db"] })
  }

  /// Writes the set by `body` and publishes it with its manifest; `rows` where it is known.
  ///
  /// `body` gets the writer and what to call with the rows so far.
  func run(
    schema: RecordSchema, rows: Int?,
    _ body: (inout RecordWriter, (Int) -> Void) throws(DSXError) -> Void
  ) throws(DSXError) -> Outcome {
    if let finished = try finished() { return finished }
    return try write { (target, progress) throws(DSXError) in
      var writer = try RecordWriter(
        path: target, schema: schema, options: layout.options(rows: rows))
      try body(&writer, progress(rows))
      return (try writer.finish(), [])
    }
  }

  /// The outcome of an earlier run with the same inputs and options; nil when there was none. Throws
  /// `usage` when the output is an input, `outputExists` when something else is there.
  func finished() throws(DSXError) -> Outcome? {
    try checkInputsAreSafe()
    let state = try output.inspect(
      overwrite: layout.overwrite, mayReplace: RecordReader.isPartOfSet
    ) { (manifest) throws(DSXError) -> JobPlan in try plan(manifest.plan) }
    guard case .finished(let manifest) = state else { return nil }
    let counts = manifest.counts
    let shards = counts["shards"]?.array ?? []
    return Outcome(
      files: names.map { FilePath.join(output.folder, $0) },
      map: RecordMap(names: names, rows: shards.map { $0["rows"]?.int ?? 0 }),
      isFinishedAlready: true,
      counts: (counts.object ?? []).filter { $0.name != "rows" && $0.name != "shards" })
  }

  /// Runs `body` with the path to write to; it returns what was written and further counts.
  func write(
    _ body: (String, (Int?) -> (Int) -> Void) throws(DSXError) -> (
      RecordSummary, [JSONValue.Member]
    )
  ) throws(DSXError) -> Outcome {
    let folder = try output.begin()
    let sink = StderrProgress()
    defer { sink.finish() }
    let phase = "records " + kind
    let progress = { (total: Int?) in
      { (done: Int) in
        sink.report(Progress(phase: phase, done: done, total: total, unit: "rows"))
      }
    }
    do {
      let (summary, counts) = try body(folder.path(FilePath.split(output.path).name), progress)
      let map = RecordMap(names: names, rows: summary.rowsPerShard)
      _ = try output.publish(
        folder, plan: try plan(nil),
        counts: .object(
          [
            JSONValue.Member("rows", .int(Int64(summary.rows))),
            JSONValue.Member("shards", map.json),
          ] + counts))
      return Outcome(
        files: names.map { FilePath.join(output.folder, $0) }, map: map, isFinishedAlready: false,
        counts: counts)
    } catch {
      folder.discard()
      // What names a temporary file names the file that it was to become.
      var shown = error
      if let file = error.location.file, file.utf8.starts(with: folder.temporary.utf8) {
        shown.location.file = output.path
      }
      throw shown
    }
  }

  /// The plan; inputs are hashed only when all else is as in `earlier`.
  private func plan(_ earlier: JobPlan?) throws(DSXError) -> JobPlan {
    var files: [FileFingerprint] = []
    for path in inputs {
      files.append(
        FileFingerprint(
          name: FilePath.split(path).name, size: FilePath.size(path) ?? 0, sha256: ""))
    }
    if var blank = earlier {
      for index in blank.inputs.indices { blank.inputs[index].sha256 = "" }
      guard made(files) == blank else { return made(files) }
    }
    for (index, path) in inputs.enumerated() { files[index] = try FileFingerprint.of(path: path) }
    return made(files)
  }

  private func made(_ files: [FileFingerprint]) -> JobPlan {
    JobPlan(
      kind: "records " + kind, tool: "dsx \(Version.current)", options: options, inputs: files,
      shardBytes: max(1, files.reduce(0) { $0 + $1.size }))
  }

  /// An input that is also a file of the output, or of what is replaced there, would be lost.
  private func checkInputsAreSafe() throws(DSXError) {
    var outputs: [FilePath.Identity: String] = [:]
    var written = output.names + [output.manifestName]
    if let old = try? JobManifest(path: output.manifestPath) {
      written += old.outputs.map(\.name).filter(FilePath.isPlainName)
    }
    for name in written {
      let path = FilePath.join(output.folder, name)
      if let identity = FilePath.identity(path) { outputs[identity] = path }
    }
    for file in inputs + inputs.map({ $0 + ".db" }) {
      guard let identity = FilePath.identity(file), let path = outputs[identity] else { continue }
      throw DSXError(
        .usage, "the output '\(path)' is one of the inputs", file: file,
        hint: "choose another --output")
    }
  }
}
