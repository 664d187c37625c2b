internal import DSXCore
internal import Metrics

/// Makes a night's report from its cells, the baseline and the history.
struct NightReportMaker {
  let recipe: Recipe
  let options: NightOptions
  let head: NightFolder.Head
  let cells: [NightRunner.Cell]
  let historyPath: String

  /// Flips that the report itself shows; flips.jsonl has all.
  static let shownFlips = 50
  /// Earlier runs in a trend.
  static let shownRuns = 30

  /// A cell beside the baseline's.
  struct Compared {
    let cell: NightRunner.Cell
    var baseline: BaselineSource.Cell?
    var comparison: CellComparison?
    /// Why there is no comparison.
    var obstacle: String?
    /// Whether there is nothing to compare with because the cell is new.
    var isFirst = false
    /// What is wrong with the cell's own examples.
    var lack: String?
  }

  /// The report without `runtime`; writes `flips.jsonl` into the folder when there are flips.
  func report(into folder: String) throws(DSXError) -> (report: NightReport, gates: [GateResult]) {
    let baseline = try BaselineSource(head.baseline, history: historyPath)
    var compared: [Compared] = []
    for cell in cells { compared.append(try compare(cell, baseline)) }
    var report = NightReport(
      identity: head.identity, tool: options.tool,
      recipe: .object(
        [.init("name", .string(recipe.name))]
          + (recipe.description.isEmpty
            ? [] : [.init("description", .string(recipe.description))])
          + [.init("hash", .string(recipe.hash)), .init("baseline", .string(recipe.baseline.text))]
      ), cells: cells.map(Self.cell))
    let gates = GateJudge.judge(try gateCases(compared, baseline), recipe.gateSettings)
    if let baseline {
      let others = GateJudge.judge(try otherCases(compared), recipe.gateSettings)
      report.comparison = comparison(compared, baseline, gates + others)
      let flips = try FlipFinder.flips(compared, into: folder)
      report.flips = flips
    }
    report.history = try history()
    let severalModels = Set(cells.map(\.cell.model.name)).count > 1
    report.gates = gates.map { gate($0, severalModels) }
    report.verdict = verdict(
      gates, lacks: compared.compactMap(\.lack), hasBaseline: baseline != nil)
    return (report, gates)
  }

  private func compare(_ cell: NightRunner.Cell, _ baseline: BaselineSource?) throws(DSXError)
    -> Compared
  {
    var one = Compared(cell: cell)
    guard let folder = cell.folder else {
      one.obstacle = cell.error == nil ? "the cell was not reached" : "the cell failed"
      return one
    }
    guard let baseline else {
      one.obstacle = "there is no earlier run to compare with"
      one.isFirst = true
      return one
    }
    do throws(DSXError) { try compare(&one, folder, baseline) } catch {
      guard error.code.exitCode != .usage, error.code.exitCode != .internal else { throw error }
      let place = error.location.file.map { ", in " + $0 } ?? ""
      let line = error.location.line.map { " line \($0)" } ?? ""
      one.obstacle = "the examples cannot be compared: " + error.message + place + line
      // Numbers of this very run that cannot be read must not become a baseline.
      if error.location.file?.hasPrefix(folder.path) == true {
        one.lack = "the cell \(cell.cell.key) is broken: \(error.message)\(place)\(line)"
      }
    }
    return one
  }

  private func compare(_ one: inout Compared, _ folder: CellFolder, _ baseline: BaselineSource)
    throws(DSXError)
  {
    guard let earlier = try baseline.cell(one.cell.cell.key) else {
      one.obstacle = "the run \(baseline.name) has no such cell"
      one.isFirst = true
      return
    }
    one.baseline = earlier
    let now = try folder.examples()
    let hasHashes =
      earlier.examples.hashes.values.contains { $0.input != nil }
      && now.hashes.values.contains { $0.input != nil }
    if !hasHashes, earlier.datasetFingerprint != one.cell.facts?.datasetFingerprint {
      one.obstacle = "the data set is another than in the run \(baseline.name)"
      return
    }
    do throws(DSXError) {
      one.comparison = try CellComparison(before: earlier.examples, now: now)
    } catch {
      guard error.code == .nothingToDo || error.code == .unsupported else { throw error }
      one.obstacle = error.message
    }
  }

