internal import DSXCore
internal import Glibc

extension NightRunner {
  /// Writes the history, prunes, tells the notify command. What goes wrong after the report is published
  /// is a warning: the verdict stands.
  func record(
    _ head: NightFolder.Head, _ cells: [Cell], _ report: NightReport, _ gates: [GateResult],
    _ night: NightFolder, _ seconds: Double
  ) throws(DSXError) -> NightOutcome {
    var warnings: [String] = []
    let inside = Self.relative(folder, to: options.reports)
    let verdict = report.verdict
    var record = RunRecord(
      id: head.run, recipe: recipe.name, recipeHash: recipe.hash, started: head.started,
      seconds: seconds, tool: options.tool,
      verdict: verdict?.status == .ungated ? "passed" : verdict?.status.rawValue ?? "incomplete",
      headline: verdict?.headline ?? "", exitCode: verdict?.exitCode ?? 5,
      baseline: head.baseline, identity: head.identity, folder: inside,
      host: HistoryLock.host())
    for cell in cells {
      let path = FilePath.join(inside, cell.cell.key)
      if let done = cell.folder {
        var one = try CellRecord(done, key: cell.cell.key, path: path)
        // The recipe's names: what gates, trends and the next night look for.
        (one.model, one.dataset) = (cell.cell.model.name, cell.cell.dataset.name)
        if let span = cell.span, !cell.wasReused { one.seconds = span.end - span.start }
        record.cells.append(one)
      } else {
        record.cells.append(
          CellRecord(
            key: cell.cell.key, model: cell.cell.model.name,
            modelFingerprint: cell.facts?.modelFingerprint ?? "",
            dataset: cell.cell.dataset.name, version: cell.facts?.version ?? "",
            subset: cell.facts?.subset ?? "", split: cell.facts?.split ?? "",
            datasetFingerprint: cell.facts?.datasetFingerprint ?? "",
            task: cell.facts?.task ?? "", identity: cell.facts?.identity ?? "", status: "failed"))
      }
    }
    record.gates = gates.map { GateRecord($0) }
    record.artifacts = try night.artifacts()
    let history = try RunHistory.writing(historyPath)
    try history.record(record)
    var pruned: [String] = []
    if let keep = recipe.keep {
      do throws(DSXError) {
        pruned = try RunPruner.prune(
          history, keep, today: options.now(), recipe: recipe.name, folders: true)
      } catch { warnings.append("old runs could not be pruned: \(error.message)") }
    }
    try history.close()
    warnings += writeIndex()
    if let command = recipe.notify {
      let message = NotifyMessage.json(report, run: head.run, folder: folder)
      if let problem = NotifyCommand.run(command, message) { warnings.append(problem) }
    }
    return NightOutcome(
      run: head.run, folder: folder, report: report, wasFinished: false, warnings: warnings,
      pruned: pruned)
  }

  /// Draws the page of all reports; what went wrong.
  func writeIndex() -> [String] {
    do throws(DSXError) {
      let page = try ReportIndex(folder: options.reports)
      try AtomicFolder.write(
        Array(page.html.utf8), to: FilePath.join(options.reports, ReportIndex.fileName))
    } catch { return ["the index page could not be written: \(error.message)"] }
    return []
  }

  /// A path below the reports' folder without that folder's own path; others as absolute ones.
  static func relative(_ path: String, to folder: String) -> String {
    let (whole, base) = (absolute(path), absolute(folder))
    let prefix = base.utf8.last == UInt8(ascii: "/") ? base : base + "/"
    guard whole.utf8.starts(with: prefix.utf8) else { return whole }
    return String(decoding: whole.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
  }

  private static func absolute(_ path: String) -> String {
    guard path.utf8.first != UInt8(ascii: "/") else { return path }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4097) { buffer in
      guard let base = buffer.baseAddress, getcwd(base, 4096) != nil else { return path }
      let here = String(cString: base)
      return path == "." ? here : FilePath.join(here, path)
    }
  }
}
