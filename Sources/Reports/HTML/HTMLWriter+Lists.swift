/// Flips, timelines, grids and calendars.
extension HTMLWriter {
  /// Answers that changed: a table that becomes cards on a narrow screen.
  mutating func flips(_ list: FlipList, named name: String) {
    let hasPlaces = list.flips.contains { $0.place != nil }
    let hasGold = list.flips.contains { !$0.gold.isEmpty }
    line("<div class=\"examples\">")
    line("<table>")
    line(element("caption", name))
    line("<thead><tr>")
    line(head("id", .leading))
    line(head("text", .leading))
    if hasGold { line(head("gold", .leading)) }
    line(head("was", .leading))
    line(head("is", .leading))
    line("</tr></thead>")
    line("<tbody>")
    for flip in list.flips {
      let difference = TextDifference(flip.before, flip.now)
      var row =
        "<th scope=\"row\"\(data("id"))><span class=\"code\">\(HTMLEscape.text(flip.id))</span>"
      if hasPlaces, let place = flip.place {
        row += " <span class=\"cell-note\">\(HTMLEscape.text(place))</span>"
      }
      row += "</th>" + cell(flip.text, "text", "example-text")
      if hasGold { row += cell(flip.gold, "gold", "words") }
      row += answer(difference.before, "was", "del", flip.before, nil)
      row += answer(difference.now, "is", "ins", flip.now, flip)
      line("<tr>\(row)</tr>")
    }
    line("</tbody>")
    line("</table>")
    line("</div>")
  }

  private func answer(
    _ pieces: [TextDifference.Piece], _ title: String, _ tag: String, _ whole: String,
    _ flip: FlipList.Flip?
  ) -> String {
    var words = ""
    for piece in pieces {
      let text = HTMLEscape.text(piece.text)
      words += piece.isChanged ? "<\(tag)>\(text)</\(tag)>" : text
    }
    if pieces.isEmpty { words = "<span class=\"muted\">(empty)</span>" }
    let language = HTMLEscape.language(whole)
    guard let flip else {
      return "<td class=\"words\"\(data(title))><span\(language)>\(words)</span></td>"
    }
    return "<td class=\"words\"\(data(title))><span\(language)>\(words)</span>"
      + " <span class=\"mini pill \(flip.status.rawValue)\"><span aria-hidden=\"true\">"
      + "\(flip.status.sign)</span> \(flip.direction)</span></td>"
  }

  /// A line a worker, and the throughput below.
  mutating func timeline(_ chart: Timeline, named name: String) {
    let lines = (chart.spans.map(\.line).max() ?? -1) + 1
    let rowHeight = 24
    let end = max(chart.spans.map(\.end).filter(\.isFinite).max() ?? 0, 1e-9)
    let hasRate = chart.throughput.count > 1
    let base = min(lines, 64) * rowHeight + 4
    let rateTop = base + 12
    let bottom = hasRate ? rateTop + 64 : base
    func x(_ seconds: Double) -> Double {
      11 + 86 * max(0, min(1, seconds.isFinite ? seconds / end : 0))
    }
    openChart(height: bottom + 26, named: name, summary: chart.summary)
    for worker in 0..<min(lines, 64) {
      timelineLabel("worker \(worker)", tight: "\(worker)", y: worker * rowHeight + 16)
    }
    for span in chart.spans where (0..<64).contains(span.line) {
      let width = max(0.15, x(span.end) - x(span.start) - 0.15)
      let what =
        switch span.status {
        case .bad: ", failed"
        case .warning: ", done again"
        default: ""
        }
      let words = "\(span.name): \(NumberFormat.duration(seconds: span.end - span.start))\(what)"
      line(
        "<rect class=\"span \(span.status.rawValue)\" x=\"\(Self.percent(x(span.start)))\""
          + " y=\"\(span.line * rowHeight + 3)\" width=\"\(Self.percent(width))\" height=\"17\" rx=\"2\">"
          + "<title>\(HTMLEscape.text(words))</title></rect>")
      if span.status == .bad || span.status == .warning {
        line(
          "<text class=\"cell on\" x=\"\(Self.percent(x(span.start) + width / 2))\""
            + " y=\"\(span.line * rowHeight + 16)\">\(span.status == .bad ? "✗" : "↻")</text>")
      }
    }
    if hasRate {
      let most = max(chart.throughput.filter(\.isFinite).max() ?? 1, 1e-9)
      func y(_ rate: Double) -> String {
        Self.number(60 - 56 * max(0, min(1, rate.isFinite ? rate / most : 0)))
      }
      // Each slice's rate stands in the middle of its slice.
      let width = 1000 / Double(chart.throughput.count)
      let path = chart.throughput.enumerated().map { index, rate in
        Self.number((Double(index) + 0.5) * width) + " " + y(rate)
      }.joined(separator: "L")
      line(
        "<svg class=\"trend plot\" x=\"11%\" y=\"\(rateTop)\" width=\"86%\" height=\"64\""
          + " viewBox=\"0 0 1000 64\" preserveAspectRatio=\"none\"><path class=\"line\" d=\"M\(path)\"/></svg>"
      )
      let unit = HTMLEscape.text(chart.unit)
      line(
        "<text class=\"soft end\" x=\"10%\" y=\"\(rateTop + 12)\">\(NumberFormat.significant(most, 2))</text>"
      )
      timelineLabel("\(unit)/s", tight: "/s", y: rateTop + 28)
      line("<text class=\"soft end\" x=\"10%\" y=\"\(rateTop + 64)\">0</text>")
    }
    line("<line class=\"axis\" x1=\"11%\" x2=\"97%\" y1=\"\(bottom)\" y2=\"\(bottom)\"/>")
    for part in 0...4 {
      let seconds = end * Double(part) / 4
      let anchor = part == 0 ? "start" : part == 4 ? "end" : "mid"
      let words = part == 0 ? "0" : NumberFormat.duration(seconds: seconds)
      let room = part % 2 == 0 ? "" : " roomy"
      line(
        "<text class=\"soft \(anchor)\(room)\" x=\"\(Self.percent(x(seconds)))\" y=\"\(bottom + 18)\">\(words)</text>"
      )
    }
    line("</svg>")
    var legend: [String] = []
    if chart.spans.contains(where: { $0.status == .warning }) { legend.append("↻ done again") }
    if chart.spans.contains(where: { $0.status == .bad }) { legend.append("✗ failed") }
    if !legend.isEmpty { line(element("p", legend.joined(separator: " · "), class: "legend")) }
  }