  private func gateCases(_ compared: [Compared], _ baseline: BaselineSource?) throws(DSXError)
    -> [GateCase]
  {
    var cases: [GateCase] = []
    for rule in recipe.gates {
      for one in compared where rule.covers(one.cell.cell) {
        // A gate on all cells is one on those that have the metric.
        if let facts = one.cell.facts, !facts.metrics.contains(rule.metric) { continue }
        cases.append(try gateCase(one, rule))
      }
    }
    return cases
  }

  /// The metrics that no gate is about: compared all the same, and corrected among themselves.
  private func otherCases(_ compared: [Compared]) throws(DSXError) -> [GateCase] {
    var cases: [GateCase] = []
    for one in compared {
      guard let comparison = one.comparison else { continue }
      for metric in comparison.metrics {
        let isGated = recipe.gates.contains {
          $0.covers(one.cell.cell) && $0.metric == metric.key
        }
        if !isGated {
          cases.append(try gateCase(one, GateRule(metric: metric.key, isRequired: false)))
        }
      }
    }
    return cases
  }

  private func gateCase(_ one: Compared, _ rule: GateRule) throws(DSXError) -> GateCase {
    let result = one.cell.folder?.report.results.first { $0.metric == rule.metric }
    var (evidence, obstacle): (PairedEvidence?, String?) = (nil, one.obstacle)
    if let comparison = one.comparison {
      do throws(DSXError) {
        (evidence, obstacle) = try comparison.evidence(
          rule.metric, test: rule.test, settings: recipe.gateSettings)
      } catch {
        guard error.code.exitCode != .usage, error.code.exitCode != .internal else { throw error }
        obstacle = "the examples cannot be compared: " + error.message
      }
    }
    let entry = try? Builtins.registry().find(rule.metric)
    return GateCase(
      rule: rule, cell: one.cell.cell.key, model: one.cell.cell.model.name,
      dataset: one.cell.cell.dataset.name, unit: result?.unit ?? entry?.unit ?? "",
      higherIsBetter: result?.higherIsBetter ?? entry?.higherIsBetter ?? true,
      value: result?.value, evidence: evidence, obstacle: obstacle,
      isFirst: one.isFirst)
  }

  private func comparison(
    _ compared: [Compared], _ baseline: BaselineSource, _ results: [GateResult]
  ) -> ReportComparison {
    var changes: [MetricChange] = []
    for one in compared {
      for result in results where result.question.cell == one.cell.cell.key {
        let metric = result.question.rule.metric
        guard !changes.contains(where: { $0.cell == one.cell.cell.key && $0.metric == metric })
        else { continue }
        let evidence = result.question.evidence
        let earlier = one.baseline?.results.first { $0.metric == metric }
        changes.append(
          MetricChange(
            cell: one.cell.cell.key, metric: metric,
            baselineValue: evidence?.baseline ?? earlier?.value,
            baselineError: earlier?.standardError, delta: evidence?.difference,
            deltaError: evidence?.standardError,
            interval: evidence?.interval.map {
              ReportInterval(low: $0.low, high: $0.high, level: $0.level, method: $0.method)
            }, p: evidence?.pValue, adjustedP: result.adjusted, test: evidence?.method,
            count: evidence?.examples,
            clusters: evidence.flatMap { $0.units < $0.examples ? $0.units : nil },
            outcome: result.outcome.reported, detectable: result.detectable))
      }
    }
    let comparisons = compared.compactMap(\.comparison)
    return ReportComparison(
      baseline: ReportBaseline(
        run: baseline.name, chosen: recipe.baseline.text, identity: baseline.identity),
      metrics: changes, shared: comparisons.reduce(0) { $0 + $1.ids.count },
      onlyHere: comparisons.reduce(0) { $0 + $1.onlyNow.count + $1.changed.count },
      onlyBaseline: comparisons.reduce(0) { $0 + $1.onlyBefore.count + $1.changed.count })
  }

