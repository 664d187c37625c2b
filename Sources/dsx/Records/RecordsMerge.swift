internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records merge A B ... --output X`
struct RecordsMerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Write the rows of several sets, one after the other, as one set.",
    discussion: """
      The fields and index fields must be the same; the description is that of the first \
      set. With one set and --shards it only divides the rows over other files.

      Examples:
        dsx records merge a.mindrecord b.mindrecord --output all.mindrecord
        dsx records merge a.mindrecord --output a4.mindrecord --shards 4
      """)

  @Argument(help: "A data file of each set, in order.") var files: [String]
  @Option(name: .shortAndLong, help: "The record set to write.") var output: String
  @OptionGroup var layout: RecordsLayout
  @OptionGroup var reading: RecordsReading

  func run() throws {
    var readers: [RecordReader] = []
    for file in files {
      let reader = try RecordReader(path: file, verify: reading.isVerified)
      readers.append(reader)
      let differences = readers[0].schema.differences(from: reader.schema)
      guard differences.isEmpty else {
        throw DSXError(
          .malformed,
          "the schema differs from that of '\(files[0])': " + differences.joined(separator: "; "),
          file: file, hint: "only sets with the same fields and index fields can be merged")
      }
    }
    let job = RecordsJob("merge", output: output, layout: layout, sets: readers, options: [:])
    let rows = readers.reduce(0) { $0 + $1.count }
    let outcome = try job.run(schema: readers[0].schema, rows: rows) {
      (writer, progress) throws(DSXError) in
      var before = 0
      for reader in readers {
        try writer.append(.stored(0..<reader.count), of: reader) { progress(before + $0) }
        before += reader.count
        reader.releaseAll()
      }
    }
    layout.report([outcome])
  }
}
