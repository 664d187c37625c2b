internal import DSXCore
internal import Reports

extension ReportPage {
  /// The results, worst first; columns that no row fills are left out.
  static func resultsTable(_ lines: [ReportLine], isPlain: Bool = false) -> Table {
    let lines = ReportLine.sorted(lines)
    let isCompared = lines.contains { $0.change != nil }
    let hasHistory = !isPlain && lines.contains { !($0.series?.points.isEmpty ?? true) }
    let hasVerdicts = lines.contains { $0.pill != nil }
    let models = Set(lines.map(\.model))
    let datasets = Set(lines.map(\.dataset))
    var columns: [Table.Column] = []
    if models.count > 1 { columns.append(.words("model")) }
    if datasets.count > 1 { columns.append(.words("data set")) }
    columns += [.words("metric"), .numbers("value ± s.e.")]
    if isCompared {
      columns += [.numbers("baseline"), .numbers("change"), .numbers(pTitle(lines))]
    } else {
      columns += [.numbers("95 % interval"), .numbers("examples")]
    }
    if hasHistory { columns.append(.words("14 nights")) }
    if hasVerdicts { columns.append(.words("gate")) }
    // Per cent beside ratios would read as a hundred times as much.
    let hasUnits = Set(lines.compactMap(\.result.unit)).count > 1
    let rows = lines.map { line in
      var row: [Table.Cell] = []
      if models.count > 1 { row.append(Table.Cell(line.model)) }
      if datasets.count > 1 { row.append(Table.Cell(line.dataset)) }
      row.append(Table.Cell(line.metricTitle, note: hasUnits ? line.result.unit : nil))
      let number = ReportNumber(line.result.json)
      row.append(
        Table.Cell(
          number.value, note: number.error.map { "± " + $0 }, style: .strong,
          order: line.result.value ?? .nan))
      row += isCompared ? changeCells(line) : plainCells(line)
      if hasHistory { row.append(sparkCell(line)) }
      if hasVerdicts { row.append(gateCell(line)) }
      return row
    }
    var table = Table(
      columns: columns, rows: rows, caption: "results, ↑ higher is better, ↓ lower is better")
    table.isSortable = true
    table.isStacked = true
    return table
  }

  private static func pTitle(_ lines: [ReportLine]) -> String {
    lines.contains { $0.change?.adjustedP != nil } ? "p (Holm)" : "p"
  }

  private static func changeCells(_ line: ReportLine) -> [Table.Cell] {
    guard let change = line.change else { return ["", "", ""] }
    let p = change.adjustedP ?? change.p
    return [
      Table.Cell(line.baselineText, order: change.baselineValue ?? .nan),
      Table.Cell(changeText(line), order: line.scaledChange ?? .nan),
      Table.Cell(p.map(NumberFormat.pValue) ?? NumberFormat.missing, order: p ?? .nan),
    ]
  }

  private static func plainCells(_ line: ReportLine) -> [Table.Cell] {
    var words = NumberFormat.missing
    if let interval = line.result.interval {
      let low = ReportNumber.text(interval.low, error: line.result.standardError)
      let high = ReportNumber.text(interval.high, error: line.result.standardError)
      words = "\(low) to \(high)"
    }
    return [Table.Cell(words, style: .muted), .count(line.result.count)]
  }

