import DSXCore
import Foundation
import Testing

@testable import Reports

@Suite struct HTMLReportTests {
  let page = HTMLReport.render(SampleReport.document)

  /// With DSX_SAMPLE_REPORT=FOLDER the sample is written there, to be looked at.
  @Test func writesTheSampleWhenAsked() throws {
    guard let folder = ProcessInfo.processInfo.environment["DSX_SAMPLE_REPORT"] else { return }
    try Data(page.utf8).write(to: URL(fileURLWithPath: folder + "/report.html"))
    let markdown = MarkdownReport.render(SampleReport.document)
    try Data(markdown.utf8).write(to: URL(fileURLWithPath: folder + "/report.md"))
  }

  @Test func loadsNothingAndRunsNothing() {
    for forbidden in ["http", "src=", "<script", "url(", "@import", "href=", "javascript", "<link"]
    {
      #expect(!page.contains(forbidden), "the page contains \(forbidden)")
    }
    #expect(page.utf8.count < 300_000)
  }

  @Test func isWellFormed() {
    #expect(MarkupCheck.problem(in: page) == nil)
    let empty = HTMLReport.render(ReportDocument(title: ""))
    #expect(MarkupCheck.problem(in: empty) == nil)
    // The check itself sees what it should.
    #expect(MarkupCheck.problem(in: "<p><b></p></b>") != nil)
    #expect(MarkupCheck.problem(in: "<p class=x></p>") != nil)
    #expect(MarkupCheck.problem(in: "<p>a & b</p>") != nil)
  }

  @Test func everyChartAndTableCanBeReadAloud() {
    #expect(page.components(separatedBy: "<svg ").count == 5)
    #expect(page.components(separatedBy: "<desc id=").count == 5)
    for head in page.components(separatedBy: "<th").dropFirst() where !head.hasPrefix("ead") {
      #expect(head.hasPrefix(" scope="))
    }
    #expect(page.contains("<html lang=\"en\">"))
    #expect(page.contains("<span lang=\"zh-Hans\">") || page.contains("lang=\"zh-Hans\">证券"))
  }

