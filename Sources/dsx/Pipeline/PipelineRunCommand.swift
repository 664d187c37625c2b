internal import ArgumentParser
internal import DSXCore
internal import Datasets
internal import Pipelines

/// `dsx pipeline run RECIPE`
struct PipelineRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline: rows as JSON lines on stdout, or a record set.",
    discussion: """
      Every stage's counters come on stderr at the end. The rows never depend on --workers. \
      With --state the position behind the last whole batch is written when the run ends \
      before the data does (--batches); the same command goes on there.

      Examples:
        dsx pipeline run recipe.yaml --limit 10
        dsx pipeline run recipe.yaml --batches 100 --state position.json
        dsx pipeline run recipe.yaml --output shuffled.mindrecord --workers 2
      """)

  @OptionGroup var choice: PipelineChoice
  @Option(name: .shortAndLong, help: "Write a record set to this path instead of printing rows.")
  var output: String?
  @Option(help: "Threads of each map that does not say its own number.") var workers = 1
  @Option(help: "At most so many rows.") var limit: Int?
  @Option(help: "At most so many batches.") var batches: Int?
  @Option(help: "Go on at the position in this file, and write the new one to it.")
  var state: String?
  @Flag(help: "Print one JSON object a batch, columns as arrays, instead of one a row.")
  var columns = false
  @Flag(help: "Replace a record set that is there already.") var overwrite = false
  @Option(help: "How the counters are printed on stderr: text or json.")
  var counters = PipelineFormat.text

  func validate() throws {
    guard workers >= 1 else { throw ValidationError("--workers must be at least 1") }
    guard limit ?? 0 >= 0, batches ?? 0 >= 0 else {
      throw ValidationError("--limit and --batches must not be negative")
    }
    guard output == nil || (state == nil && !columns) else {
      throw ValidationError("--output goes with neither --state nor --columns")
    }
    guard limit == nil || state == nil else {
      throw ValidationError("--state saves positions behind whole batches: take --batches")
    }
    guard output != nil || !overwrite else { throw ValidationError("--overwrite needs --output") }
  }

  func run() throws {
    do throws(DSXError) { try runAll() } catch { throw choice.located(error) }
  }

  private func runAll() throws(DSXError) {
    var pipeline = try choice.pipeline(output: output)
    if let limit { pipeline = try pipeline.take(limit) }
    var position: PipelinePosition?
    if let state, FilePath.exists(state) {
      do throws(DSXError) {
        position = try PipelinePosition(json: try JSONParser.parse(file: state))
      } catch { throw error.inFile(state) }
    }
    let run = try pipeline.run(from: position, workers: workers)
    let progress = StderrProgress()
    defer { progress.finish() }
    if let output {
      let rows = try RecordOutput(path: output, overwrite: overwrite).write(
        run, batches: batches
      ) { done in
        progress.report(Progress(phase: "pipeline", done: done, total: nil, unit: "rows"))
      }
      progress.finish()
      Output.line("\(output): \(rows) row\(rows == 1 ? "" : "s")")
    } else {
      try print(run)
    }
    if let state {
      try AtomicFolder.write(Array((run.position.json.text(.spaced) + "\n").utf8), to: state)
    }
    run.stop()
    Output.flush()
    report(run)
  }

  private func print(_ run: PipelineRun) throws(DSXError) {
    var buffer: [UInt8] = []
    var left = batches ?? .max
    while left > 0, let batch = try run.next() {
      left -= 1
      let names = batch.schema.fields.map(\.name)
      if columns {
        let members = names.indices.map { column in
          JSONValue.Member(
            names[column],
            .array((0..<batch.rows).map { CellValue(batch, column: column, row: $0).json }))
        }
        JSONValue.object(members).write(into: &buffer, .compact)
        buffer.append(0x0a)
        Output.drainIfLarge(&buffer)
        continue
      }
      for row in 0..<batch.rows {
        let members = names.indices.map { column in
          JSONValue.Member(names[column], CellValue(batch, column: column, row: row).json)
        }
        JSONValue.object(members).write(into: &buffer, .compact)
        buffer.append(0x0a)
        Output.drainIfLarge(&buffer)
      }
    }
    Output.write(buffer)
  }

  /// The counters, sources first. Times are on the text only: JSON is for comparing.
  private func report(_ run: PipelineRun) {
    let stages = Array(run.counters.reversed())
    if counters == .json {
      let list = stages.map { stage in
        JSONValue.object(
          [.init("stage", .string(stage.stage))] + (stage.counters.json.object ?? []))
      }
      Output.message(JSONValue.array(list).text())
      return
    }
    for (number, stage) in stages.enumerated() {
      let counts = stage.counters
      var line = "dsx: \(number + 1). \(stage.stage): "
      if counts.batchesIn > 0 { line += "\(counts.rowsIn) rows in, " }
      line += "\(counts.rowsOut) rows out in \(counts.batchesOut) batches"
      for (reason, rows) in (counts.json["dropped"]?.object ?? []).map({ ($0.name, $0.value.int) })
      {
        line += ", \(rows ?? 0) dropped (\(reason))"
      }
      line += ", " + ProgressLine.decimal(counts.cpuSeconds, 2) + " s"
      Output.message(line)
    }
  }
}
