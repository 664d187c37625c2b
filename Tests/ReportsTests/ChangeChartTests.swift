import DSXCore
import Testing

@testable import Reports

@Suite struct ChangeChartTests {
  static func page(_ blocks: Block...) -> ReportDocument {
    ReportDocument(title: "t", sections: [ReportSection("s", panels: [Panel("p", blocks)])])
  }

  static func all(_ text: String) -> [Block] {
    [
      .command(text),
      .forest(
        ForestPlot(
          rows: Status.allCases.map { status in
            ForestPlot.Row(
              label: text, change: 2, low: -30, high: .infinity, status: status, outcome: text,
              note: text)
          }, summary: text)),
      .trend(
        TrendChart(
          points: [
            .init(text, 0.5, margin: 0.1, changed: [text]), .init(text, nil), .init(text, .nan),
            .init(text, 0.7, margin: .infinity, status: .bad),
          ], baseline: 0.6, name: text, summary: text)),
      .reliability(
        ReliabilityDiagram(
          bins: [.init(confidence: 0.4, accuracy: .nan, count: 3, lower: 0, upper: 1)],
          summary: text)),
      .timeline(
        Timeline(
          spans: [
            .init(name: text, line: 0, start: 0, end: 2, status: .good),
            .init(name: text, line: 1, start: 1, end: .nan, status: .bad),
            .init(name: text, line: 1, start: -5, end: 1, status: .warning),
          ], throughput: [1, 2, .nan], unit: text, summary: text)),
      .flips(
        FlipList([
          .init(
            id: text, place: text, text: text, gold: text, before: text, now: "x", status: .bad),
          .init(id: text, text: text, gold: "", before: "", now: text, status: .neutral),
        ])),
      .grid(
        StatusGrid(
          columns: [.init(text, note: text, link: text), .init(text, note: text)],
          rows: [.init(text, [.init(.unsure, text)])], summary: text)),
      .calendar(
        CalendarMap(
          days: [
            .init(date: "2026-11-21", status: .bad, words: text, link: text),
            .init(date: text, status: .good, words: text),
          ], summary: text)),
      .table(
        {
          var table = Table(
            columns: [.words(text), .numbers(text)],
            rows: [
              [
                .init(text, order: 1, link: text),
                .init(text, spark: Sparkline([1, nil, 2], status: .good)),
              ], [.init(text, spark: Sparkline([nil, .nan]))],
            ])
          (table.isSortable, table.isComparable, table.isStacked) = (true, true, true)
          return table
        }()),
    ]
  }

