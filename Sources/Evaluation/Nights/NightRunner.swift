public import DSXCore

/// Runs a recipe once: its cells, the comparison with the baseline, gates, verdict, report, history.
///
/// Running the same recipe again the same night goes on where it stopped, or finds itself finished. The
/// report depends on the recipe, its models and data and the history before it only: not on times,
/// worker count, or what was computed when.
public struct NightRunner {
  /// The recipe.
  public let recipe: Recipe
  /// How it is run.
  public let options: NightOptions
  let executor: any CellExecutor
  let progress: any ProgressSink
  /// When the cells are parts that other processes made: how many, and what is to be said of them. The
  /// times of this process are then not those of the cells.
  var parts: [JSONValue.Member]?

  /// A run; nothing is done yet.
  public init(
    _ recipe: Recipe, _ options: NightOptions, executor: any CellExecutor,
    progress: any ProgressSink = SilentProgress()
  ) {
    self.recipe = recipe
    self.options = options
    self.executor = executor
    self.progress = progress
  }

  /// The run's id.
  public var run: String { recipe.name + "-" + options.night }
  /// The run's folder.
  public var folder: String {
    options.output ?? FilePath.join(options.reports, run)
  }
  var historyPath: String { RunHistory.path(in: options.reports) }

  /// One cell with what is known of it and what came of it.
  struct Cell {
    let cell: RecipeCell
    var facts: CellFacts?
    var folder: CellFolder?
    var error: DSXError?
    var wasReused = false
    var span: (start: Double, end: Double)?

    /// Why its numbers are not there, or not all of them.
    var lack: String? {
      if let error { return "the cell \(cell.key) failed: \(error.message)" }
      guard let folder else { return "the cell \(cell.key) was not reached in time" }
      guard !folder.isWhole else { return nil }
      let counts = folder.report.counts
      return "\(counts.failed + counts.missing) of \(counts.requested) examples of \(cell.key) "
        + (counts.missing > 0 ? "are missing" : "failed")
    }
  }

  /// Does all of it. Throws for what the recipe gets wrong; a cell that fails does not stop the others.
  public func execute() throws(DSXError) -> NightOutcome {
    let (began, start) = (options.now(), options.clock())
    try checkName()
    var cells = try prepare()
    let identity = identity(cells)
    // Two at once would write the same files.
    let lock = try NightLock(folder)
    defer { lock.release() }
    let night = NightFolder(path: folder)
    var head: NightFolder.Head
    switch try night.inspect(identity: identity, overwrite: options.overwrite) {
    case .finished(let known, let report):
      if let outcome = try finished(known, report, night, &cells) { return outcome }
      head = known
    case .begun(let known): head = known
    case .free:
      head = NightFolder.Head(
        run: run, recipe: recipe.name, identity: identity, baseline: try baseline(),
        started: began)
      try night.begin(head)
    }
    try evaluate(&cells, night, start)
    var (report, gates) = try NightReportMaker(
      recipe: recipe, options: options, head: head, cells: cells, historyPath: historyPath
    ).report(into: folder)
    let seconds = options.clock() - start
    report.runtime = runtime(head, cells, seconds)
    try publish(report, cells, night)
    return try record(head, cells, report, gates, night, seconds)
  }

  func checkName() throws(DSXError) {
    guard FilePath.isPlainName(options.night), Recipe.plain(options.night) == options.night else {
      throw DSXError(
        .usage, "the night's name '\(options.night)' cannot be a folder's",
        hint: "letters, digits, '.', '_' and '-' only")
    }
  }

  /// What decides the cells' numbers. What is wrong with the recipe is an error; what is broken tonight
  /// belongs to its cell.
  func prepare() throws(DSXError) -> [Cell] {
    var cells: [Cell] = []
    for cell in recipe.cells {
      var one = Cell(cell: cell)
      do throws(DSXError) { one.facts = try executor.facts(cell, recipe) } catch {
        guard error.code.exitCode != .usage, error.code.exitCode != .internal else { throw error }
        one.error = error
      }
      cells.append(one)
    }
    try recipe.checkGates(cells.map { ($0.cell, $0.facts) })
    return cells
  }

  func identity(_ cells: [Cell]) -> String {
    var text = options.tool + "\n" + recipe.hash + "\n"
    for cell in cells {
      text += cell.cell.key + " " + (cell.facts?.identity ?? "unknown") + "\n"
    }
    return SHA256.hex(text)
  }