  static let hostile = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "&amp;lt;",
    "]]>",
    "a\u{0}b\u{1b}[31mc\u{7f}\u{85}", "\u{202E}txt.exe", "\u{2066}x\u{2069}",
    "\u{feff}\u{fffe}\u{ffff}",
    "-->", "</style></title></svg>", "line\nbreak\r\ttab", "e\u{301}👩‍👩‍👧 مرحبا",
    String(repeating: "长", count: 500),
  ]

  /// Every string of a document is hostile: the page stays whole, the Markdown keeps its shape.
  @Test(arguments: hostile) func hostileTextIsShownNotObeyed(_ text: String) {
    let document = ReportDocument(
      title: text, facts: [text], language: text,
      verdict: Verdict(status: .bad, headline: text, detail: text),
      tiles: [Tile(text, text, note: text)],
      sections: [
        ReportSection(
          text, lead: text,
          panels: [
            Panel(
              text, subtitle: text,
              [
                .paragraph(text), .code(text), .definitions([.init(text, text, isCode: true)]),
                .table(
                  Table(
                    columns: [.words(text)],
                    rows: [[.init(text, note: text, style: .code)], [.pill(.bad, text)]],
                    caption: text)),
                .bars(
                  BarChart(
                    bars: [.init(text, 1, note: text, isMarked: true)], summary: text,
                    markMeaning: text)),
                .histogram(
                  Histogram(
                    of: [1, 2], axis: text, unit: text, markers: [.init(1.5, text)], summary: text)),
                .heatMap(
                  HeatMap(
                    rowLabels: [text, "b"], columnLabels: [text, "b"], counts: [[1, 2], [3, 4]],
                    rowTitle: text, columnTitle: text, summary: text)),
                .examples(
                  ExampleList(
                    [
                      .init(
                        id: text, text: text, gold: text, predicted: text, isCorrect: false,
                        score: text)
                    ],
                    textTitle: text, scoreTitle: text)),
              ])
          ])
      ], footer: text)
    let page = HTMLReport.render(document)
    #expect(MarkupCheck.problem(in: page) == nil)
    #expect(!page.contains("<script"))
    #expect(!page.contains("<img"))
    let hidden = page.unicodeScalars.filter { $0 != "\n" && $0 != "\t" && VisibleText.isHidden($0) }
    #expect(hidden.isEmpty)
    let markdown = MarkdownReport.render(document)
    #expect(!markdown.contains("<script") || markdown.contains("```"))
    for line in markdown.split(separator: "\n") where line.hasPrefix("|") {
      #expect(line.hasSuffix(" |") || line.hasSuffix(" |\r"))
    }
  }

  /// Bars lie between 34 % and 88 %: 0.5 of 1 is 27 % long and its number stands at 61 %.
  @Test func barsLieWhereTheyShould() {
    let chart = BarChart(
      bars: [.init("a", 0.5), .init("b", 1, standardError: 0.1), .init("c", 0), .init("d", .nan)],
      maximum: 1, summary: "")
    let page = HTMLReport.render(Self.page(.bars(chart)))
    #expect(page.contains("x=\"34%\" y=\"4\" width=\"27%\" height=\"14\""))
    #expect(page.contains("<text class=\"soft\" x=\"61%\" dx=\"6\" y=\"15\">0.50</text>"))
    #expect(page.contains("y=\"26\" width=\"54%\""))
    // 1 - 1.96 * 0.1 = 0.804 of 54 % from 34 %.
    #expect(page.contains("x1=\"77.42%\" x2=\"88%\""))
    #expect(page.contains("y=\"48\" width=\"0%\""))
    #expect(page.contains("y=\"70\" width=\"0%\""))
  }

  /// 0...10 in bins of 1 from 9 % to 99 %: 9 % a bin; 4 of 4 is the whole height of 170.
  @Test func histogramEdgesMayHaveNamesOfTheirOwn() {
    var chart = Histogram(
      lower: 0, upper: 4, counts: [1, 0, 5, 2], axis: "tokens",
      markers: [Histogram.Marker(2.5, "row")], summary: "")
    chart.edgeLabels = ["1", "2", "4", "8", "16"]
    let page = HTMLReport.render(Self.page(.histogram(chart)))
    #expect(page.contains(">4 to 8: 5 examples<"))
    #expect(page.contains(">8 to 16: 2 examples<"))
    // The marker stands in the middle of the third of four bins: 9 % + 90 % * 2.5 / 4.
    #expect(page.contains("x1=\"65.25%\""))
    // A list that is too short leaves names out, and nothing else.
    chart.edgeLabels = ["1"]
    #expect(HTMLReport.render(Self.page(.histogram(chart))).contains("5 examples"))
    let text = MarkdownReport.render(Self.page(.histogram(chart)))
    #expect(text.contains("tokens from"))
  }

  @Test func histogramBinsLieWhereTheyShould() {
    let chart = Histogram(of: [0, 1.5, 1.5, 1.5, 1.5, 10], bins: 10, axis: "x", summary: "")
    #expect(chart.counts == [1, 4, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(chart.lower == 0)
    #expect(chart.upper == 10)
    let page = HTMLReport.render(Self.page(.histogram(chart)))
    #expect(page.contains("x=\"18.1%\" y=\"34\" width=\"8.8%\" height=\"170\""))
    #expect(page.contains("x=\"9.1%\" y=\"161.5\" width=\"8.8%\" height=\"42.5\""))
    #expect(page.contains("1 to 2: 4 examples"))
  }

  @Test(arguments: [
    [], [Double.nan, .infinity], [3, 3, 3], [0], [-1e308, 1e308],
    [.leastNonzeroMagnitude, .leastNormalMagnitude],
    [1e15, 1e15 + 1], [-5, 7.25, 0.1], [Double.greatestFiniteMagnitude],
  ])
  func everyHistogramHoldsAllFiniteValues(_ values: [Double]) {
    for bins in [1, 7, 30] {
      let chart = Histogram(of: values, bins: bins, axis: "x", summary: "")
      #expect(chart.counts.reduce(0, +) + chart.outside == values.count)
      #expect(chart.counts.count <= bins)
      let page = HTMLReport.render(Self.page(.histogram(chart)))
      #expect(MarkupCheck.problem(in: page) == nil)
      #expect(!page.contains("=\"nan") && !page.contains("=\"inf"))
    }
  }

  @Test func largeMatricesPutSmallLabelsTogether() {
    let labels = (0..<30).map { "label\($0)" }
    let counts = (0..<30).map { row in (0..<30).map { row == $0 ? 30 - row : row == 5 ? 1 : 0 } }
    let map = HeatMap.confusion(labels: labels, counts: counts, maximum: 20, summary: "")
    #expect(map.rowLabels.count == 20)
    #expect(map.rowLabels.last == "other (11)")
    #expect(map.counts.joined().reduce(0, +) == counts.joined().reduce(0, +))
    #expect(map.counts[5].count == 20)
    // The cell of the small labels is no right answer, and no name for a mistake.
    #expect(map.isRight(18, 18) && !map.isRight(19, 19) && !map.isRight(0, 1))
    #expect(map.topConfusions(100).allSatisfy { !$0.contains("other") })
    #expect(map.counts[19][19] == (0..<11).reduce(0) { $0 + $1 + 1 })
    #expect(MarkupCheck.problem(in: HTMLReport.render(Self.page(.heatMap(map)))) == nil)
  }

  static func page(_ block: Block) -> ReportDocument {
    ReportDocument(title: "t", sections: [ReportSection("s", panels: [Panel([block])])])
  }

  /// Names of rows end at the cells and must not begin left of the picture.
  @Test func heatMapHasRoomForItsNames() {
    let names = ["108 GNOME 桌面", "WWWWWWWWWWWWWWWW", "程序库"]
    let chart = HeatMap.confusion(
      labels: names, counts: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], summary: "s")
    let layout = HeatMapLayout(chart)
    #expect(layout.left >= 6 + 14 * 12)
    #expect(DisplayWidth.pixels(of: "108 GNOME 桌面") >= 95)
    #expect(DisplayWidth.pixels(of: "") == 0)
  }
}