  /// The change to the digits of its error, with its sign.
  static func changeText(_ line: ReportLine) -> String {
    guard let delta = line.change?.delta, delta.isFinite else { return NumberFormat.missing }
    // Errors of rounding alone would ask for a dozen digits.
    let least = abs(line.result.value ?? 0) * 1e-9
    let error = (line.changeError ?? line.result.standardError).flatMap { $0 > least ? $0 : nil }
    let text = ReportNumber.text(delta, error: error)
    let isZero = !text.utf8.contains { (0x31...0x39).contains($0) }
    return delta > 0 && !isZero
      ? "+" + text : isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  private static func sparkCell(_ line: ReportLine) -> Table.Cell {
    let earlier = (line.series?.points ?? []).suffix(13).map(\.value)
    guard !earlier.isEmpty else { return Table.Cell(NumberFormat.missing, style: .muted) }
    let values = earlier + [line.result.value]
    let first = values.compactMap { $0 }.first
    let words =
      "\(values.count) nights, from \(ReportNumber.text(first, error: line.result.standardError)) "
      + "to \(ReportNumber.text(line.result.value, error: line.result.standardError))"
    return Table.Cell(
      words, order: line.result.value ?? .nan,
      spark: Sparkline(values, status: line.pill?.status ?? .neutral))
  }

  private static func gateCell(_ line: ReportLine) -> Table.Cell {
    guard let pill = line.pill else { return Table.Cell(NumberFormat.missing, style: .muted) }
    let isOptional = line.gate?.isRequired == false
    return Table.Cell(
      pill.text, note: isOptional ? "optional" : nil, style: line.gate == nil ? .muted : .plain,
      status: pill.status, order: Double(line.rank))
  }

  /// Changes in their own errors.
  static func forest(_ lines: [ReportLine]) -> ForestPlot? {
    let rows = ReportLine.sorted(lines).compactMap { line -> ForestPlot.Row? in
      guard let change = line.change, let error = line.changeError, let scaled = line.scaledChange
      else { return nil }
      let pill = ReportLine.pill(change.outcome)
      let sign = line.result.higherIsBetter ? 1.0 : -1.0
      var ends = (scaled - 1.96, scaled + 1.96)
      if let interval = change.interval {
        ends = (sign * interval.low / error, sign * interval.high / error)
        if ends.0 > ends.1 { swap(&ends.0, &ends.1) }
      }
      let p = change.adjustedP ?? change.p
      let note =
        "\(changeText(line)), \(NumberFormat.signed(scaled, 1)) standard errors"
        + (p.map { ", p \(pWords($0))" } ?? "") + ", \(pill.text)"
      return ForestPlot.Row(
        label: line.name, change: scaled, low: ends.0, high: ends.1, status: pill.status,
        outcome: pill.text, note: note)
    }
    guard !rows.isEmpty else { return nil }
    let beyond = rows.filter { abs($0.change) > 1.96 }.map(\.label)
    let summary =
      beyond.isEmpty
      ? "Every change lies within noise."
      : "Beyond noise: \(beyond.joined(separator: ", "))."
    return ForestPlot(rows: rows, summary: summary)
  }

  static func pWords(_ p: Double) -> String {
    let text = NumberFormat.pValue(p)
    return text.hasPrefix("<") ? text : "= " + text
  }

  /// The last 30 nights of a line, tonight included.
  static func trend(_ line: ReportLine, now: String?) -> TrendChart? {
    guard let series = line.series, !series.points.isEmpty else { return nil }
    var points = series.points.suffix(29).map { point in
      TrendChart.Point(
        night(point.run) ?? point.date ?? point.run, point.value,
        margin: point.standardError.map { 1.96 * $0 }, ends: point.interval,
        changed: point.changed, status: point.outcome.map { ReportLine.pill($0).status })
    }
    points.append(
      TrendChart.Point(
        now ?? "now", line.result.value, margin: line.result.standardError.map { 1.96 * $0 },
        ends: line.result.interval?.ends,
        changed: series.changedNow, status: line.pill?.status ?? .neutral))
    guard points.contains(where: { $0.value?.isFinite ?? false }) else { return nil }
    let values = points.compactMap(\.value).filter(\.isFinite)
    let text = { (value: Double?) in ReportNumber.text(value, error: line.result.standardError) }
    let summary =
      "\(points.count) nights between \(text(values.min())) and \(text(values.max())); "
      + "the last one \(text(line.result.value))."
    var chart = TrendChart(
      points: points, baseline: line.change?.baselineValue, name: line.result.metric,
      summary: summary)
    chart.range = line.range
    return chart
  }

  /// What every gate said, failed ones first.
  static func gatesTable(
    _ gates: [ReportGate], onlyProblems: Bool = false, withDetectable: Bool = true
  ) -> Table {
    let order: [ReportGate.Status] = [.failed, .incomplete, .passed]
    let sorted = order.flatMap { status in gates.filter { $0.status == status } }
    var table = Table(
      columns: [.words("gate"), .words("outcome"), .words("in words")]
        + (withDetectable ? [.numbers("smallest detectable change")] : []),
      rows: sorted.filter { !onlyProblems || $0.status != .passed }.map { gate in
        let pill = ReportLine.pill(gate)
        return [
          Table.Cell(gate.name, note: gate.isRequired ? nil : "optional"),
          .pill(pill.status, pill.text), Table.Cell(gate.sentence),
          Table.Cell(
            gate.detectable.map { NumberFormat.significant($0, 2) } ?? NumberFormat.missing,
            order: gate.detectable ?? .nan),
        ]
      }, caption: "gates, failed ones first")
    table.isSortable = !onlyProblems
    table.isStacked = true
    return table
  }
}
