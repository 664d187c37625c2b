/// The heat map has square cells and a natural size; on a narrow screen it scrolls sideways.
extension HTMLWriter {
  /// Cells coloured by their share of the row; shares from 5 % on are written in.
  mutating func heatMap(_ chart: HeatMap, named name: String) {
    let layout = HeatMapLayout(chart)
    let title = id("t")
    let description = id("d")
    line(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(HTMLEscape.text(name))\">"
    )
    let size = "\(layout.width) \(layout.height)"
    line(
      "<svg role=\"img\" aria-labelledby=\"\(title) \(description)\" viewBox=\"0 0 \(size)\""
        + " style=\"max-width:\(layout.width * 23 / 20)px;min-width:\(min(layout.width, 336))px\">")
    line("<title id=\"\(title)\">\(HTMLEscape.text(name))</title>")
    line("<desc id=\"\(description)\">\(HTMLEscape.text(chart.summary))</desc>")
    let cell = layout.cell
    line(
      "<rect class=\"frame\" x=\"\(layout.left)\" y=\"\(layout.top)\""
        + " width=\"\(cell * chart.columnLabels.count)\" height=\"\(cell * chart.rowLabels.count)\"/>"
    )
    columnHeads(chart, layout)
    for (row, label) in chart.rowLabels.enumerated() {
      let y = layout.top + row * cell
      line(
        "<text class=\"end\" x=\"\(layout.left - 6)\" y=\"\(y + cell / 2 + 4)\""
          + "\(HTMLEscape.language(label))>\(layout.short(label))</text>")
      for column in chart.columnLabels.indices { self.cell(chart, layout, row, column) }
    }
    line("</svg>")
    line("</div>")
    line(
      "<p class=\"legend\">share of the row 0 %<span class=\"ramp\" aria-hidden=\"true\"></span>100 %"
        + " · rows: \(HTMLEscape.text(chart.rowTitle)), columns: \(HTMLEscape.text(chart.columnTitle))</p>"
    )
    let confusions = chart.topConfusions(3)
    if !confusions.isEmpty {
      line(
        "<p class=\"hint\">" + "Most often mistaken: "
          + confusions.map { HTMLEscape.text($0) }.joined(separator: "; ") + ".</p>")
    }
    line("<details><summary>the counts as a table</summary>")
    table(chart.countTable, named: name)
    line("</details>")
  }

  private mutating func columnHeads(_ chart: HeatMap, _ layout: HeatMapLayout) {
    for (column, label) in chart.columnLabels.enumerated() {
      let x = layout.left + column * layout.cell + layout.cell / 2
      let y = layout.top - 7
      let place =
        layout.isSlanted
        ? "transform=\"translate(\(x + 4) \(y)) rotate(-50)\""
        : "class=\"mid\" x=\"\(x)\" y=\"\(y)\""
      line("<text \(place)\(HTMLEscape.language(label))>\(layout.short(label))</text>")
    }
  }

  private mutating func cell(
    _ chart: HeatMap, _ layout: HeatMapLayout, _ row: Int, _ column: Int
  ) {
    let cell = layout.cell
    let x = layout.left + column * cell
    let y = layout.top + row * cell
    let count = chart.count(row, column)
    let isDiagonal = chart.isRight(row, column)
    if isDiagonal {
      line(
        "<rect class=\"diagonal\" x=\"\(x + 1)\" y=\"\(y + 1)\" width=\"\(cell - 2)\""
          + " height=\"\(cell - 2)\" rx=\"2\"/>")
    }
    guard count > 0 else { return }
    let share = chart.share(row, column)
    let words =
      "\(chart.rowTitle) \(chart.rowLabels[row]), \(chart.columnTitle) \(chart.columnLabels[column]): "
      + "\(NumberFormat.grouped(count)) (\(NumberFormat.percent(share, 1)))"
    // A floor, so that a single example is still seen.
    let opacity = Self.number(0.06 + 0.94 * share)
    line("<g><title>\(HTMLEscape.text(words))</title>")
    line(
      "<rect class=\"heat\" fill-opacity=\"\(opacity)\" x=\"\(x + 1)\" y=\"\(y + 1)\""
        + " width=\"\(cell - 2)\" height=\"\(cell - 2)\" rx=\"2\"/>")
    if share >= 0.05 || isDiagonal {
      line(
        "<text class=\"cell\(share > 0.5 ? " on" : "")\" x=\"\(x + cell / 2)\" y=\"\(y + cell / 2 + 4)\">"
          + "\(NumberFormat.fixed(share * 100, 0))</text>")
    }
    line("</g>")
  }
}

/// Sizes of a heat map in its own pixels.
struct HeatMapLayout {
  /// A cell's side.
  let cell: Int
  /// Room for the rows' names.
  let left: Int
  /// Room for the columns' names.
  let top: Int
  /// Everything.
  let width: Int
  /// Everything.
  let height: Int
  /// Whether the columns' names stand aslant because they are wider than a cell.
  let isSlanted: Bool

  /// Columns of letters that a name may take.
  private static let letters = 14

  init(_ chart: HeatMap) {
    let columns = max(1, chart.columnLabels.count)
    let rows = max(1, chart.rowLabels.count)
    func widest(_ labels: [String]) -> Int {
      labels.map { DisplayWidth.pixels(of: DisplayWidth.cut($0, to: Self.letters)) }.max() ?? 0
    }
    let columnName = widest(chart.columnLabels)
    let count = max(columns, rows)
    // Names that would touch each other get a little more room, where there is some.
    cell = min(56, max(22, 400 / count, min(columnName + 6, 480 / count)))
    isSlanted = columnName > cell
    left = widest(chart.rowLabels) + 12
    top = isSlanted ? columnName * 77 / 100 + 20 : 22
    width = left + columns * cell + (isSlanted ? columnName * 65 / 100 : 4)
    height = top + rows * cell + 2
  }

  /// A name cut to the room that it has, escaped.
  func short(_ label: String) -> String {
    HTMLEscape.text(DisplayWidth.cut(label, to: Self.letters))
  }
}
