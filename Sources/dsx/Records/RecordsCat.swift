internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records cat FILE`
struct RecordsCat: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat",
    abstract: "Print rows as JSON lines: a range, some fields, one worker's share, shuffled.",
    discussion: """
      Prints exactly what a training worker gets. The order of an epoch is computed from \
      --seed and --epoch, never from the number of workers. Each step takes --batch-rows \
      rows of it; worker --shard-id of --num-shards gets its part of each step.

      Examples:
        dsx records cat prepared.mindrecord --rows 100..200 --fields input_ids
        dsx records cat prepared.mindrecord --shuffle --seed 7 --epoch 2 \\
            --num-shards 4 --shard-id 1
        dsx records cat prepared.mindrecord --shuffle --limit 500 \\
            --save-state position.json
        dsx records cat prepared.mindrecord --shuffle --restore position.json
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(help: "Only rows A..B (from 0, without B), A.. or ..B.") var rows: RowRange?
  @Option(help: "Only these fields, separated by commas, in this order.") var fields: NameList?
  @Flag(help: "Shuffle by --seed and --epoch.") var shuffle = false
  @Option(help: "The seed of the order (default: 0).") var seed: UInt64?
  @Option(help: "The number of the epoch.") var epoch = 0
  @Option(help: "How many workers share the rows.") var numShards = 1
  @Option(help: "Which worker's rows to print, from 0.") var shardID = 0
  @Option(help: "Rows that all workers take together in one step.") var batchRows = 1024
  @Option(help: "How a step is divided: slices (one run a worker) or strided (in turn).")
  var assign: RecordsAssignment = .slices
  @Flag(help: "Every worker gets equally many rows; up to num-shards - 1 last ones are left out.")
  var equalParts = false
  @Flag(help: "Leave out a last step that is not full.") var dropRemainder = false
  @Option(help: "Pass over so many rows of the order, all workers together.") var skip = 0
  @Option(help: "Stop after so many rows of the order, all workers together.") var limit: Int?
  @Option(help: "Go on at a position that --save-state wrote.") var restore: String?
  @Option(help: "Write the position behind the last row to this file.") var saveState: String?
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard shuffle || seed == nil else { throw ValidationError("--seed needs --shuffle") }
    guard limit ?? 0 >= 0 else { throw ValidationError("--limit must not be negative") }
    guard restore == nil || (skip == 0 && epoch == 0) else {
      throw ValidationError("--restore says where to begin: leave out --skip and --epoch")
    }
  }

  func run() throws {
    if let saveState { try Self.checkTarget(saveState) }
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    var options = RecordLoaderOptions()
    options.rows = try rows?.rows(of: reader.count)
    options.fields = fields?.names
    options.shuffleSeed = shuffle ? seed ?? 0 : nil
    options.firstEpoch = epoch
    options.numShards = numShards
    options.shardID = shardID
    options.batchRows = batchRows
    options.assignment = assign == .slices ? .slices : .strided
    options.equalParts = equalParts
    options.dropRemainder = dropRemainder
    options.skip = skip
    var saved: RecordLoaderState?
    if let restore {
      let state = try RecordLoaderState(json: JSONParser.parse(file: restore))
      options.firstEpoch = state.epoch
      saved = state
    }
    var loader = try RecordLoader(reader, options)
    if let saved { try loader.restore(saved) }
    try print(&loader)
    if let saveState {
      try AtomicFolder.write(
        Array((loader.savedState.json.text(.indented) + "\n").utf8), to: saveState)
    }
  }

  /// Refuses a file that is there and is no position: before a row is printed.
  private static func checkTarget(_ path: String) throws(DSXError) {
    guard FilePath.exists(path) else { return }
    // A position is a few hundred bytes.
    let isSmall = FilePath.isPlainFile(path) && FilePath.size(path) ?? .max < 1 << 16
    guard isSmall, let json = try? JSONParser.parse(file: path),
      (try? RecordLoaderState(json: json)) != nil
    else {
      throw DSXError(
        .outputExists, "what is there is no saved position of dsx: it is not overwritten",
        file: path, hint: "write to another file, or remove this one")
    }
  }

  private func print(_ loader: inout RecordLoader) throws(DSXError) {
    var printer = try RecordsPrinter(loader.reader, fields: fields?.names)
    var left = limit ?? .max
    while left > 0 {
      guard let step = loader.nextStep(limit: left) else { break }
      left -= step.globalRows
      // A step of long rows is printed in pieces.
      let size = loader.reader.suggestedBatchRows
      for start in stride(from: 0, to: step.rows.count, by: size) {
        let part = Array(step.rows[start..<min(start + size, step.rows.count)])
        try printer.print(loader.reader.batch(rows: part, fields: fields?.names))
      }
      loader.release(after: step)
    }
    printer.finish()
  }
}

/// How a step is divided over workers.
enum RecordsAssignment: String, ExpressibleByArgument, CaseIterable {
  case slices, strided
}
