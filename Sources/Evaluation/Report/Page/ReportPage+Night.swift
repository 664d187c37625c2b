internal import DSXCore
internal import Reports

extension ReportPage {
  /// Cells whose details are on the night's page; the others are a link.
  private static let detailed = 8
  /// Matrices on the night's page.
  private static let matrices = 2

  /// The page of a recipe's run.
  static func document(_ report: NightReport) -> ReportDocument {
    let lines = ReportLine.lines(report)
    var sections = [results(lines, report.comparison)]
    sections += changes(lines, report.runtime)
    sections += gates(report.gates)
    sections += flips(report.flips) { cell in cell.map { report.title(of: $0) } }
    sections += cellSections(report, lines)
    sections += moreTrends(lines, report.runtime)
    sections.append(cells(report))
    sections += running(report.runtime)
    sections.append(reproduce(report))
    return ReportDocument(
      title: title(report), facts: facts(report), verdict: report.verdict.map(verdict),
      tiles: countTiles(report.cells.compactMap { $0.report?.counts }, report.flips)
        + runTiles(report.runtime), sections: sections, footer: footer(report.tool))
  }

  /// The short form, for a merge request.
  static func summary(_ report: NightReport) -> ReportDocument {
    var sections = [results(ReportLine.lines(report), report.comparison, isPlain: true)]
    sections += gates(report.gates, onlyProblems: true)
    sections += flips(report.flips, limit: 10) { cell in cell.map { report.title(of: $0) } }
    if report.cells.contains(where: { $0.status == .failed || $0.status == .missing }) {
      sections.append(cells(report))
    }
    if let command = report.runtime?.command {
      sections.append(ReportSection("Reproduce", panels: [Panel([.command(command)])]))
    }
    return ReportDocument(
      title: title(report), facts: facts(report), verdict: report.verdict.map(verdict),
      sections: sections, footer: footer(report.tool))
  }

  static func title(_ report: NightReport) -> String {
    let name = report.recipe["name"]?.string ?? "recipe"
    let models = report.modelNames
    return models.count == 1 ? "\(name) · \(models[0])" : name
  }

  private static func facts(_ report: NightReport) -> [String] {
    var facts: [String] = []
    if let words = report.recipe["description"]?.string, !words.isEmpty { facts.append(words) }
    return facts + runFacts(report.runtime, report.tool)
  }

  /// Details of cells, those with the worst result first.
  private static func cellSections(_ report: NightReport, _ lines: [ReportLine])
    -> [ReportSection]
  {
    var order: [String] = []
    for line in ReportLine.sorted(lines) {
      if let cell = line.cell, !order.contains(cell) { order.append(cell) }
    }
    var left = matrices
    var sections: [ReportSection] = []
    for name in order where sections.count < detailed {
      guard let cell = report.cells.first(where: { $0.cell == name }), let run = cell.report else {
        continue
      }
      let takesMatrix = run.confusion != nil && left > 0
      let panels = labels(run, withMatrix: takesMatrix) + numbers(run, limit: 4)
      guard !panels.isEmpty else { continue }
      if takesMatrix { left -= 1 }
      sections.append(ReportSection(report.title(of: name), panels: panels))
    }
    return sections
  }

  /// What became of every cell, with the way to its own page.
  private static func cells(_ report: NightReport) -> ReportSection {
    var table = Table(
      columns: [
        .words("cell"), .words("what"), .numbers("examples"), .numbers("failed"),
        .numbers("skipped"), .numbers("missing"), .words("task"),
      ],
      rows: report.cells.map { cell in
        let counts = cell.report?.counts
        let pill: (Status, String) =
          switch cell.status {
          case .done: (.good, "done")
          case .reused: (.neutral, "reused")
          case .failed: (.bad, "failed")
          case .missing: (.warning, "missing")
          }
        let link = cell.folder.map { $0 + "/report.html" }
        return [
          Table.Cell(cell.cell, link: link), .pill(pill.0, pill.1),
          .count(counts?.succeeded ?? 0), .count(counts?.failed ?? 0),
          .count(counts?.skipped ?? 0), .count(counts?.missing ?? 0),
          Table.Cell(cell.error ?? cell.report?.task["request"]?.string ?? "", style: .muted),
        ]
      }, caption: "cells; each has a page of its own")
    table.isSortable = true
    table.isStacked = true
    return ReportSection(
      "Cells", lead: "One model on one data set each; a name leads to its own page.",
      panels: [Panel([.table(table)])])
  }

  private static func reproduce(_ report: NightReport) -> ReportSection {
    var panels: [Panel] = []
    if let command = report.runtime?.command {
      panels.append(Panel("Command", [.command(command)]))
    }
    panels.append(
      Panel("Recipe", width: .half, [.definitions(definitions(report.recipe, isCode: true))]))
    let machine = machine(report.runtime)
    if !machine.isEmpty { panels.append(Panel("Machine", width: .half, [.definitions(machine)])) }
    let hashes = Table(
      columns: [.words("cell"), .words("model"), .words("data"), .words("identity")],
      rows: report.cells.map { cell in
        let texts = [
          cell.report?.model["fingerprint"]?.string, cell.report?.dataset["fingerprint"]?.string,
          cell.report?.identity,
        ]
        return [Table.Cell(cell.cell)]
          + texts.map { Table.Cell(String(($0 ?? "").prefix(12)), style: .muted) }
      }, caption: "the first 12 digits of the hashes")
    panels.append(
      Panel(
        "Hashes", subtitle: "the first 12 digits; whole ones are in report.json", [.table(hashes)]))
    return ReportSection(
      "Reproduce",
      lead: "Two runs with the same identity give the same numbers: \(report.identity)",
      panels: panels)
  }
}
