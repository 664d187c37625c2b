internal import ArgumentParser
internal import DSXCore
internal import Jobs
internal import Records

/// `dsx records append SET MORE...`
struct RecordsAppend: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Add the rows of other record sets to a set.",
    discussion: """
      SET then has the same bytes as if all rows had been written at once. It stays as it is until the
      new files take its place, also when the command is killed. A set of MindSpore is continued as
      MindSpore does it: rows are divided over its files, in calls of 1024 rows.
      The other sets need the same fields; they stay as they are.

      Example:
        dsx records append train.mindrecord more.mindrecord extra.mindrecord
      """)

  @Argument(help: "A data file of the set that grows.") var set: String
  @Argument(help: "Data files of the sets whose rows are added, in this order.") var more: [String]
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard !more.isEmpty else { throw ValidationError("name at least one set to add") }
  }

  func run() throws {
    var sources: [RecordReader] = []
    for path in more { sources.append(try RecordReader(path: path, verify: reading.isVerified)) }
    var added: [FileFingerprint] = []
    // Before the set changes: it may be one of the sources.
    for path in sources.flatMap(\.paths) { added.append(try FileFingerprint.of(path: path)) }
    let note = added.map { "\($0.sha256) \($0.name)" }.joined(separator: "\n")
    // The same command was killed when all was written, and not all was in its place.
    if let summary = try RecordWriter.finishAppend(to: set, note: note) { return report(summary) }
    let fields = try RecordReader(path: set).schema.schema.fields
    for (path, source) in zip(more, sources) where source.schema.schema.fields != fields {
      throw DSXError(
        .malformed, "the fields of this set differ from those of '\(set)'", file: path,
        hint: "compare them with dsx records info")
    }
    let manifest = RecordsManifest(for: set)
    var writer = try RecordWriter.appending(to: set, note: note)
    for source in sources {
      var cursor = source.cursor(batchRows: 1024)
      while let batch = try cursor.next() { try writer.append(batch) }
    }
    let summary = try writer.finish { (summary, path) throws(DSXError) in
      try manifest.map { (manifest) throws(DSXError) in
        [try manifest.appended(summary, added, path)]
      } ?? []
    }
    report(summary)
  }

  private func report(_ summary: RecordSummary) {
    let files = summary.files.count == 1 ? "1 file" : "\(summary.files.count) files"
    Output.line("\(set): \(summary.rows) rows in \(files)")
  }
}
