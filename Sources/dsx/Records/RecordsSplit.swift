internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records split FILE`
struct RecordsSplit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a set into several sets: by number, by rows, by ratio, by a field's hash.",
    discussion: """
      Each part is a set of its own and keeps the stored order. Without --seed the parts \
      are contiguous blocks; with it rows are drawn at random, in exactly the same sizes. \
      With --by-hash rows with equal values of a field always come into the same part.

      Give --output once for each part, or once: the parts are then numbered, as in \
      part-0.mindrecord.

      Examples:
        dsx records split all.mindrecord --ratio 0.9,0.1 --seed 7 \\
            --output train.mindrecord --output valid.mindrecord
        dsx records split all.mindrecord --ratio 0.9,0.1 --by-hash user \\
            --output part.mindrecord
        dsx records split all.mindrecord --rows 100000 --output part.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(
    name: .customLong("shards"),
    help: "So many parts of equal size, the remainder to the first ones.")
  var parts: Int?
  @Option(help: "Parts of so many rows.") var rows: Int?
  @Option(help: "Parts of these weights, e.g. 0.9,0.1.") var ratio: String?
  @Option(help: "Divide by the hash of this field (with --ratio or --shards).") var byHash: String?
  @Option(help: "Draw the rows of the parts at random; with --by-hash the seed of the hash.")
  var seed: UInt64?
  @Option(name: .shortAndLong, help: "The record sets to write.") var output: [String]
  @Option(help: "Bytes of a page (default: chosen from the data).") var pageSize: Int?
  @Option(help: "Bytes kept for a header (default: chosen from the data).") var headerSize: Int?
  @Flag(help: "Replace outputs of dsx that are there already.") var overwrite = false
  @Option(help: "How the result is reported: text or json.") var format: RecordsFormat = .text
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard [parts != nil, rows != nil, ratio != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("give one of --shards, --rows and --ratio")
    }
    guard (1...1000).contains(parts ?? 1) else { throw ValidationError("--shards is 1 to 1000") }
    guard (rows ?? 1) >= 1 else { throw ValidationError("--rows must be at least 1") }
    guard byHash == nil || rows == nil else {
      throw ValidationError("--by-hash goes with --ratio or --shards")
    }
  }

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let ranges = try ranges(reader.count)
    let outputs = try outputs(ranges.count)
    var layout = try RecordsLayout.parse([])
    layout.pageSize = pageSize
    layout.headerSize = headerSize
    layout.overwrite = overwrite
    layout.format = format
    if let byHash { _ = try reader.batch(rows: [], fields: [byHash]) }
    // Everything that can be refused is refused before the first part is written.
    try OutputPlace.check(outputs)
    let jobs = outputs.enumerated().map { part, output in
      RecordsJob(
        "split", output: output, layout: layout, sets: [reader],
        options: [
          "part": .int(Int64(part)), "parts": .int(Int64(outputs.count)),
          "rows": rows.map { .int(Int64($0)) } ?? .null,
          "ratio": ratio.map { .string($0) } ?? .null,
          "by_hash": byHash.map { .string($0) } ?? .null,
          "seed": seed.map { .string(String($0)) } ?? .null,
        ])
    }
    for job in jobs { _ = try job.finished() }
    var outcomes: [RecordsJob.Outcome] = []
    for (part, job) in jobs.enumerated() {
      let selection = try selection(part, ranges[part], reader)
      outcomes.append(
        try job.run(schema: reader.schema, rows: selection.count) {
          (writer, progress) throws(DSXError) in
          try writer.append(selection, of: reader, progress: progress)
        })
    }
    layout.report(outcomes)
  }

  private func selection(_ part: Int, _ range: Range<Int>, _ reader: RecordReader)
    throws(DSXError) -> RowSelection
  {
    if let byHash {
      return .hashed(
        RowHash(seed: seed ?? 0), field: byHash, try weights(), part: part)
    }
    guard let seed else { return .stored(range) }
    return .drawn(RowOrder(0..<reader.count, seed: seed), positions: range)
  }

  private func weights() throws(DSXError) -> RowRatio {
    if let ratio { return try RowRatio(ratio) }
    return RowRatio(equalParts: parts ?? 1)
  }

  /// The positions of each part.
  private func ranges(_ count: Int) throws(DSXError) -> [Range<Int>] {
    if let rows {
      let parts = count == 0 ? 1 : (count - 1) / rows + 1
      guard parts <= 1000 else {
        throw DSXError(
          .usage, "parts of \(rows) rows would be \(parts) sets; at most 1000 are made",
          hint: "choose larger parts")
      }
      return (0..<parts).map { $0 * rows..<min(count, ($0 + 1) * rows) }
    }
    if let parts {
      let names = (0..<parts).map(String.init)
      return RecordMap.even(names: names, rows: count).shards.map {
        $0.firstRow..<$0.firstRow + $0.rows
      }
    }
    let weights = try weights()
    return (0..<weights.parts).map { weights.positions(of: $0, count: count) }
  }

  /// One path a part.
  private func outputs(_ parts: Int) throws(DSXError) -> [String] {
    if output.count == parts {
      guard Set(output).count == parts else {
        throw DSXError(.usage, "two parts have the same --output")
      }
      return output
    }
    guard output.count == 1, let path = output.first else {
      throw DSXError(
        .usage, "there are \(parts) parts, but \(output.count) outputs",
        hint: "give --output once for each part, or once for all")
    }
    let (folder, name) = FilePath.split(path)
    let bytes = Array(name.utf8)
    // The number goes before the extension; a name that begins with its only dot has none.
    let dot = bytes.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > 0 ? $0 : nil } ?? bytes.count
    let width = String(max(0, parts - 1)).utf8.count
    return (0..<parts).map { part in
      let number = String(part)
      let padded = String(repeating: "0", count: width - number.utf8.count) + number
      return FilePath.join(
        folder,
        String(decoding: bytes[..<dot], as: UTF8.self) + "-" + padded
          + String(decoding: bytes[dot...], as: UTF8.self))
    }
  }
}
