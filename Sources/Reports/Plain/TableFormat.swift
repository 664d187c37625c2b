/// The plain forms of a table, for `--format text|markdown|csv`.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Aligned columns for a terminal; East Asian wide characters count as two.
  case text
  /// A GitHub table.
  case markdown
  /// RFC 4180: commas, quotes doubled, lines end in CR LF; text as it is.
  case csv

  /// The table in this form, ending in a line end. Linear in the size of the table.
  public func render(_ table: Table) -> String {
    switch self {
    case .text: Self.text(table)
    case .markdown: Self.markdown(table)
    case .csv: Self.csv(table)
    }
  }

  private static func text(_ table: Table) -> String {
    let heads = table.columns.map { VisibleText.make($0.title) }
    let rows = table.squareRows.map { row in row.map { VisibleText.make($0.joined()) } }
    var widths = heads.map { DisplayWidth.columns(of: $0) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], DisplayWidth.columns(of: cell))
      }
    }
    func line(_ cells: [String]) -> String {
      var parts: [String] = []
      for (index, cell) in cells.enumerated() {
        let blanks = String(
          repeating: " ", count: max(0, widths[index] - DisplayWidth.columns(of: cell)))
        parts.append(table.columns[index].alignment == .trailing ? blanks + cell : cell + blanks)
      }
      var joined = parts.joined(separator: "  ")
      while joined.hasSuffix(" ") { joined.removeLast() }
      return joined + "\n"
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([heads, rule] + rows).map(line).joined()
  }

  private static func markdown(_ table: Table) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    let rule = table.columns.map { $0.alignment == .trailing ? "---:" : "---" }
    return line(table.columns.map { MarkdownEscape.text($0.title) }) + line(rule)
      + table.squareRows.map { row in line(row.map { markdown($0) }) }.joined()
  }

  private static func markdown(_ cell: Table.Cell) -> String {
    var text =
      cell.style == .code ? MarkdownEscape.span(cell.text) : MarkdownEscape.text(cell.text)
    if cell.style == .strong, !text.isEmpty { text = "**\(text)**" }
    if let status = cell.status { text = status.sign + " " + text }
    if let note = cell.note { text += " " + MarkdownEscape.text(note) }
    return text
  }

  private static func csv(_ table: Table) -> String {
    func line(_ cells: [String]) -> String { cells.map(quoted).joined(separator: ",") + "\r\n" }
    return line(table.columns.map(\.title))
      + table.squareRows.map { row in line(row.map { $0.joined(sign: false) }) }.joined()
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == 0x22 || byte == 0x2c || byte == 0x0a || byte == 0x0d
    }
    guard needsQuotes || text.hasPrefix(" ") || text.hasSuffix(" ") else { return text }
    var out = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { out += "\"" }
      out.unicodeScalars.append(scalar)
    }
    return out + "\""
  }
}

extension Table.Cell {
  /// Sign, text and note in one string.
  func joined(sign: Bool = true) -> String {
    let mark = sign ? (status.map { $0.sign + " " } ?? "") : ""
    return mark + text + (note.map { " " + $0 } ?? "")
  }
}
