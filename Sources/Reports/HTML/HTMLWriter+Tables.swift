extension HTMLWriter {
  /// A table; wider than its panel it scrolls sideways on its own.
  mutating func table(_ table: Table, named name: String) {
    let caption = table.caption ?? name
    let stacked = table.isStacked ? " stacked" : ""
    line(
      "<div class=\"scroll\(stacked)\" role=\"region\" tabindex=\"0\" aria-label=\"\(HTMLEscape.text(caption))\">"
    )
    let sort = table.isSortable ? " data-sort=\"1\"" : ""
    let compare = table.isComparable ? " data-compare=\"1\"" : ""
    line("<table\(sort)\(compare)>")
    line(element("caption", caption))
    line("<thead><tr>")
    for column in table.columns { line(head(column.title, column.alignment)) }
    line("</tr></thead>")
    line("<tbody>")
    for row in table.squareRows {
      var cells = ""
      for (index, cell) in row.enumerated() {
        cells += self.cell(
          cell, table.columns[index].alignment, isHead: index == 0,
          title: table.isStacked ? table.columns[index].title : nil)
      }
      line("<tr>\(cells)</tr>")
    }
    line("</tbody>")
    line("</table>")
    line("</div>")
  }

  /// Examples: a table that becomes a list of cards on a narrow screen.
  mutating func examples(_ list: ExampleList, named name: String) {
    let titles =
      ["id", list.textTitle, "gold", "predicted"] + (list.scoreTitle.map { [$0] } ?? [])
    line("<div class=\"examples\">")
    line("<table>")
    line(element("caption", name))
    line("<thead><tr>")
    for (index, title) in titles.enumerated() {
      line(head(title, index == 4 ? .trailing : .leading))
    }
    line("</tr></thead>")
    line("<tbody>")
    for example in list.examples {
      let status = example.isCorrect.map { $0 ? Status.good : .bad }
      let said = example.isCorrect == true ? "right" : "wrong"
      var row =
        "<th scope=\"row\" class=\"code\"\(data(titles[0]))>\(HTMLEscape.text(example.id))</th>"
      if let picture = example.picture {
        let words = example.text.isEmpty ? "" : " " + HTMLEscape.text(example.text)
        row += "<td class=\"example-text\"\(data(titles[1]))><img class=\"thumb\""
        row += " src=\"\(picture.uri)\" alt=\"\(HTMLEscape.text(picture.label))\"/>\(words)</td>"
      } else {
        row += cell(example.text, titles[1], "example-text")
      }
      row += cell(example.gold, titles[2], status == nil ? "words" : "answer")
      let styles = status.map { "answer " + $0.rawValue } ?? "words"
      row += "<td class=\"\(styles)\"\(data(titles[3]))"
      row += "\(HTMLEscape.language(example.predicted))>"
      if let status {
        row += "<span class=\"sign\" role=\"img\" aria-label=\"\(said)\">\(status.sign)</span>"
      }
      row += HTMLEscape.text(example.predicted) + "</td>"
      if list.scoreTitle != nil { row += cell(example.score ?? "", titles[4], "num") }
      line("<tr>\(row)</tr>")
    }
    line("</tbody>")
    line("</table>")
    line("</div>")
  }

  func data(_ title: String) -> String { " data-head=\"\(HTMLEscape.text(title))\"" }

  func cell(_ text: String, _ title: String, _ style: String) -> String {
    "<td class=\"\(style)\"\(data(title))\(HTMLEscape.language(text))>\(HTMLEscape.text(text))</td>"
  }

  func head(_ title: String, _ alignment: Table.Column.Alignment) -> String {
    let style = alignment == .trailing ? " class=\"num\"" : ""
    return "<th scope=\"col\"\(style)\(HTMLEscape.language(title))>\(HTMLEscape.text(title))</th>"
  }

  private func cell(
    _ cell: Table.Cell, _ alignment: Table.Column.Alignment, isHead: Bool, title: String?
  ) -> String {
    var styles: [String] = []
    if alignment == .trailing { styles.append("num") }
    switch cell.style {
    case .plain: break
    case .strong: styles.append("strong")
    case .muted: styles.append("muted")
    case .code: styles.append("code")
    }
    // Chinese may break anywhere: short names would stand letter under letter on a narrow screen.
    if alignment == .leading, cell.style != .code, cell.status == nil,
      DisplayWidth.columns(of: cell.text) <= (cell.text.utf8.allSatisfy { $0 < 0x80 } ? 20 : 12)
    {
      styles.append("keep")
    }
    if title != nil, DisplayWidth.columns(of: cell.text) > 24, cell.spark == nil {
      styles.append("long")
    }
    let style = styles.isEmpty ? "" : " class=\"\(styles.joined(separator: " "))\""
    var content = HTMLEscape.text(cell.text)
    if let link = cell.link {
      content = "<a href=\"\(HTMLEscape.text(HTMLEscape.path(link)))\">\(content)</a>"
    }
    if let spark = cell.spark { content = self.spark(spark, described: cell.text) }
    if let status = cell.status {
      content =
        "<span class=\"pill\(cell.style == .muted ? " bare" : "") \(status.rawValue)\"><span aria-hidden=\"true\">\(status.sign)</span> "
        + content + "</span>"
    }
    if let note = cell.note {
      content += " <span class=\"cell-note\">\(HTMLEscape.text(note))</span>"
    }
    let language = HTMLEscape.language(cell.text)
    let head = title.map { data($0) } ?? ""
    let order = cell.order.map { " data-v=\"\($0.isFinite ? "\($0)" : "")\"" } ?? ""
    return isHead
      ? "<th scope=\"row\"\(style)\(order)\(language)>\(content)</th>"
      : "<td\(style)\(head)\(order)\(language)>\(content)</td>"
  }
}
