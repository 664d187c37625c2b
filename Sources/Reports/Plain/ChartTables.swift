/// Charts and lists as tables, for forms of a report without pictures.
extension BarChart {
  /// One row a bar.
  var table: Table {
    let hasNotes = bars.contains { $0.note != nil }
    var columns: [Table.Column] = [.words(""), .numbers("value")]
    if hasNotes { columns.append(.words("note")) }
    if bars.contains(where: \.isMarked) { columns.append(.words(markMeaning ?? "marked")) }
    return Table(
      columns: columns,
      rows: bars.map { bar in
        var row = [
          Table.Cell(bar.label),
          Table.Cell(
            NumberFormat.fixed(bar.value, decimals),
            note: bar.standardError.map { "± " + NumberFormat.fixed($0, decimals + 1) }),
        ]
        if hasNotes { row.append(Table.Cell(bar.note ?? "")) }
        if bar.isMarked { row.append("◂") }
        return row
      })
  }
}

extension Histogram {
  /// One row a bin that holds anything.
  var table: Table {
    let scale = HistogramScale(self)
    var rows: [[Table.Cell]] = []
    for (index, count) in counts.enumerated() where count > 0 {
      rows.append([
        Table.Cell(scale.valueText(scale.edge(index))),
        Table.Cell(scale.valueText(scale.edge(index + 1))), .count(count),
      ])
    }
    if outside > 0 { rows.append(["outside", "", .count(outside)]) }
    return Table(
      columns: [.numbers("\(axis) from"), .numbers("to"), .numbers(unit)], rows: rows)
  }
}

extension ExampleList {
  /// One row an example.
  var table: Table {
    var columns: [Table.Column] = [
      .words("id"), .words(textTitle), .words("gold"), .words("predicted"),
    ]
    if let scoreTitle { columns.append(.numbers(scoreTitle)) }
    return Table(
      columns: columns,
      rows: examples.map { example in
        let status = example.isCorrect ? Status.good : .bad
        return [
          Table.Cell(example.id), Table.Cell(example.text), Table.Cell(example.gold),
          Table.Cell(example.predicted, status: status), Table.Cell(example.score ?? ""),
        ]
      })
  }
}
