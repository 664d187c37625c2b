internal import DSXCore
internal import Reports

extension DatasetCard {
  /// The card for a terminal: tables of splits, shared rows and columns, and the values of labels.
  public var text: String {
    var parts: [String] = []
    for section in document.sections {
      parts.append(section.title.uppercased() + "\n")
      for panel in section.panels {
        for block in panel.blocks {
          switch block {
          case .table(let table):
            parts.append(
              (panel.title.map { $0 + "\n" } ?? "") + Reports.TableFormat.text.render(table))
          case .bars(let chart):
            parts.append(
              (panel.title.map { $0 + "\n" } ?? "")
                + Reports.TableFormat.text.render(
                  Reports.Table(
                    columns: [.words("value"), .numbers("rows")],
                    rows: chart.bars.map { [Reports.Table.Cell($0.label), .count(Int($0.value))] }))
            )
          default: break
          }
        }
      }
    }
    if let verdict = document.verdict {
      parts.append(verdict.headline + (verdict.detail.isEmpty ? "" : ": " + verdict.detail) + "\n")
    }
    return parts.joined(separator: "\n")
  }
}
