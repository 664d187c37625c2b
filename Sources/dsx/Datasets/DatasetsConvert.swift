internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Glibc
internal import Jobs

/// `dsx datasets convert NAME --output DIR`
struct DatasetsConvert: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write splits as MindRecord files that load back with equal rows and types.",
    discussion: """
      Each split becomes DIR/SPLIT.mindrecord with a manifest beside it; an --output that \
      ends in .mindrecord names the file of one split. Without --output the sets go to the \
      cache ('dsx datasets cache list') and are found there the next time. A conversion \
      that was killed goes on where it was.

      Examples:
        dsx datasets convert digits --split train --output digits_records
        dsx datasets head digits_records --split train --rows 3
        dsx datasets convert rows.csv --output rows.mindrecord --shards 4

      'convert plan', 'convert run' and 'convert merge' do the same in several processes, on one
      machine or many: 'dsx help datasets convert plan'.
      """)

  @OptionGroup var arguments: ConvertArguments
  @Option(help: "How the result is reported: text or json.") var format: DatasetsFormat = .text

  func run() throws {
    LargeBlocks.goBackToTheSystem()
    let homes = Homes.current()
    var outcomes: [(MsDataset, DatasetConversion.Outcome)] = []
    var written: [ConversionShards.Split] = []
    let splits = try arguments.splits(homes)
    let folder = arguments.folder(splits)
    for dataset in splits {
      let outcome = try convert(dataset, homes, folder, &written)
      outcomes.append((dataset, outcome))
      if format == .text { ConvertReport.show(dataset, outcome) }
      DatasetsReport.skipped(outcome.skipped, outcome.reasons)
    }
    if let folder { try arguments.shards(written, folder.path).end() }
    if format == .json { ConvertReport.json(outcomes) }
  }

  private func convert(
    _ dataset: MsDataset, _ homes: Homes, _ folder: FolderOutput?,
    _ written: inout [ConversionShards.Split]
  ) throws -> DatasetConversion.Outcome {
    let options = try arguments.options(dataset)
    let sink = StderrProgress()
    defer { sink.finish() }
    let progress = { (done: Int, total: Int?) in
      sink.report(
        Progress(phase: "convert " + dataset.split, done: done, total: total, unit: "rows"))
    }
    let isNew = arguments.output.map { !FilePath.exists($0) } ?? false
    guard let target = try arguments.target(dataset) else {
      return try ConversionCache(homes: homes).records(
        of: dataset, options: options, progress: progress)
    }
    var isDone = false
    // A folder that a failure left empty goes: rmdir takes no other.
    defer { if isNew, !isDone, let output = arguments.output { rmdir(output) } }
    let conversion = try DatasetConversion(dataset, options: options, homes: homes)
    written.append(ConversionShards.Split(conversion, target: target))
    let outcome = try conversion.run(to: target, in: folder, progress: progress)
    isDone = true
    return outcome
  }
}

/// The options of `dsx datasets convert` that decide its output.
struct ConvertArguments: ParsableArguments {
  @OptionGroup var choice: DatasetChoice
  @Option(
    name: .shortAndLong, help: "The folder to write to, or one file that ends in .mindrecord.")
  var output: String?
  @Option(help: "Into how many files each split is divided, 1 to 1000.") var shards = 1
  @Option(help: "Only these columns, separated by commas, in this order.") var columns: NameList?
  @Option(help: "What a row that cannot be read does: error or skip.")
  var onBadRow: RecordsBadRow = .error
  @OptionGroup var table: DatasetTableOptions
  @Flag(help: "Replace an output of dsx that is there already.") var overwrite = false

  func validate() throws {
    try DatasetsReport.checkColumns(columns)
    guard (1...1000).contains(shards) else { throw ValidationError("--shards is 1 to 1000") }
    guard output != nil || !overwrite else {
      throw ValidationError("--overwrite needs --output: the cache is never overwritten")
    }
  }

  /// The splits that are meant. Throws `usage` when they cannot be one file.
  func splits(_ homes: Homes) throws(DSXError) -> [MsDataset] {
    let splits = try choice.splits(homes)
    if let output, output.hasSuffix(".mindrecord"), splits.count > 1 {
      throw DSXError(
        .usage, "--output names one file, but there are \(splits.count) splits",
        hint: "name a folder, or choose one with --split: "
          + splits.map(\.split).joined(separator: ", "))
    }
    return splits
  }

  /// The options for a split.
  func options(_ dataset: MsDataset) throws -> ConversionOptions {
    var options = ConversionOptions(tool: "dsx \(Version.current)")
    options.shards = shards
    options.columns = columns?.names
    options.onBadRow = onBadRow == .skip ? .skip : .refuse
    options.table = try table.options(for: dataset)
    options.overwrite = overwrite
    return options
  }

  /// The record set that a split becomes, in a folder that is there; nil: the cache's.
  func target(_ dataset: MsDataset) throws(DSXError) -> String? {
    guard let output else { return nil }
    guard !output.hasSuffix(".mindrecord") else { return output }
    guard FilePath.isPlainName(dataset.split) else {
      throw DSXError(.usage, "the split '\(dataset.split)' cannot be a file's name")
    }
    try FilePath.makeFolder(output)
    return FilePath.join(output, dataset.split + ".mindrecord")
  }

  /// The folder that all splits are written to; nil for one file and for the cache.
  func folder(_ splits: [MsDataset]) -> FolderOutput? {
    guard let output, !output.hasSuffix(".mindrecord") else { return nil }
    return FolderOutput(path: output, sets: splits.map { $0.split + ".mindrecord" })
  }

  /// Conversions of all splits, as one job.
  func shards(_ splits: [ConversionShards.Split], _ output: String) -> ConversionShards {
    ConversionShards(
      splits, output: output, overwrite: overwrite, tool: "dsx " + Version.current)
  }
}

/// How conversions are reported.
enum ConvertReport {
  /// A line for each set.
  static func show(_ dataset: MsDataset, _ outcome: DatasetConversion.Outcome) {
    let files = outcome.files
    let name = files.count == 1 ? files[0] : "\(files[0]) and \(files.count - 1) more"
    var text = "\(name): \(outcome.rows) row\(outcome.rows == 1 ? "" : "s")"
    if outcome.skipped > 0 { text += ", \(outcome.skipped) skipped" }
    if outcome.resumedRows > 0 { text += ", went on after \(outcome.resumedRows)" }
    Output.line(text + (outcome.isFinishedAlready ? " (finished already)" : ""))
  }

  /// An object, or an array of them for several.
  static func json(_ outcomes: [(MsDataset, DatasetConversion.Outcome)]) {
    let results = outcomes.map { dataset, outcome -> JSONValue in
      .object(
        [
          .init("subset", .string(dataset.subset)), .init("split", .string(dataset.split)),
        ] + (outcome.json.object ?? []))
    }
    Output.line((results.count == 1 ? results[0] : .array(results)).text(.indented))
  }
}