  private func gate(_ result: GateResult, _ severalModels: Bool) -> ReportGate {
    let (question, evidence) = (result.question, result.question.evidence)
    let rule = question.rule
    // Without a value there is nothing to judge; without a comparison the gate cannot tell, and passes.
    let isOpen = question.value == nil
    let status: ReportGate.Status = !result.passed ? .failed : isOpen ? .incomplete : .passed
    return ReportGate(
      name: result.name(withModel: severalModels), cell: question.cell, metric: rule.metric,
      isRequired: rule.isRequired, status: status, outcome: result.outcome.reported,
      sentence: result.reason, test: evidence?.method, alpha: recipe.gateSettings.alpha,
      minimumEffect: rule.minimumEffect > 0 ? rule.minimumEffect : nil, floor: rule.hardFloor,
      value: question.value, delta: evidence?.difference, p: evidence?.pValue,
      adjustedP: result.adjusted, detectable: result.detectable)
  }

  private func verdict(_ gates: [GateResult], lacks: [String], hasBaseline: Bool)
    -> ReportVerdict
  {
    let missing = (recipe.acceptsIncomplete ? [] : cells.compactMap(\.lack)) + lacks
    let verdict = RunVerdict(gates, missing: missing, hasBaseline: hasBaseline)
    let status: ReportVerdict.Status =
      switch verdict.status {
      case .passed: gates.isEmpty ? .ungated : .passed
      case .failed: .failed
      case .incomplete: .incomplete
      }
    return ReportVerdict(
      status: status, headline: verdict.headline, sentence: verdict.detail,
      exitCode: Int(verdict.exitCode.rawValue))
  }

  /// The trends of every metric over the earlier runs of the recipe.
  private func history() throws(DSXError) -> [MetricSeries] {
    guard let history = try RunHistory.reading(historyPath) else { return [] }
    var series: [MetricSeries] = []
    for cell in cells {
      let key = cell.cell.key
      let points = try history.trend(
        recipe: recipe.name, cell: key, limit: Self.shownRuns, except: head.run)
      for result in cell.folder?.report.results ?? [] {
        let own = points.filter { $0.metric == result.metric }
        guard let last = own.last else { continue }
        series.append(
          MetricSeries(
            cell: key, metric: result.metric, points: Self.points(own),
            changedNow: Self.changes(
              from: (last.modelFingerprint, last.datasetFingerprint, last.tool),
              to: (
                cell.facts?.modelFingerprint ?? "", cell.facts?.datasetFingerprint ?? "",
                options.tool
              ))))
      }
    }
    return series
  }

  static func points(_ trend: [RunHistory.TrendPoint]) -> [MetricSeries.Point] {
    trend.enumerated().map { place, point in
      let before = place > 0 ? trend[place - 1] : point
      return MetricSeries.Point(
        run: point.run, date: String(decoding: point.started.utf8.prefix(10), as: UTF8.self),
        value: point.value, standardError: point.standardError, interval: point.interval,
        outcome: point.gate.flatMap { GateOutcome(rawValue: $0)?.reported },
        changed: changes(
          from: (before.modelFingerprint, before.datasetFingerprint, before.tool),
          to: (point.modelFingerprint, point.datasetFingerprint, point.tool)))
    }
  }

  private static func changes(
    from: (model: String, data: String, tool: String),
    to: (model: String, data: String, tool: String)
  ) -> [String] {
    var changes: [String] = []
    if from.model != to.model { changes.append("model") }
    if from.data != to.data { changes.append("data") }
    if from.tool != to.tool { changes.append("tool") }
    return changes
  }

  private static func cell(_ cell: NightRunner.Cell) -> NightReport.Cell {
    if let folder = cell.folder {
      var report = folder.report.named(model: cell.cell.model.name)
      report.runtime = nil
      return NightReport.Cell(
        cell: cell.cell.key, folder: cell.cell.key, status: .done, report: report)
    }
    return NightReport.Cell(
      cell: cell.cell.key, status: cell.error == nil ? .missing : .failed,
      error: cell.error?.message, report: nil)
  }
}

extension GateOutcome {
  /// The same word in report.json.
  var reported: ReportOutcome {
    switch self {
    case .better: .better
    case .same: .same
    case .worse: .worse
    case .cannotTell: .cannotTell
    }
  }
}
