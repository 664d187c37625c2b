internal import DSXCore
internal import Reports

extension ReportIndex {
  /// Nights of a grid and of trends.
  private static let nights = 30
  /// Runs that may be put side by side.
  private static let rows = 40

  /// What a group of runs shows: days, gates, trends, numbers.
  func sections(_ group: Group) -> [ReportSection] {
    var panels: [Panel] = []
    let days = group.runs.filter { !$0.started.isEmpty }.map { run in
      let verdict = ReportPage.verdict(run.verdict)
      return CalendarMap.Day(
        date: run.day, status: verdict.status, words: verdict.headline, link: run.link)
    }
    if !days.isEmpty {
      panels.append(
        Panel(
          "Days", subtitle: "a column a week; the sign leads to the night's page", width: .half,
          [.calendar(CalendarMap(days: days, summary: "verdicts of \(group.title) by day"))]))
    }
    if let last = group.runs.last, !days.isEmpty {
      let table = ReportPage.gatesTable(last.gates, onlyProblems: true, withDetectable: false)
      var blocks: [Block] = [.paragraph("\(last.verdict.headline). \(last.verdict.sentence)")]
      if !table.rows.isEmpty { blocks.append(.table(table)) }
      panels.append(Panel("The last one: \(last.name)", subtitle: last.day, width: .half, blocks))
    }
    let grid = grid(group)
    if !grid.rows.isEmpty {
      panels.append(
        Panel(
          "Gates by night", subtitle: "newest night on the right",
          [.grid(grid)]))
    }
    panels += trends(group)
    if group.runs.count > 1 {
      panels.append(
        Panel(
          "Numbers", subtitle: "newest first; any two can be put side by side",
          [.table(numbers(group))]))
    }
    return panels.isEmpty ? [] : [ReportSection(group.title, panels: panels)]
  }

  private func grid(_ group: Group) -> StatusGrid {
    let runs = group.runs.suffix(Self.nights)
    var names: [String] = []
    // The newest night's order first; gates of older nights after them.
    for run in runs.reversed() {
      for gate in run.gates where !names.contains(gate.name) { names.append(gate.name) }
    }
    let rows = names.map { name in
      StatusGrid.Row(
        name,
        runs.map { run in
          run.gates.first { $0.name == name }.map { gate in
            let pill = ReportLine.pill(gate)
            return StatusGrid.Cell(pill.status, pill.text)
          }
        })
    }
    let columns = runs.map { run in
      StatusGrid.Column(
        run.started.isEmpty ? String(run.name.suffix(4)) : String(run.day.suffix(2)),
        note: "\(run.day), run \(run.name)", link: run.link)
    }
    return StatusGrid(
      columns: columns, rows: rows, summary: "gates of \(group.title) over \(columns.count) nights")
  }

  /// One a metric, those with gates first.
  private func trends(_ group: Group) -> [Panel] {
    guard let last = group.runs.last, group.runs.count > 1 else { return [] }
    let runs = group.runs.suffix(Self.nights)
    let lines = last.lines
    let ordered = lines.filter { $0.gate != nil } + lines.filter { $0.gate == nil }
    return ordered.prefix(8).compactMap { line in
      var before: Entry?
      let points = runs.map { run -> TrendChart.Point in
        let same = run.lines.first {
          $0.cell == line.cell && $0.result.metric == line.result.metric
        }
        let changed = before.map { changes($0, run, line.cell) } ?? []
        before = run
        return TrendChart.Point(
          run.day, same?.result.value, margin: same?.result.standardError.map { 1.96 * $0 },
          ends: same?.result.interval?.ends,
          changed: changed, status: same?.pill?.status ?? .neutral)
      }
      guard points.contains(where: { $0.value?.isFinite ?? false }) else { return nil }
      var chart = TrendChart(
        points: points, baseline: line.change?.baselineValue, name: line.result.metric,
        summary: "\(line.name) over \(points.count) runs.")
      chart.range = line.range
      return Panel(
        line.name, subtitle: line.result.higherIsBetter ? "higher is better" : "lower is better",
        width: .half, [.trend(chart)])
    }
  }

  /// What is another between two runs, as far as fingerprints tell.
  private func changes(_ before: Entry, _ now: Entry, _ cell: String?) -> [String] {
    guard let old = before.run(cell), let new = now.run(cell) else { return [] }
    var changed: [String] = []
    if old.model["fingerprint"] != new.model["fingerprint"] { changed.append("model") }
    if old.dataset["fingerprint"] != new.dataset["fingerprint"] { changed.append("data") }
    if old.tool != new.tool { changed.append("tool") }
    if old.task != new.task { changed.append("task") }
    if old.settings != new.settings { changed.append("settings") }
    return changed
  }

  /// A row a run, a column a metric.
  private func numbers(_ group: Group) -> Table {
    let runs = group.runs.suffix(Self.rows).reversed()
    var keys: [(cell: String?, metric: String, title: String)] = []
    for run in runs {
      for line in run.lines
      where !keys.contains(where: { $0.cell == line.cell && $0.metric == line.result.metric }) {
        keys.append(
          (line.cell, line.result.metric, group.isRecipe ? line.name : line.result.metric))
      }
    }
    var table = Table(
      columns: [.words("run"), .words("verdict")] + keys.map { .numbers($0.title) },
      rows: runs.map { run in
        let verdict = ReportPage.verdict(run.verdict)
        let lines = run.lines
        let values = keys.map { key -> Table.Cell in
          guard
            let line = lines.first(where: {
              $0.cell == key.cell && $0.result.metric == key.metric
            })
          else { return Table.Cell("", order: .nan) }
          return Table.Cell(
            ReportNumber(line.result.json).value, order: line.result.value ?? .nan)
        }
        return [
          Table.Cell(run.name, note: run.started.isEmpty ? nil : run.day, link: run.link),
          .pill(verdict.status, run.verdict.status.rawValue),
        ] + values
      }, caption: "runs of \(group.title), newest first")
    table.isSortable = true
    table.isComparable = true
    return table
  }
}

extension ReportIndex.Entry {
  /// The run of a cell, or the run itself.
  func run(_ cell: String?) -> RunReport? {
    switch report {
    case .run(let run): run
    case .night(let night): night.cells.first { $0.cell == cell }?.report
    }
  }
}
