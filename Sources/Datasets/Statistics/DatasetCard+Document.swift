internal import DSXCore
public import Reports

extension DatasetCard {
  /// `stats.html`: a page that needs no other file.
  public var html: String { HTMLReport.render(document) }

  /// The card as a report.
  public var document: ReportDocument {
    ReportDocument(
      title: name + (subset == "default" ? "" : " / " + subset),
      facts: ["data card", "version " + dataVersion, tool], verdict: verdict, tiles: tiles,
      sections: [overview] + splits.flatMap { sections($0) },
      footer: "made by \(tool); \(Self.pageMark)")
  }

  private var tiles: [Tile] {
    var tiles = splits.map { Tile($0.split, NumberFormat.grouped($0.rows), note: "rows") }
    if tiles.count > 5 {
      tiles = [Tile("splits", "\(splits.count)"), Tile("rows", NumberFormat.grouped(rows))]
    }
    tiles.append(Tile("columns", "\(splits.first?.columns.count ?? 0)"))
    let duplicates = splits.reduce(0) { $0 + $1.duplicateRows }
    tiles.append(Tile("duplicate rows", NumberFormat.grouped(duplicates)))
    return tiles
  }

  /// What deserves a look.
  private var warnings: [String] {
    var found: [String] = []
    for leak in leaks {
      let part = leak.rows ?? 0
      if part > 0 {
        found.append("\(Self.rows(part)) of \(leak.split) are in \(leak.other)")
      }
      for column in leak.columns where column.isUnique && column.rows > part {
        found.append(
          "\(Self.rows(column.rows)) of \(leak.split) share their \(column.name) with \(leak.other)"
        )
      }
    }
    for split in splits {
      if split.duplicateRows > 0 {
        found.append("\(split.split) repeats \(Self.rows(split.duplicateRows))")
      }
      for column in split.columns {
        if column.nulls == split.rows, split.rows > 0 {
          found.append("\(column.field.name) is always missing in \(split.split)")
        }
        if let bad = column.images?.bad, bad > 0 {
          found.append("\(bad) bad images in \(split.split)")
        }
      }
      if split.skipped > 0 {
        found.append("\(Self.rows(split.skipped)) of \(split.split) could not be read")
      }
    }
    return found
  }

  static func rows(_ count: Int) -> String {
    NumberFormat.grouped(count) + (count == 1 ? " row" : " rows")
  }

  private var verdict: Verdict {
    let warnings = warnings
    guard !warnings.isEmpty else {
      return Verdict(
        status: .good, headline: "\(Self.rows(rows)), nothing conspicuous",
        detail: "No repeated row, none that two splits share, no bad image.")
    }
    let shown = warnings.prefix(4).joined(separator: "; ")
    let more = warnings.count > 4 ? "; and \(warnings.count - 4) more, below" : ""
    return Verdict(
      status: .warning,
      headline: warnings.count == 1 ? "1 thing to look at" : "\(warnings.count) things to look at",
      detail: shown + more + ".")
  }

  private var overview: ReportSection {
    var panels = [
      Panel(
        "Splits",
        [
          .table(
            Reports.Table(
              columns: [
                .words("split"), .numbers("rows"), .numbers("duplicate rows"),
                .numbers("left out"), .words("fingerprint"),
              ],
              rows: splits.map { split in
                [
                  Reports.Table.Cell(split.split), .count(split.rows),
                  Self.estimate(split.duplicateRows, split.rowValues.isExact),
                  .count(split.skipped),
                  Reports.Table.Cell(String(split.fingerprint.prefix(12)), style: .code),
                ]
              }))
        ])
    ]
    if !leaks.isEmpty { panels.append(leakPanel) }
    return ReportSection("Overview", panels: panels)
  }

  private var leakPanel: Panel {
    var shown: [String] = []
    for column in leaks.flatMap(\.columns) where !shown.contains(column.name) && shown.count < 4 {
      shown.append(column.name)
    }
    let columns: [Reports.Table.Column] =
      [.words("split"), .words("in"), .numbers("equal rows")] + shown.map { .numbers("same \($0)") }
    return Panel(
      "Shared between splits",
      subtitle: "Rows of one split that are in another one: whole rows, and those with the same "
        + "text or image (columns whose values mostly differ).",
      [
        .table(
          Reports.Table(
            columns: columns,
            rows: leaks.map { leak in
              var row: [Reports.Table.Cell] = [
                Reports.Table.Cell(leak.split), Reports.Table.Cell(leak.other),
                leak.rows.map { Self.estimate($0, leak.isExact) }
                  ?? Reports.Table.Cell("other columns"),
              ]
              for name in shown {
                let count = leak.columns.first { $0.name == name }?.rows
                row.append(count.map { Self.estimate($0, leak.isExact) } ?? Reports.Table.Cell("—"))
              }
              return row
            }))
      ])
  }

  /// A count, marked where it is an estimate.
  static func estimate(_ count: Int, _ isExact: Bool) -> Reports.Table.Cell {
    Reports.Table.Cell((isExact ? "" : "≈ ") + NumberFormat.grouped(count))
  }
}