  @Test func picturesAreOfPNGOnly() {
    let bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]
    let made = Picture(png: bytes, label: "a")
    #expect(made.encoded == "iVBORw0KGgoBAg==" && Picture(base64: made.encoded, label: "a") == made)
    for bad in ["", "aGVsbG8=", "iVBORw0KGgo\" onerror=\"x", "data:image/svg+xml,<svg/>"] {
      #expect(Picture(base64: bad, label: "a") == nil)
    }
    var example = ExampleList.Example(
      id: "dev/0/1.png", text: "", gold: "0", predicted: "1", isCorrect: false)
    example.picture = made
    let page = HTMLReport.render(Self.page(.examples(ExampleList([example]))))
    #expect(MarkupCheck.problem(in: page) == nil)
    #expect(page.components(separatedBy: "dev/0/1.png").count == 2)
    #expect(page.contains("src=\"data:image/png;base64,iVBORw0KGgoBAg==\""))
  }

  @Test func axesEndWhereTheNumberDoes() {
    var chart = TrendChart(
      points: [.init("a", 0.97, margin: 0.08), .init("b", 0.99, margin: 0.02)], name: "accuracy",
      summary: "s")
    #expect(TrendScale(chart).ticks.contains { $0 > 1 })
    chart.range = 0...1
    let scale = TrendScale(chart)
    #expect(scale.ticks.allSatisfy { $0 <= 1 } && scale.ticks.count > 1)
    #expect(chart.points[0].band(0.97, in: chart.range).upperBound == 1)
    // The mark of a value at the end lies inside of the plot.
    chart.points.append(.init("c", 1, margin: 0))
    #expect(TrendScale(chart).y(1) > 24 && TrendScale(chart).y(1) < 60)
    // All values at the end of the range.
    chart.points = [.init("a", 1), .init("b", 1)]
    #expect(TrendScale(chart).ticks.allSatisfy { $0 <= 1 })
    // A point's own interval is drawn and told instead of the margin.
    chart.points = [
      .init("a", 0.9, margin: 0.5, ends: 0.7...0.95), .init("b", 0.9, ends: 0.8...0.93),
    ]
    let page = HTMLReport.render(Self.page(.trend(chart)))
    #expect(page.contains(", 0.7") && page.contains(" to 0.95") && !page.contains("± 0.5"))
  }

  @Test(arguments: HTMLReportTests.hostile) func hostileTextIsShownNotObeyed(_ text: String) {
    let document = ReportDocument(
      title: "t", sections: [ReportSection("s", panels: [Panel(text, Self.all(text))])])
    let page = HTMLReport.render(document)
    #expect(MarkupCheck.problem(in: page) == nil)
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(!page.contains("<img"))
    for link in page.components(separatedBy: "href=\"").dropFirst() {
      let path = link.prefix { $0 != "\"" }
      #expect(!path.contains(":") && !path.hasPrefix("//"))
    }
    for line in MarkdownReport.render(document).split(separator: "\n") where line.hasPrefix("|") {
      #expect(line.hasSuffix(" |"))
    }
  }

  @Test func scriptIsSmallAndOnlyWhereItIsOfUse() {
    #expect(HTMLScript.source.utf8.count <= 3072)
    #expect(!HTMLScript.source.contains { "<>&".contains($0) })
    for forbidden in ["eval(", "http", "innerHTML", "fetch", "localStorage", "onclick"] {
      #expect(!HTMLScript.source.contains(forbidden))
    }
    #expect(!HTMLReport.render(SampleReport.document).contains("<script"))
    #expect(HTMLReport.render(Self.page(.command("ls"))).contains("<script>"))
  }

  /// Four errors to each side on 2 %...98 %: 12 % an error.
  @Test func forestLiesWhereItShould() {
    let row = ForestPlot.Row(
      label: "a", change: 2, low: 1, high: 3, status: .good, outcome: "better", note: "n")
    let page = HTMLReport.render(Self.page(.forest(ForestPlot(rows: [row], summary: ""))))
    #expect(page.contains("class=\"interval good\" x1=\"62%\" x2=\"86%\""))
    #expect(page.contains("<rect class=\"noise\" x=\"26.48%\" y=\"0\" width=\"47.04%\""))
    #expect(page.contains("x=\"74%\" y=\"26\" width=\"1\""))
  }

  @Test func trendBreaksWhereARunHasNoValue() {
    let chart = TrendChart(
      points: [.init("1", 1), .init("2", 2), .init("3", nil), .init("4", 3)], name: "x", summary: ""
    )
    let scale = TrendScale(chart)
    #expect(scale.lines.count == 2)
    #expect(scale.bands.isEmpty)
    #expect(scale.y(3) < scale.y(1))
    let flat = TrendScale(TrendChart(points: [.init("1", 5)], name: "x", summary: ""))
    #expect(flat.y(5) > 24 && flat.y(5) < 220)
    let none = HTMLReport.render(
      Self.page(.trend(TrendChart(points: [], name: "x", summary: ""))))
    #expect(MarkupCheck.problem(in: none) == nil)
  }

  @Test func pathsCanOnlyBeRelative() {
    #expect(HTMLEscape.path("javascript:alert(1)") == "javascript%3Aalert%281%29")
    #expect(HTMLEscape.path("//evil/x") == "evil/x")
    #expect(HTMLEscape.path("a b/报.html") == "a%20b/%E6%8A%A5.html")
  }

  @Test func junitTellsFailuresAndErrors() {
    let suite = JUnitReport(
      name: "a&b",
      cases: [
        .init(name: "one", group: "g", outcome: .passed),
        .init(name: "two", group: "g", outcome: .failed(sentence: "fell <b>", kind: "worse")),
        .init(name: "three", group: "g", outcome: .error(sentence: "missing", kind: "incomplete")),
      ], timestamp: "2026-11-21T02:00:00Z", seconds: 1.5)
    let text = suite.render()
    #expect(text.contains("tests=\"3\" failures=\"1\" errors=\"1\""))
    #expect(
      text.contains("<failure message=\"fell &lt;b&gt;\" type=\"worse\">fell &lt;b&gt;</failure>"))
    #expect(text.contains("timestamp=\"2026-11-21T02:00:00\""))
    #expect(text.contains("<testcase classname=\"g\" name=\"one\" time=\"0.000\"/>"))
    let empty = JUnitReport(name: "", cases: []).render()
    #expect(empty.contains("tests=\"0\""))
  }

  @Test func latexIsEscaped() {
    let table = Table(columns: [.words("a_b"), .numbers("50 %")], rows: [["x & y", "1 ± 2"]])
    let text = LaTeXTable.render(table, rules: .booktabs)
    #expect(text.contains("\\toprule\na\\_b & 50 \\% \\\\\n\\midrule\nx \\& y & 1 $\\pm$ 2 \\\\"))
  }
}
