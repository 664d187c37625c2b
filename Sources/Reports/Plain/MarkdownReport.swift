/// The report as Markdown (CommonMark with GitHub's tables), for merge requests and terminals.
///
/// Charts become tables. All text of the document is escaped, so that it can neither break a table
/// nor turn into markup.
public enum MarkdownReport {
  /// The whole text, ending in a line feed. Linear in the size of the document.
  public static func render(_ report: ReportDocument) -> String {
    var parts = ["# " + MarkdownEscape.text(report.title)]
    if !report.facts.isEmpty {
      parts.append(report.facts.map { MarkdownEscape.text($0) }.joined(separator: " · "))
    }
    if let verdict = report.verdict {
      var words = "> **\(verdict.sign) \(MarkdownEscape.text(verdict.headline))**"
      if !verdict.detail.isEmpty { words += "\n> " + MarkdownEscape.text(verdict.detail) }
      parts.append(words)
    }
    if !report.tiles.isEmpty {
      let cells = report.tiles.map { [Table.Cell($0.label), Table.Cell($0.value, note: $0.note)] }
      parts.append(
        markdown(Table(columns: [.words("summary"), .numbers("value")], rows: cells)))
    }
    for section in report.sections {
      parts.append("## " + MarkdownEscape.text(section.title))
      if let lead = section.lead { parts.append(MarkdownEscape.text(lead)) }
      for panel in section.panels {
        if let title = panel.title { parts.append("### " + MarkdownEscape.text(title)) }
        if let subtitle = panel.subtitle { parts.append(MarkdownEscape.text(subtitle)) }
        for block in panel.blocks { parts.append(text(of: block)) }
      }
    }
    if let footer = report.footer { parts.append("---\n\n" + MarkdownEscape.text(footer)) }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func text(of block: Block) -> String {
    switch block {
    case .paragraph(let words): MarkdownEscape.text(words)
    case .code(let code), .command(let code): MarkdownEscape.fenced(code)
    case .table(let table): markdown(table)
    case .definitions(let definitions):
      markdown(
        Table(
          columns: [.words("what"), .words("value")],
          rows: definitions.map {
            [Table.Cell($0.term), Table.Cell($0.value, style: $0.isCode ? .code : .plain)]
          }))
    case .bars(let chart): markdown(chart.table)
    case .histogram(let chart): markdown(chart.table)
    case .heatMap(let chart): heatMap(chart)
    case .examples(let list): markdown(list.table)
    case .forest(let chart): markdown(chart.table)
    case .trend(let chart): markdown(chart.table)
    case .reliability(let chart): markdown(chart.table)
    case .timeline(let chart): MarkdownEscape.text(chart.summary)
    case .flips(let list): markdown(list.table)
    case .grid(let grid): markdown(grid.table)
    case .calendar(let map): markdown(map.table)
    case .pictures(let pictures):
      MarkdownEscape.text(
        "\(pictures.count) pictures: " + pictures.map(\.label).joined(separator: ", "))
    }
  }

  private static func heatMap(_ chart: HeatMap) -> String {
    let confusions = chart.topConfusions(3).map { MarkdownEscape.text($0) }
    let hint =
      confusions.isEmpty
      ? "" : "\n\nMost often mistaken: " + confusions.joined(separator: "; ") + "."
    return markdown(chart.countTable) + hint
  }

  private static func markdown(_ table: Table) -> String {
    var text = TableFormat.markdown.render(table)
    if text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}
