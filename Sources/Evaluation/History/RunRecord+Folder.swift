public import DSXCore

extension RunRecord {
  /// The record of a finished run's folder, as its reports have it: a recipe's run, or one evaluation.
  ///
  /// `reports`: the folder that paths are relative to. Throws `malformed` for a folder without a report.
  public init(folder: String, reports: String) throws(DSXError) {
    let file = FilePath.join(folder, "report.json")
    guard FilePath.exists(file) else {
      throw DSXError(.malformed, "the folder holds no finished run", file: folder)
    }
    let name = FilePath.split(folder).name
    let inside = NightRunner.relative(folder, to: reports)
    switch try AnyReport(file: file) {
    case .run(let report):
      guard let cell = try CellFolder(folder) else {
        throw DSXError(.malformed, "the folder holds no finished run", file: folder)
      }
      self.init(
        id: name, recipe: "eval", started: report.runtime?.started ?? "",
        seconds: report.runtime?.seconds, tool: report.tool,
        verdict: cell.isWhole ? "passed" : "incomplete",
        headline: report.verdict?.headline ?? "", exitCode: cell.isWhole ? 0 : 5,
        identity: report.identity, folder: inside, host: report.runtime?.host)
      var record = try CellRecord(cell, key: "", path: inside)
      record.key = Recipe.plain(record.model) + "--" + Recipe.plain(record.dataset)
      cells = [record]
    case .night(let report):
      let head = try? JSONParser.parse(file: FilePath.join(folder, "run.json"))
      let verdict = report.verdict
      self.init(
        id: head?["run"]?.string ?? report.runtime?.run ?? name,
        recipe: report.recipe["name"]?.string ?? name,
        recipeHash: report.recipe["hash"]?.string,
        started: head?["started"]?.string ?? report.runtime?.started ?? "",
        seconds: report.runtime?.seconds, tool: report.tool,
        verdict: verdict?.status == .ungated ? "passed" : verdict?.status.rawValue ?? "incomplete",
        headline: verdict?.headline ?? "", exitCode: verdict?.exitCode ?? 5,
        baseline: head?["baseline"]?.string, identity: report.identity, folder: inside,
        host: report.runtime?.host)
      for cell in report.cells {
        let path = cell.folder ?? cell.cell
        if let done = try CellFolder(FilePath.join(folder, path)) {
          cells.append(
            try CellRecord(done, key: cell.cell, path: FilePath.join(inside, path)))
        } else {
          cells.append(
            CellRecord(
              key: cell.cell, model: "", modelFingerprint: "", dataset: "", version: "",
              subset: "", split: "", datasetFingerprint: "", task: "", identity: "",
              status: "failed"))
        }
      }
      gates = report.gates.map { gate in
        let change = report.comparison?.metrics.first {
          $0.cell == gate.cell && $0.metric == gate.metric
        }
        let outcome = GateOutcome.allCases.first { $0.reported == gate.outcome }
        return GateRecord(
          cell: gate.cell ?? "", model: "", dataset: "", metric: gate.metric,
          outcome: (outcome ?? .cannotTell).rawValue, passed: gate.status != .failed,
          isRequired: gate.isRequired, test: gate.test, examples: change?.count,
          units: change?.clusters ?? change?.count, baseline: change?.baselineValue,
          value: gate.value, difference: gate.delta, low: change?.interval?.low,
          high: change?.interval?.high, standardError: change?.deltaError, pValue: gate.p,
          adjusted: gate.adjustedP, detectable: gate.detectable, reason: gate.sentence)
      }
      artifacts = try NightFolder(path: folder).artifacts()
    }
  }
}
