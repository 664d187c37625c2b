internal import DSXCore
internal import Reports

/// The results for other programs.
enum ReportTables {
  /// Every number in full, one row a metric, in the order of the report.
  static func flat(_ lines: [ReportLine]) -> Table {
    func number(_ value: Double?) -> Table.Cell {
      guard let value, !value.isNaN else { return "" }
      return Table.Cell(value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)")
    }
    func text(_ value: String?) -> Table.Cell { Table.Cell(value ?? "") }
    let columns = [
      "cell", "model", "dataset", "metric", "value", "unit", "standard_error", "low", "high",
      "level", "n", "higher_is_better", "baseline_value", "delta", "delta_standard_error",
      "delta_low", "delta_high", "p", "p_adjusted", "test", "verdict",
      "smallest_detectable_change", "gate", "gate_status", "required", "signature",
    ]
    let rows = lines.map { line -> [Table.Cell] in
      let (result, change, gate) = (line.result, line.change, line.gate)
      var row = [
        text(line.cell), text(line.model), text(line.dataset), text(result.metric),
        number(result.value), text(result.unit), number(result.standardError),
        number(result.interval?.low), number(result.interval?.high),
        number(result.interval?.level),
      ]
      row += [
        Table.Cell("\(result.count)"), Table.Cell("\(result.higherIsBetter)"),
        number(change?.baselineValue), number(change?.delta), number(change?.deltaError),
        number(change?.interval?.low), number(change?.interval?.high), number(change?.p),
        number(change?.adjustedP),
      ]
      row += [
        text(change?.test), text(change?.outcome.rawValue), number(change?.detectable),
        text(gate?.name), text(gate?.status.rawValue), text(gate.map { "\($0.isRequired)" }),
        text(result.signature),
      ]
      return row
    }
    return Table(columns: columns.map { .words($0) }, rows: rows)
  }

  /// The results as a LaTeX table for a paper: booktabs, errors behind the values.
  static func latex(_ lines: [ReportLine], _ comparison: ReportComparison?) -> String {
    let isCompared = lines.contains { $0.change != nil }
    var columns: [Table.Column] = [
      .words("Model"), .words("Data set"), .words("Metric"), .numbers("Value"),
    ]
    if isCompared { columns += [.numbers("Baseline"), .numbers("Change"), .numbers("p")] }
    let rows = lines.map { line -> [Table.Cell] in
      let number = ReportNumber(line.result.json)
      var row = [
        Table.Cell(line.model), Table.Cell(line.dataset), Table.Cell(line.metricTitle),
        Table.Cell(number.value + (number.error.map { " ± " + $0 } ?? "")),
      ]
      if isCompared {
        let p = line.change?.adjustedP ?? line.change?.p
        row += [
          Table.Cell(line.baselineText),
          Table.Cell(ReportPage.changeText(line)),
          Table.Cell(p.map(NumberFormat.pValue) ?? NumberFormat.missing),
        ]
      }
      return row
    }
    var text = "% made by dsx from report.json; needs \\usepackage{booktabs}"
    let all = lines.map { $0.model + $0.dataset + $0.result.metric }.joined()
    text +=
      all.utf8.contains { $0 >= 0x80 } ? " and XeLaTeX or LuaLaTeX for its characters\n" : "\n"
    if let comparison {
      text += "% baseline: run \(LaTeXTable.escaped(comparison.baseline.run))\n"
    }
    return text
      + LaTeXTable.render(Table(columns: columns, rows: rows), rules: .booktabs, withNotes: true)
  }

  /// One case a gate; without gates one a cell (or run): whether every example was scored.
  static func junit(_ report: AnyReport) -> JUnitReport {
    let gates: [ReportGate]
    let runtime: ReportRuntime?
    let name: String
    var cases: [JUnitReport.Case]
    switch report {
    case .run(let run):
      (gates, runtime) = (run.gates, run.runtime)
      name = "\(run.datasetName) · \(run.modelName)"
      let verdict =
        run.verdict ?? .ungated(run.counts, limit: ReportPage.limit(run))
      cases = [
        JUnitReport.Case(
          name: "examples scored", group: name,
          outcome: verdict.status == .incomplete
            ? .error(sentence: verdict.headline, kind: "incomplete") : .passed)
      ]
    case .night(let night):
      (gates, runtime) = (night.gates, night.runtime)
      name = ReportPage.title(night)
      cases = night.cells.map { cell in
        let counts = cell.report?.counts
        let lost = (counts?.failed ?? 0) + (counts?.missing ?? 0)
        var outcome = JUnitReport.Outcome.passed
        if cell.status == .failed || cell.status == .missing {
          outcome = .error(
            sentence: cell.error ?? "the cell is missing", kind: cell.status.rawValue)
        } else if lost > 0 {
          let words = "\(lost) of \(counts?.requested ?? 0) examples failed or are missing"
          outcome = .error(sentence: words, kind: "incomplete")
        }
        return JUnitReport.Case(name: "examples scored", group: cell.cell, outcome: outcome)
      }
    }
    if !gates.isEmpty {
      cases = gates.map { gate in
        let pill = ReportLine.pill(gate)
        let outcome: JUnitReport.Outcome =
          switch gate.status {
          case .passed: .passed
          // A gate that is not required is told, and fails nothing.
          case _ where !gate.isRequired: .passed
          case .failed: .failed(sentence: gate.sentence, kind: pill.text)
          case .incomplete: .error(sentence: gate.sentence, kind: pill.text)
          }
        let told = outcome == .passed ? "\(pill.text): \(gate.sentence)" : nil
        return JUnitReport.Case(
          name: gate.name, group: gate.cell ?? name, outcome: outcome, output: told)
      }
    }
    return JUnitReport(
      name: name, cases: cases, timestamp: runtime?.started, seconds: runtime?.seconds)
  }
}