  /// A word at the left of a timeline, in short where there is little room.
  private mutating func timelineLabel(_ words: String, tight: String, y: Int) {
    for (room, text) in [("roomy", words), ("tight", tight)] {
      line("<text class=\"soft end \(room)\" x=\"10%\" y=\"\(y)\">\(text)</text>")
    }
  }

  /// A table of signs.
  mutating func grid(_ grid: StatusGrid, named name: String) {
    openScroll(named: name)
    line("<table class=\"signs\">")
    line(element("caption", grid.summary))
    line("<thead><tr><th scope=\"col\"></th>")
    for column in grid.columns {
      var title = HTMLEscape.text(column.title)
      if let link = column.link {
        title = "<a href=\"\(HTMLEscape.text(HTMLEscape.path(link)))\">\(title)</a>"
      }
      line("<th scope=\"col\" title=\"\(HTMLEscape.text(column.note))\">\(title)</th>")
    }
    line("</tr></thead>")
    line("<tbody>")
    for row in grid.rows {
      var cells = ""
      for (index, column) in grid.columns.enumerated() {
        guard index < row.cells.count, let cell = row.cells[index] else {
          cells += "<td class=\"none\" title=\"\(HTMLEscape.text(column.note)): none\">·</td>"
          continue
        }
        cells += sign(cell.status, "\(row.label), \(column.note): \(cell.words)", nil)
      }
      line(
        "<tr><th scope=\"row\"\(HTMLEscape.language(row.label))>\(HTMLEscape.text(row.label))</th>\(cells)</tr>"
      )
    }
    line("</tbody></table></div>")
    line(
      "<p class=\"legend\">✓ better, = same, ✗ worse or failed, ? cannot tell, ! incomplete, · none</p>"
    )
  }

  private func sign(_ status: Status, _ words: String, _ link: String?) -> String {
    let text = HTMLEscape.text(words)
    var mark = "<span aria-hidden=\"true\">\(status.sign)</span><span class=\"away\">\(text)</span>"
    if let link { mark = "<a href=\"\(HTMLEscape.text(HTMLEscape.path(link)))\">\(mark)</a>" }
    return "<td class=\"\(status.rawValue)\" title=\"\(text)\">\(mark)</td>"
  }

  /// A column a week, Monday on top; months over the weeks.
  mutating func calendar(_ map: CalendarMap, named name: String) {
    var days: [Int: CalendarMap.Day] = [:]
    for day in map.days {
      if let number = CalendarDate(day.date)?.number { days[number] = day }
    }
    guard let first = days.keys.min(), let last = days.keys.max() else {
      line(element("p", "No days.", class: "hint"))
      return
    }
    // Day 0, 1970-01-01, was a Thursday. A year of weeks at most: the newest.
    let lastWeek = CalendarDate.week(of: last)
    let firstWeek = max(CalendarDate.week(of: first), lastWeek - 52)
    openScroll(named: name)
    line("<table class=\"signs calendar\">")
    line(element("caption", map.summary))
    line("<thead><tr><th scope=\"col\"></th>")
    var month = 0
    for week in firstWeek...lastWeek {
      let monday = CalendarDate(number: CalendarDate.monday(ofWeek: week))
      let title = monday.month == month ? "" : CalendarDate.months[monday.month - 1]
      month = monday.month
      line("<th scope=\"col\">\(title)</th>")
    }
    line("</tr></thead>")
    line("<tbody>")
    for (weekday, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].enumerated() {
      var cells = ""
      for week in firstWeek...lastWeek {
        if let day = days[CalendarDate.monday(ofWeek: week) + weekday] {
          cells += sign(day.status, "\(day.date): \(day.words)", day.link)
        } else {
          cells += "<td class=\"none\"></td>"
        }
      }
      line("<tr><th scope=\"row\">\(name)</th>\(cells)</tr>")
    }
    line("</tbody></table></div>")
  }

  /// A region that scrolls sideways on its own.
  mutating func openScroll(named name: String) {
    line(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(HTMLEscape.text(name))\">"
    )
  }
}
