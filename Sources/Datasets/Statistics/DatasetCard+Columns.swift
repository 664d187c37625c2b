internal import DSXCore
internal import Reports

/// The parts of the page about the columns of one split.
extension DatasetCard {
  /// Bars of a column's values.
  private static let bars = 20

  func sections(_ split: SplitStatistics) -> [ReportSection] {
    var panels = [table(split)]
    for column in split.columns { panels += self.panels(column, split) }
    return [ReportSection("Split \(split.split)", panels: panels)]
  }

  private func table(_ split: SplitStatistics) -> Panel {
    Panel(
      "Columns",
      subtitle: split.columns.allSatisfy(\.values.isExact)
        ? nil : "Numbers with ≈ are estimates from a sample, with a standard error of 0.24 %.",
      [
        .table(
          Reports.Table(
            columns: [
              .words("column"), .words("type"), .numbers("missing"), .numbers("different"),
              .numbers("repeated"), .numbers("minimum"), .numbers("median"), .numbers("maximum"),
              .numbers("mean"),
            ],
            rows: split.columns.map { row($0) },
            caption: "lengths of texts in characters, of bytes and arrays in elements"))
      ])
  }

  private func row(_ column: ColumnStatistics) -> [Reports.Table.Cell] {
    let exact = column.values.isExact
    var cells: [Reports.Table.Cell] = [
      Reports.Table.Cell(column.field.name, style: .strong),
      Reports.Table.Cell(column.field.typeWords),
      .count(column.nulls), Self.estimate(column.values.distinct, exact),
      Self.estimate(column.values.duplicates, exact),
    ]
    let summary = column.numbers ?? column.characters ?? column.lengths
    guard let summary, summary.count > 0 else {
      return cells + Array(repeating: Reports.Table.Cell("—", style: .muted), count: 4)
    }
    let isLength = column.numbers == nil
    let unit = isLength ? (column.characters != nil ? "chars" : "long") : nil
    let median = summary.quantiles([0.5]).first ?? 0
    for (index, value) in [summary.minimum, median, summary.maximum].enumerated() {
      cells.append(Reports.Table.Cell(Self.number(value, summary), note: index == 0 ? unit : nil))
    }
    cells.append(Reports.Table.Cell(NumberFormat.significant(summary.average ?? 0, 4)))
    return cells
  }

  static func number(_ value: Double, _ summary: NumberSummary) -> String {
    summary.isWhole && abs(value) < 1e15
      ? NumberFormat.grouped(Int(value)) : NumberFormat.significant(value, 4)
  }

  private func panels(_ column: ColumnStatistics, _ split: SplitStatistics) -> [Panel] {
    var panels: [Panel] = []
    let name = column.field.name
    let isLabel = if case .classLabel = column.field.feature { true } else { false }
    if let values = column.frequent?.sorted, !values.isEmpty,
      isLabel || values.count <= 50 || values.count * 5 <= split.rows
    {
      panels.append(valuePanel("\(name): \(isLabel ? "labels" : "values")", values))
      // The lengths of a few names tell nothing.
      if column.numbers == nil { return panels }
    }
    if let numbers = column.numbers, numbers.maximum > numbers.minimum {
      panels.append(histogram("\(name): values", numbers, axis: name, unit: "values"))
    }
    if let characters = column.characters, characters.maximum > characters.minimum {
      panels.append(
        histogram("\(name): length", characters, axis: "characters", unit: "texts"))
    } else if column.images == nil, let lengths = column.lengths, lengths.maximum > lengths.minimum
    {
      panels.append(
        histogram("\(name): length", lengths, axis: "elements", unit: "rows"))
    }
    if let images = column.images { panels += imagePanels(name, images) }
    return panels
  }

  private func valuePanel(_ title: String, _ values: [(value: String, count: Int)]) -> Panel {
    let shown = values.prefix(Self.bars)
    let rest = values.dropFirst(Self.bars).reduce(0) { $0 + $1.count }
    var blocks: [Block] = [
      .bars(
        BarChart(
          bars: shown.map { .init($0.value.isEmpty ? "(empty)" : $0.value, Double($0.count)) },
          decimals: 0,
          summary: "the \(shown.count) most frequent of \(values.count) values, \(title)"))
    ]
    if rest > 0 {
      blocks.append(
        .paragraph(
          "\(values.count - shown.count) more values with \(Self.rows(rest)) together."))
    }
    return Panel(title, width: .half, blocks)
  }

  private func histogram(_ title: String, _ summary: NumberSummary, axis: String, unit: String)
    -> Panel
  {
    let picture = summary.histogram()
    let found = summary.quantiles([0.5, 0.95])
    var markers: [Histogram.Marker] = []
    if found.count == 2, summary.count > 1 {
      markers = [.init(found[0], "median \(Self.number(found[0], summary))")]
      if found[1] > found[0] {
        markers.append(.init(found[1], "95 % \(Self.number(found[1], summary))"))
      }
    }
    return Panel(
      title, width: .half,
      [
        .histogram(
          Histogram(
            lower: picture.lower,
            upper: picture.lower + picture.width * Double(picture.counts.count),
            counts: picture.counts, outside: summary.notFinite, axis: axis, unit: unit,
            markers: markers,
            summary: "\(title): \(Self.number(summary.minimum, summary)) to "
              + "\(Self.number(summary.maximum, summary))"))
      ])
  }

  private func imagePanels(_ name: String, _ images: ImageStatistics) -> [Panel] {
    var panels: [Panel] = []
    for (title, counts) in [("sizes", images.sizes), ("modes", images.modes)] {
      guard let values = counts.sorted, !values.isEmpty else { continue }
      panels.append(valuePanel("\(name): \(title)", values))
    }
    if !images.thumbnails.isEmpty {
      panels.append(
        Panel(
          "\(name): the first images",
          [
            .pictures(
              images.thumbnails.map { picture in
                Picture(
                  png: picture.png, label: "row \(picture.row)")
              })
          ]))
    }
    if images.bad > 0 {
      panels.append(
        Panel(
          "\(name): bad images",
          subtitle: "\(NumberFormat.grouped(images.bad)) could not be decoded",
          [
            .table(
              Reports.Table(
                columns: [.numbers("row"), .words("why")],
                rows: images.faults.map { [.count($0.row), Reports.Table.Cell($0.reason)] }))
          ]))
    }
    return panels
  }
}
