internal import DSXCore
internal import Metrics
internal import Reports

/// One metric of one cell with everything that a reader wants to know of it: a row of the results.
struct ReportLine {
  /// The cell, in a night's report.
  var cell: String?
  var model: String
  var dataset: String
  var result: ReportResult
  var change: MetricChange?
  var gate: ReportGate?
  var series: MetricSeries?
  /// The cell for readers, where the data set alone does not tell it.
  var title: String?

  /// Data set and metric, e.g. `tnews accuracy`.
  var name: String { "\(title ?? dataset) \(result.metric)" }

  /// The metric with an arrow for the better direction.
  var metricTitle: String { result.metric + (result.higherIsBetter ? "\u{a0}↑" : "\u{a0}↓") }

  /// The baseline's value to the digits of its own error: this run's may be of another size. Where the
  /// baseline's error is not known, this run's, but never so few digits that less than three are left.
  var baselineText: String {
    guard let change, let value = change.baselineValue else { return NumberFormat.missing }
    if let error = change.baselineError { return ReportNumber.text(value, error: error) }
    let error = result.standardError.map { min($0, abs(value) * 0.01) }
    return ReportNumber.text(value, error: error.flatMap { $0 > 0 ? $0 : nil })
  }

  /// The values that the metric can take, where its name tells it: axes and bands end there.
  var range: ClosedRange<Double> {
    (try? Builtins.registry().find(result.metric))?.range ?? -.infinity ... .infinity
  }

  /// The standard error of the change.
  var changeError: Double? {
    if let error = change?.deltaError, error.isFinite, error > 0 { return error }
    guard let interval = change?.interval else { return nil }
    let error = (interval.high - interval.low) / (2 * 1.96)
    return error.isFinite && error > 0 ? error : nil
  }

  /// The change in standard errors, positive for the better.
  var scaledChange: Double? {
    guard let delta = change?.delta, delta.isFinite, let error = changeError else { return nil }
    return (result.higherIsBetter ? 1 : -1) * delta / error
  }

  /// What the gate said, or without a gate the test: never made from the numbers here.
  var pill: (status: Status, text: String)? {
    if let gate { return Self.pill(gate) }
    return change.map { Self.pill($0.outcome) }
  }

  static func pill(_ gate: ReportGate) -> (status: Status, text: String) {
    switch gate.status {
    case .incomplete: (.warning, "incomplete")
    case .failed:
      (
        .bad,
        gate.outcome == .worse ? "worse" : gate.floor == nil ? "cannot tell" : "under floor"
      )
    case .passed: gate.outcome.map(Self.pill) ?? (.good, "floor held")
    }
  }

  static func pill(_ outcome: ReportOutcome) -> (status: Status, text: String) {
    switch outcome {
    case .better: (.good, "better")
    case .same: (.neutral, "same")
    case .worse: (.bad, "worse")
    case .cannotTell: (.unsure, "cannot tell")
    }
  }

  /// The worse, the smaller; of equal ones those with a gate first.
  var rank: Int {
    if let gate {
      if gate.status == .failed { return gate.isRequired ? 0 : 1 }
      if gate.status == .incomplete { return 2 }
    }
    let further = gate == nil ? 1 : 0
    return switch gate?.outcome ?? change?.outcome {
    case .worse: 4 + further
    case .cannotTell: 6 + further
    case .same: 8 + further
    case .better: 10 + further
    case nil: 12 + further
    }
  }

  /// Worst first: by what the tests say, then by the change in its own errors, then as they were.
  static func sorted(_ lines: [ReportLine]) -> [ReportLine] {
    lines.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.rank != second.rank { return first.rank < second.rank }
      let (one, two) = (first.scaledChange ?? .infinity, second.scaledChange ?? .infinity)
      return one != two ? one < two : left.offset < right.offset
    }.map(\.element)
  }
}

extension ReportLine {
  /// Of several gates on one metric the one that matters most; all of them are in the gates' table.
  private static func worst(_ gates: [ReportGate]) -> ReportGate? {
    func weight(_ gate: ReportGate) -> Int {
      switch gate.status {
      case .failed: gate.isRequired ? 0 : 1
      case .incomplete: 2
      case .passed: 3
      }
    }
    // The first of equals.
    return gates.enumerated().min {
      (weight($0.element), $0.offset) < (weight($1.element), $1.offset)
    }?.element
  }

  /// The lines of a run.
  static func lines(_ report: RunReport) -> [ReportLine] {
    report.results.map { result in
      ReportLine(
        cell: nil, model: report.modelName, dataset: report.datasetName, result: result,
        change: report.comparison?.metrics.first { $0.metric == result.metric },
        gate: worst(report.gates.filter { $0.metric == result.metric }),
        series: report.history.first { $0.metric == result.metric })
    }
  }

  /// The lines of a night, in the order of its cells.
  static func lines(_ report: NightReport) -> [ReportLine] {
    report.cells.flatMap { cell -> [ReportLine] in
      guard let run = cell.report else { return [] }
      let title = report.title(of: cell.cell)
      return run.results.map { result in
        ReportLine(
          cell: cell.cell, model: run.modelName,
          dataset: title == cell.cell ? title : run.datasetName, result: result,
          change: report.comparison?.metrics.first {
            $0.cell == cell.cell && $0.metric == result.metric
          },
          gate: worst(
            report.gates.filter { $0.cell == cell.cell && $0.metric == result.metric }),
          series: report.history.first {
            $0.cell == cell.cell && $0.metric == result.metric
          }, title: title)
      }
    }
  }
}

extension RunReport {
  var modelName: String { model["name"]?.string ?? "?" }
  var datasetName: String { dataset["name"]?.string ?? "?" }
}

extension NightReport {
  /// The models, in order, once each.
  var modelNames: [String] {
    var names: [String] = []
    for cell in cells {
      if let name = cell.report?.modelName, !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// A cell's name for readers: its data set, with the model where two cells share the data set.
  func title(of name: String) -> String {
    guard let report = cells.first(where: { $0.cell == name })?.report else { return name }
    let same = cells.filter { $0.report?.datasetName == report.datasetName }
    if same.count == 1 { return report.datasetName }
    let models = Set(same.compactMap { $0.report?.modelName })
    // Two cells of one model and one data set differ in their settings: only the cell's name tells.
    return models.count == same.count ? "\(report.datasetName) · \(report.modelName)" : name
  }
}
