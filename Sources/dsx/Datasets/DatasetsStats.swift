internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Glibc
internal import Reports

/// `dsx datasets stats NAME`
struct DatasetsStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Print and write a card: rows, types, values, lengths, repeats, leaks, images.",
    discussion: """
      One pass over every split, memory bounded; the same numbers for any --workers. With \
      --output the card is written as stats.json and as stats.html, a page that needs no \
      other file. Members of the JSON: docs/dataset-card.md.

      Examples:
        dsx datasets stats ddtp_zh
        dsx datasets stats rows.csv --format json
        dsx datasets stats digits --output digits_card
      """)

  @OptionGroup var choice: DatasetChoice
  @Option(name: .shortAndLong, help: "Write stats.json and stats.html to this folder.")
  var output: String?
  @Option(help: "Threads; never changes the numbers (default: the number of cores).")
  var workers: Int?
  @Option(help: "What a row that cannot be read does: error or skip.")
  var onBadRow: RecordsBadRow = .error
  @Flag(
    name: .customLong("no-exif"),
    help: "Images as they are stored: the orientation that a camera noted is not applied.")
  var noEXIF = false
  @OptionGroup var table: DatasetTableOptions
  @Option(help: "How the card is printed: text or json.") var format: DatasetsFormat = .text

  func validate() throws {
    guard workers ?? 1 >= 1 else { throw ValidationError("--workers must be at least 1") }
  }

  func run() throws {
    if let output { try DatasetCard.checkOutput(output) }
    let homes = Homes.current()
    let datasets = try choice.splits(homes)
    let sink = StderrProgress()
    defer { sink.finish() }
    var splits: [SplitStatistics] = []
    for dataset in datasets {
      var options = try table.options(for: dataset) ?? dataset.options
      options.onBadRow = onBadRow == .skip ? .skip : .refuse
      splits.append(
        try SplitStatistics.read(
          dataset, options: options,
          workers: workers ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
          appliesOrientation: !noEXIF
        ) { rows in
          sink.report(
            Progress(phase: "stats " + dataset.split, done: rows, total: nil, unit: "rows"))
        })
    }
    sink.finish()
    let card = DatasetCard(datasets, splits, tool: "dsx \(Version.current)")
    guard card.rows > 0 else {
      throw DSXError(.nothingToDo, "the data set has no rows", file: choice.name)
    }
    let json = card.json.text(.indented) + "\n"
    if let output { try card.write(to: output) }
    Output.write(Array((format == .json ? json : card.text).utf8))
  }
}
