/// One self-contained page: inline style, inline SVG, nothing loaded from anywhere. A page with tables
/// to sort or commands to copy has one small script of its own, and is complete without it.
///
/// The page is well-formed XML but for its doctype, so that tests and tools can parse it. All text of
/// the document is escaped; control characters and bidirectional overrides are made visible.
public enum HTMLReport {
  /// The whole page, UTF-8, ending in a line feed. Linear in the size of the document.
  public static func render(_ report: ReportDocument) -> String {
    var writer = HTMLWriter()
    writer.page(report)
    return writer.text
  }
}

/// Builds the page's text and gives out ids.
struct HTMLWriter {
  /// The text so far.
  private(set) var text = ""
  private var ids = 0

  /// Appends finished markup as a line.
  mutating func line(_ markup: String) { text += markup + "\n" }

  /// A new id, unique on the page.
  mutating func id(_ prefix: String) -> String {
    ids += 1
    return "\(prefix)\(ids)"
  }

  /// `<name class="...">escaped text</name>`, with its language.
  func element(_ name: String, _ content: String, class styles: String? = nil) -> String {
    let style = styles.map { " class=\"\($0)\"" } ?? ""
    let language = HTMLEscape.language(content)
    return "<\(name)\(style)\(language)>\(HTMLEscape.text(content))</\(name)>"
  }

  mutating func page(_ report: ReportDocument) {
    line("<!DOCTYPE html>")
    line("<html lang=\"\(HTMLEscape.text(report.language))\">")
    line("<head>")
    line("<meta charset=\"utf-8\"/>")
    line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
    line("<meta name=\"color-scheme\" content=\"light dark\"/>")
    line(element("title", report.title))
    // No `<` or `&` stands in the sheet, so it is the same text to HTML and XML parsers.
    line("<style>\n\(HTMLStyle.sheet)\n</style>")
    line("</head>")
    line("<body>")
    line("<main class=\"page\">")
    line("<header>")
    line(element("h1", report.title))
    if !report.facts.isEmpty {
      line("<p class=\"facts\">\(report.facts.map { element("span", $0) }.joined())</p>")
    }
    line("</header>")
    if let verdict = report.verdict { self.verdict(verdict) }
    if !report.tiles.isEmpty { tiles(report.tiles) }
    for section in report.sections { self.section(section) }
    if let footer = report.footer { line(element("p", footer, class: "footer")) }
    line("</main>")
    // No `<`, `&` or `>` stands in the script either.
    if report.wantsScript { line("<script>\n\(HTMLScript.source)\n</script>") }
    line("</body>")
    line("</html>")
  }

  private mutating func verdict(_ verdict: Verdict) {
    line("<div class=\"verdict \(verdict.status.rawValue)\" role=\"note\" aria-label=\"verdict\">")
    line("<span class=\"sign\" aria-hidden=\"true\">\(verdict.sign)</span>")
    line("<div>" + element("strong", verdict.headline))
    if !verdict.detail.isEmpty { line(element("p", verdict.detail)) }
    line("</div></div>")
  }

  private mutating func tiles(_ tiles: [Tile]) {
    line("<div class=\"tiles\">")
    for tile in tiles {
      let note = tile.note.map { " " + element("span", $0, class: "note") } ?? ""
      line(
        "<div class=\"tile\">" + element("div", tile.label, class: "name")
          + "<div class=\"value\">\(element("span", tile.value))\(note)</div></div>")
    }
    line("</div>")
  }

  private mutating func section(_ section: ReportSection) {
    line("<section>")
    line(element("h2", section.title))
    if let lead = section.lead { line(element("p", lead, class: "lead")) }
    line("<div class=\"panels\">")
    for panel in section.panels {
      let width =
        switch panel.width {
        case .full: ""
        // Half a page beside nothing would look lost.
        case .half: section.panels.count > 1 ? " half" : ""
        case .tall: " half tall"
        }
      line("<div class=\"panel\(width)\">")
      if panel.title != nil || panel.subtitle != nil {
        line("<header>")
        if let title = panel.title { line(element("h3", title)) }
        if let subtitle = panel.subtitle { line(element("p", subtitle, class: "sub")) }
        line("</header>")
      }
      let name = panel.title ?? section.title
      for block in panel.blocks { self.block(block, named: name) }
      line("</div>")
    }
    line("</div>")
    line("</section>")
  }

  private mutating func block(_ block: Block, named name: String) {
    line("<div class=\"block\">")
    switch block {
    case .paragraph(let words): line(element("p", words))
    case .code(let code):
      let language = HTMLEscape.language(code)
      line("<pre\(language)><code>\(HTMLEscape.text(code, keepingLines: true))</code></pre>")
    case .definitions(let definitions): self.definitions(definitions)
    case .table(let table): self.table(table, named: name)
    case .examples(let list): examples(list, named: name)
    case .bars(let chart): bars(chart, named: name)
    case .histogram(let chart): histogram(chart, named: name)
    case .heatMap(let chart): heatMap(chart, named: name)
    case .pictures(let pictures): self.pictures(pictures)
    case .command(let code):
      let language = HTMLEscape.language(code)
      let words = HTMLEscape.text(code, keepingLines: true)
      line("<pre data-copy=\"1\" tabindex=\"0\"\(language)><code>\(words)</code></pre>")
    case .forest(let chart): forest(chart, named: name)
    case .trend(let chart): trend(chart, named: name)
    case .reliability(let chart): reliability(chart, named: name)
    case .timeline(let chart): timeline(chart, named: name)
    case .flips(let list): flips(list, named: name)
    case .grid(let grid): self.grid(grid, named: name)
    case .calendar(let map): calendar(map, named: name)
    }
    line("</div>")
  }

  private mutating func pictures(_ pictures: [Picture]) {
    line("<div class=\"pictures\">")
    for picture in pictures {
      let label = HTMLEscape.text(picture.label)
      line(
        "<figure><img src=\"\(picture.uri)\" alt=\"\(label)\"/>"
          + element("figcaption", picture.label) + "</figure>")
    }
    line("</div>")
  }

  private mutating func definitions(_ definitions: [Definition]) {
    line("<dl>")
    for definition in definitions {
      let value = element(definition.isCode ? "code" : "span", definition.value)
      line(element("dt", definition.term) + "<dd>\(value)</dd>")
    }
    line("</dl>")
  }
}

extension ReportDocument {
  /// Whether anything on the page does more with a script.
  var wantsScript: Bool {
    sections.contains { section in
      section.panels.contains { panel in
        panel.blocks.contains { block in
          switch block {
          case .table(let table): table.isSortable || table.isComparable
          case .command: true
          default: false
          }
        }
      }
    }
  }
}
