internal import DSXCore
internal import Evaluation
internal import Glibc
internal import Reports

/// A comparison of runs as text and JSON.
enum DifferenceText {
  static func text(_ difference: RunDifference, _ worst: Int) -> String {
    var text = "A \(difference.first)\nB \(difference.second)\n"
    for (name, keys) in [("A", difference.onlyFirst), ("B", difference.onlySecond)]
    where !keys.isEmpty {
      text += "cells only in \(name): " + keys.joined(separator: ", ") + "\n"
    }
    for cell in difference.cells {
      text += cell.key.isEmpty ? "" : cell.key + ": "
      if let obstacle = cell.obstacle {
        text += "not compared, \(obstacle)\n"
        continue
      }
      text += "\(NumberFormat.grouped(cell.shared)) examples are in both"
      let rest = [
        ("only in A", cell.onlyFirst), ("only in B", cell.onlySecond),
        ("with another input", cell.changed),
      ]
      for (name, ids) in rest where !ids.isEmpty { text += "; \(name): " + listed(ids) }
      text += "\n"
    }
    guard !difference.lines.isEmpty else { return text }
    text += "\n" + TableFormat.text.render(table(difference))
    for line in difference.lines {
      let cases = cases(line, worst)
      if !cases.rows.isEmpty { text += "\n" + TableFormat.text.render(cases) }
      if !line.slices.isEmpty { text += "\n" + TableFormat.text.render(slices(line)) }
    }
    return text
  }

  /// A score as other tables have it; word perplexities of Chinese go beyond all reading.
  private static func number(_ value: Double?, _ unit: String) -> String {
    guard let value, value.isFinite, abs(value) >= 1e9 else { return ScoreNumber.text(value, unit) }
    let exponent = log10(abs(value)).rounded(.down)
    return NumberFormat.significant(value / pow(10, exponent), 3) + "e\(Int(exponent))"
  }

  private static func signed(_ value: Double?, _ unit: String) -> String {
    guard let value, value.isFinite, abs(value) >= 1e9 else {
      return ScoreNumber.signed(value, unit)
    }
    return (value > 0 ? "+" : "") + number(value, unit)
  }

  private static func listed(_ ids: [String]) -> String {
    ids.prefix(10).map(CellComparison.plain).joined(separator: ", ")
      + (ids.count > 10 ? ", ... (\(ids.count))" : "")
  }

  private static func name(_ line: RunDifference.Line) -> String {
    line.cell.isEmpty ? line.metric : line.cell + " " + line.metric
  }

  private static func table(_ difference: RunDifference) -> Table {
    Table(
      columns: [
        .words("metric"), .numbers("A"), .numbers("B"), .numbers("B - A"), .numbers("interval"),
        .numbers("p (Holm)"), .words("test"), .words("outcome"), .numbers("detectable"),
        .numbers("right to wrong"), .numbers("wrong to right"),
      ],
      rows: difference.lines.map { line in
        let evidence = line.result.question.evidence
        let unit = line.result.question.unit
        return [
          Table.Cell(name(line) + (line.result.question.higherIsBetter ? " ↑" : " ↓")),
          Table.Cell(number(evidence?.baseline, unit)),
          Table.Cell(number(evidence?.value, unit)),
          Table.Cell(signed(evidence?.difference, unit), style: .strong),
          Table.Cell(
            evidence?.interval.map {
              signed($0.low, unit) + " .. " + signed($0.high, unit)
            } ?? NumberFormat.missing),
          Table.Cell(line.result.adjusted.map(NumberFormat.pValue) ?? NumberFormat.missing),
          Table.Cell(evidence?.method ?? line.result.reason),
          Table.Cell(line.result.outcome.word),
          Table.Cell(number(line.result.detectable, unit)),
          Table.Cell(line.lost.map { NumberFormat.grouped($0.count) } ?? NumberFormat.missing),
          Table.Cell(line.won.map { NumberFormat.grouped($0.count) } ?? NumberFormat.missing),
        ]
      })
  }

  private static func cases(_ line: RunDifference.Line, _ worst: Int) -> Table {
    let unit = line.result.question.unit
    func rows(_ changes: [CellComparison.Change], _ what: String) -> [[Table.Cell]] {
      changes.map { change in
        [
          Table.Cell(what), Table.Cell(change.plainID),
          Table.Cell(number(change.before, unit)),
          Table.Cell(number(change.now, unit)),
        ]
      }
    }
    return Table(
      columns: [.words(name(line)), .words("id"), .numbers("A"), .numbers("B")],
      rows: rows(line.losses, "loss") + rows(line.gains, "gain"))
  }

  private static func slices(_ line: RunDifference.Line) -> Table {
    let unit = line.result.question.unit
    return Table(
      columns: [
        .words(name(line) + ", slice"), .numbers("n"), .numbers("A"), .numbers("B"),
        .numbers("B - A"),
      ],
      rows: line.slices.map { slice in
        let change = zip2(slice.before, slice.now)
        return [
          Table.Cell(slice.slice), .count(slice.count),
          Table.Cell(number(slice.before, unit)),
          Table.Cell(number(slice.now, unit)),
          Table.Cell(signed(change, unit)),
        ]
      })
  }

  private static func zip2(_ before: Double?, _ now: Double?) -> Double? {
    if let before, let now { now - before } else { nil }
  }

  static func json(_ difference: RunDifference, _ worst: Int) -> JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
    func words(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }
    func ids(_ values: [String]) -> JSONValue {
      .array(values.map { (try? JSONParser.parse($0)) ?? .string($0) })
    }
    func changes(_ values: [CellComparison.Change]) -> JSONValue {
      .array(
        values.map { change in
          [
            "id": (try? JSONParser.parse(change.id)) ?? .string(change.id),
            "a": .double(change.before), "b": .double(change.now),
          ]
        })
    }
    return [
      "dsx-run-comparison": 1, "a": .string(difference.first), "b": .string(difference.second),
      "only_a": words(difference.onlyFirst), "only_b": words(difference.onlySecond),
      "cells": .array(
        difference.cells.map { cell in
          [
            "cell": .string(cell.key), "shared": .int(Int64(cell.shared)),
            "only_a": ids(cell.onlyFirst), "only_b": ids(cell.onlySecond),
            "changed": ids(cell.changed),
            "obstacle": cell.obstacle.map { .string($0) } ?? .null,
          ]
        }),
      "metrics": .array(
        difference.lines.map { line in
          let evidence = line.result.question.evidence
          return [
            "cell": .string(line.cell), "metric": .string(line.metric),
            "a": number(evidence?.baseline), "b": number(evidence?.value),
            "difference": number(evidence?.difference), "low": number(evidence?.interval?.low),
            "high": number(evidence?.interval?.high),
            "standard_error": number(evidence?.standardError), "p": number(evidence?.pValue),
            "p_holm": number(line.result.adjusted),
            "test": evidence.map { .string($0.method) } ?? .null,
            "outcome": .string(line.result.outcome.word),
            "smallest_detectable_change": number(line.result.detectable),
            "reason": .string(line.result.reason),
            "right_to_wrong": line.lost.map { changes($0) } ?? .null,
            "wrong_to_right": line.won.map { changes($0) } ?? .null,
            "losses": changes(line.losses), "gains": changes(line.gains),
            "slices": .array(
              line.slices.map { slice in
                [
                  "slice": .string(slice.slice), "n": .int(Int64(slice.count)),
                  "a": number(slice.before), "b": number(slice.now),
                ]
              }),
          ]
        }),
    ]
  }
}
