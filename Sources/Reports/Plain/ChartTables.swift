/// Charts and lists as tables, for forms of a report without pictures.
extension BarChart {
  /// One row a bar.
  var table: Table {
    let hasNotes = bars.contains { $0.note != nil }
    var columns: [Table.Column] = [.words(""), .numbers("value")]
    let hasReferences = bars.contains { $0.reference != nil }
    if hasReferences { columns.append(.numbers(referenceMeaning ?? "reference")) }
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
        if hasReferences {
          row.append(Table.Cell(bar.reference.map { NumberFormat.fixed($0, decimals) } ?? ""))
        }
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
    let hasReference = referenceCounts.count == counts.count && !counts.isEmpty
    for (index, count) in counts.enumerated()
    where count > 0 || hasReference && referenceCounts[index] > 0 {
      rows.append(
        [
          Table.Cell(scale.valueText(scale.edge(index))),
          Table.Cell(scale.valueText(scale.edge(index + 1))), .count(count),
        ] + (hasReference ? [.count(referenceCounts[index])] : []))
    }
    if outside > 0 { rows.append(["outside", "", .count(outside)]) }
    return Table(
      columns: [.numbers("\(axis) from"), .numbers("to"), .numbers(unit)]
        + (hasReference ? [.numbers(referenceMeaning)] : []), rows: rows)
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
        let status = example.isCorrect.map { $0 ? Status.good : .bad }
        return [
          Table.Cell(example.id), Table.Cell(example.text), Table.Cell(example.gold),
          Table.Cell(example.predicted, status: status), Table.Cell(example.score ?? ""),
        ]
      })
  }
}

extension ForestPlot {
  /// One row a change.
  var table: Table {
    Table(
      columns: [.words("metric"), .numbers("change, s.e."), .words("outcome"), .words("note")],
      rows: rows.map { row in
        [
          Table.Cell(row.label), Table.Cell(NumberFormat.signed(row.change, 1)),
          .pill(row.status, row.outcome), Table.Cell(row.note),
        ]
      })
  }
}

extension TrendChart {
  /// One row a run.
  var table: Table {
    let scale = TrendScale(self)
    return Table(
      columns: [.words("run"), .numbers(name), .words("changed")],
      rows: points.map { point in
        [
          Table.Cell(point.label),
          Table.Cell(
            point.value.map { scale.text($0) } ?? NumberFormat.missing,
            note: point.margin.map { "± " + scale.text($0) }),
          Table.Cell(point.changed.joined(separator: ", ")),
        ]
      })
  }
}

extension ReliabilityDiagram {
  /// One row a bin.
  var table: Table {
    Table(
      columns: [.numbers("confidence"), .numbers("right"), .numbers("answers")],
      rows: bins.map { bin in
        [
          Table.Cell(NumberFormat.fixed(bin.confidence, 3)),
          Table.Cell(NumberFormat.fixed(bin.accuracy, 3)), .count(bin.count),
        ]
      })
  }
}

extension FlipList {
  /// One row a flip.
  var table: Table {
    Table(
      columns: [.words("id"), .words("text"), .words("gold"), .words("was"), .words("is")],
      rows: flips.map { flip in
        [
          Table.Cell(flip.id, note: flip.place), Table.Cell(flip.text), Table.Cell(flip.gold),
          Table.Cell(flip.before), .pill(flip.status, flip.now),
        ]
      })
  }
}

extension StatusGrid {
  /// One row a thing, signs in the cells.
  var table: Table {
    Table(
      columns: [.words("")] + columns.map { .words($0.title) },
      rows: rows.map { row in
        [Table.Cell(row.label)] + row.cells.map { cell in Table.Cell(cell?.status.sign ?? "·") }
      })
  }
}

extension CalendarMap {
  /// One row a day.
  var table: Table {
    Table(
      columns: [.words("day"), .words("verdict")],
      rows: days.map { [Table.Cell($0.date, link: $0.link), .pill($0.status, $0.words)] })
  }
}
