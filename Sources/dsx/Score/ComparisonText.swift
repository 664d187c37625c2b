internal import DSXCore
internal import Metrics
internal import Reports

/// A comparison in every form.
enum ComparisonText {
  static func render(_ comparison: Comparison, _ format: ScoreOutputOptions.Format) -> String {
    switch format {
    case .json: return json(comparison).text(.indented) + "\n"
    case .csv: return TableFormat.csv.render(flat(comparison))
    case .latex:
      // A comment, as a tabular has no room for it.
      return "% \(pairing(comparison, names: 3))\n" + LaTeXTable.render(table(comparison))
    case .markdown, .text:
      let form: TableFormat = format == .text ? .text : .markdown
      var text = pairing(comparison, names: 10)
      text += "\n\n" + form.render(table(comparison))
      text += "\n" + form.render(changes(comparison))
      for line in comparison.lines where !line.losses.isEmpty || !line.gains.isEmpty {
        text += "\n" + form.render(cases(line))
      }
      return text
    }
  }

  /// How many examples are compared, and which of them only one side has.
  private static func pairing(_ comparison: Comparison, names: Int) -> String {
    var text = "\(NumberFormat.grouped(comparison.count)) examples are in both"
    for (name, ids) in [("A", comparison.onlyFirst), ("B", comparison.onlySecond)]
    where !ids.isEmpty {
      let shown = ids.prefix(names).map(plain)
      text += "; \(NumberFormat.grouped(ids.count)) only in \(name): "
      text += shown.joined(separator: ", ") + (ids.count > names ? ", ..." : "")
    }
    return text
  }

  /// An id as people read it; one with line ends or other control characters as JSON writes it.
  private static func plain(_ id: JSONValue) -> String {
    guard let text = id.string, !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      return id.text()
    }
    return text
  }

  private static func table(_ comparison: Comparison) -> Table {
    let level = comparison.lines.compactMap(\.interval).first?.level ?? 0.95
    return Table(
      columns: [
        .words("metric"), .numbers("A"), .numbers("B"), .numbers("B - A"),
        .numbers(ScoreNumber.percent(level) + " interval"), .numbers("p"), .numbers("p (Holm)"),
        .words("test"), .numbers("detectable"),
      ],
      rows: comparison.lines.map { line in
        let unit = line.metric.unit
        return [
          Table.Cell(line.key + (line.metric.higherIsBetter ? " ↑" : " ↓")),
          Table.Cell(ScoreNumber.text(line.first, unit)),
          Table.Cell(ScoreNumber.text(line.second, unit)),
          Table.Cell(ScoreNumber.signed(line.difference, unit), style: .strong),
          Table.Cell(
            line.interval.map {
              ScoreNumber.signed($0.low, unit) + " .. " + ScoreNumber.signed($0.high, unit)
            } ?? NumberFormat.missing),
          Table.Cell(line.test.map { NumberFormat.pValue($0.pValue) } ?? NumberFormat.missing),
          Table.Cell(line.adjusted.map(NumberFormat.pValue) ?? NumberFormat.missing),
          Table.Cell(line.test?.method ?? "none"),
          Table.Cell(ScoreNumber.text(line.detectable, unit)),
        ]
      })
  }

  private static func changes(_ comparison: Comparison) -> Table {
    Table(
      columns: [
        .words("metric"), .numbers("B better"), .numbers("equal"), .numbers("B worse"),
      ],
      rows: comparison.lines.map { line in
        [
          Table.Cell(line.key), Table.Cell(NumberFormat.grouped(line.better)),
          Table.Cell(NumberFormat.grouped(line.equal)),
          Table.Cell(NumberFormat.grouped(line.worse)),
        ]
      })
  }

  private static func cases(_ line: Comparison.Line) -> Table {
    func rows(_ pairs: [Comparison.Pair], _ what: String) -> [[Table.Cell]] {
      pairs.map { pair in
        [
          Table.Cell(what), Table.Cell(pair.id.string ?? pair.id.text()),
          Table.Cell(ScoreNumber.text(pair.first, line.metric.unit)),
          Table.Cell(ScoreNumber.text(pair.second, line.metric.unit)),
        ]
      }
    }
    return Table(
      columns: [.words(line.key), .words("id"), .numbers("A"), .numbers("B")],
      rows: rows(line.losses, "loss") + rows(line.gains, "gain"))
  }

  private static func flat(_ comparison: Comparison) -> Table {
    func number(_ value: Double?) -> Table.Cell { Table.Cell(value?.description ?? "") }
    return Table(
      columns: [
        "metric", "n", "a", "b", "difference", "low", "high", "stderr", "p", "p_holm", "test",
        "detectable", "better", "equal", "worse", "signature", "only_a", "only_b",
      ].map { .words($0) },
      rows: comparison.lines.map { line in
        [
          Table.Cell(line.key), Table.Cell(String(comparison.count)), number(line.first),
          number(line.second), number(line.difference), number(line.interval?.low),
          number(line.interval?.high), number(line.interval?.standardError),
          number(line.test?.pValue), number(line.adjusted), Table.Cell(line.test?.method ?? ""),
          number(line.detectable), Table.Cell(String(line.better)),
          Table.Cell(String(line.equal)), Table.Cell(String(line.worse)),
          Table.Cell(line.metric.signature), Table.Cell(String(comparison.onlyFirst.count)),
          Table.Cell(String(comparison.onlySecond.count)),
        ]
      })
  }

  private static func json(_ comparison: Comparison) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    func pairs(_ pairs: [Comparison.Pair]) -> JSONValue {
      .array(
        pairs.map { ["id": $0.id, "a": .double($0.first), "b": .double($0.second)] })
    }
    return .object([
      .init("dsx-comparison", 1), .init("count", .int(Int64(comparison.count))),
      .init("only_a", .array(comparison.onlyFirst)), .init("only_b", .array(comparison.onlySecond)),
      .init(
        "metrics",
        .array(
          comparison.lines.map { line in
            .object([
              .init("key", .string(line.key)), .init("a", number(line.first)),
              .init("b", number(line.second)), .init("difference", number(line.difference)),
              .init(
                "interval",
                line.interval.map {
                  [
                    "low": .double($0.low), "high": .double($0.high), "level": .double($0.level),
                    "stderr": number($0.standardError), "method": .string($0.method),
                  ]
                } ?? .null),
              .init(
                "test",
                line.test.map {
                  [
                    "method": .string($0.method), "statistic": .double($0.statistic),
                    "p": .double($0.pValue), "p_holm": number(line.adjusted),
                  ]
                } ?? .null),
              .init("detectable", number(line.detectable)),
              .init("better", .int(Int64(line.better))), .init("equal", .int(Int64(line.equal))),
              .init("worse", .int(Int64(line.worse))), .init("losses", pairs(line.losses)),
              .init("gains", pairs(line.gains)),
              .init("higher_is_better", .bool(line.metric.higherIsBetter)),
              .init("signature", .string(line.metric.signature)),
            ])
          })),
    ])
  }
}