  /// The id of the run, or the folder, to compare with; nil for none.
  func baseline() throws(DSXError) -> String? {
    switch recipe.baseline {
    case .none: return nil
    case .folder(let path):
      guard FilePath.isFolder(path) else {
        throw DSXError(
          .usage, "the baseline's folder is not there", file: path,
          hint: "baseline: last-green compares with the newest run that passed")
      }
      return path
    case .lastGreen:
      return try RunHistory.reading(historyPath)?.lastGreen(recipe: recipe.name, except: run)
    case .run(let id):
      guard let history = try RunHistory.reading(historyPath) else {
        throw DSXError(.usage, "the baseline '\(id)' is not known: there is no history yet")
      }
      let isWord = id == "last"
      let found = try history.resolve(
        id, recipe: isWord ? recipe.name : nil, except: isWord ? run : nil)
      guard found != run else {
        throw DSXError(
          .usage, "the baseline '\(id)' is the run itself",
          hint: "name an earlier run, or last-green: dsx runs list shows them")
      }
      return found
    }
  }

  /// The outcome of a run that was finished before; nil when its record in the history is missing.
  private func finished(
    _ head: NightFolder.Head, _ report: NightReport, _ night: NightFolder, _ cells: inout [Cell]
  ) throws(DSXError) -> NightOutcome? {
    // A run that lacks something is tried again: what was broken may work now.
    if report.cells.contains(where: { $0.status == .failed || $0.status == .missing }) {
      return nil
    }
    guard let known = try RunHistory.reading(historyPath)?.run(head.run),
      known.identity == head.identity
    else { return nil }
    // A run that died behind the history has not drawn the index.
    return NightOutcome(
      run: head.run, folder: folder, report: report, wasFinished: true, warnings: writeIndex(),
      pruned: [])
  }

  private func evaluate(_ cells: inout [Cell], _ night: NightFolder, _ start: Double)
    throws(DSXError)
  {
    for index in cells.indices {
      guard let facts = cells[index].facts else { continue }
      let cell = cells[index].cell
      let path = night.path(cell.key)
      if let done = try? CellFolder(path), done.report.identity == facts.identity {
        AtomicFolder.clearLeftovers(of: [path, FilePath.join(path, "report.json")])
        cells[index].folder = done
        continue
      }
      if let timeout = recipe.timeout, options.clock() - start > timeout { continue }
      if !options.fresh, let earlier = try reusable(facts) {
        try? FilePath.removeTree(path)
        try NightFolder.reuse(earlier, as: path)
        cells[index].wasReused = true
      }
      let begin = options.clock() - start
      do throws(DSXError) {
        if !cells[index].wasReused {
          try executor.run(
            cell, facts, recipe, into: path, workers: recipe.threads ?? options.workers,
            progress: progress)
        }
        guard let done = try CellFolder(path) else {
          throw DSXError(.internal, "the cell left no report", file: path)
        }
        cells[index].folder = done
      } catch { cells[index].error = error }
      if parts == nil { cells[index].span = (begin, options.clock() - start) }
    }
  }

  /// The folder of the same cell in an earlier run.
  func reusable(_ facts: CellFacts) throws(DSXError) -> String? {
    guard
      let found = try RunHistory.reading(historyPath)?.cell(identity: facts.identity, except: run)
    else { return nil }
    let path = FilePath.join(options.reports, found.folder)
    guard let cell = try? CellFolder(path), cell.report.identity == facts.identity, cell.isWhole
    else { return nil }
    return path
  }

  private func runtime(_ head: NightFolder.Head, _ cells: [Cell], _ seconds: Double)
    -> ReportRuntime
  {
    let reused = cells.filter(\.wasReused).map(\.cell.key).joined(separator: ", ")
    let facts = (parts ?? []) + (reused.isEmpty ? [] : [.init("reused", .string(reused))])
    let examples = cells.reduce(0) { sum, cell in
      sum + (cell.wasReused ? 0 : cell.folder?.report.counts.succeeded ?? 0)
    }
    return ReportRuntime(
      run: head.run, started: head.started, command: options.command, seconds: seconds,
      examplesPerSecond: seconds > 0 && parts == nil ? Double(examples) / seconds : nil,
      workers: recipe.threads ?? options.workers, host: HistoryLock.host(),
      shards: cells.compactMap { cell in
        guard let span = cell.span else { return nil }
        return ReportRuntime.Shard(
          name: cell.cell.key, worker: 0, start: span.start, end: span.end,
          status: cell.error == nil ? .done : .failed)
      },
      facts: facts.isEmpty ? nil : .object(facts))
  }

  private func publish(_ report: NightReport, _ cells: [Cell], _ night: NightFolder)
    throws(DSXError)
  {
    // The night's page leads to those of its cells.
    if recipe.reports.contains(.html) {
      for cell in cells {
        guard let done = cell.folder else { continue }
        let report = done.report.named(model: cell.cell.model.name)
        try ReportForm.write(.run(report), [.html], into: done.path)
      }
    }
    let any = AnyReport.night(report)
    try ReportForm.write(any, recipe.reports, into: night.path)
    // Last: what makes the run finished.
    try AtomicFolder.write(Array(ReportForm.source(any).utf8), to: night.path("report.json"))
  }
}
