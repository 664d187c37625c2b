import DSXCore
import Foundation
import FoundationXML
import Testing

@testable import Evaluation
@testable import Reports

/// Reports from the sample documents of Tests/Fixtures/reports.
@Suite struct ReportRenderingTests {
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .path + "/Fixtures/reports"
  static let names = [
    "answers", "classification", "failed", "generation", "night", "night-chinese", "perplexity",
  ]

  static func value(_ name: String) throws -> JSONValue {
    try JSONParser.parse(file: folder + "/\(name).json")
  }

  static func report(_ name: String) throws -> AnyReport { try AnyReport(value(name)) }

  /// A page or JUnit file as an XML parser of another hand sees it; nil when it is well-formed.
  static func fault(_ text: String) -> String? {
    let body = text.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "")
    let parser = XMLParser(data: Data(body.utf8))
    return parser.parse() ? nil : "line \(parser.lineNumber): \(parser.parserError as Any)"
  }

  @Test(arguments: names) func readsWhatItWrites(_ name: String) throws {
    let report = try Self.report(name)
    let again = try AnyReport(report.json)
    #expect(again.json == report.json)
    #expect(report.json.object?.last?.name == "runtime")
    #expect(ReportForm.source(again) == ReportForm.source(report))
  }

  @Test(arguments: names) func pagesLoadNothingAndAreWellFormed(_ name: String) throws {
    let report = try Self.report(name)
    let page = ReportForm.html.render(report)
    #expect(Self.fault(page) == nil)
    for forbidden in ["http", "src=", "url(", "@import", "javascript", "<link", "<img", "onclick"] {
      #expect(!page.contains(forbidden), "\(name) contains \(forbidden)")
    }
    #expect(page.utf8.count < 300_000)
    #expect(page == ReportForm.html.render(report))
    #expect(Self.fault(ReportForm.junit.render(report)) == nil)
    // Every chart has a name for those who cannot see it.
    for chart in page.components(separatedBy: "<svg ").dropFirst() {
      let head = chart.prefix { $0 != ">" }
      #expect(
        head.contains("role=\"img\"") || head.contains("class=\"point\"") || head.contains("plot\"")
      )
    }
  }

  /// A baseline of another size is not rounded to this run's error.
  @Test func aBaselineHasItsOwnDigits() {
    let result = ReportResult(
      metric: "token-perplexity", value: 329_000, standardError: 40_000, count: 9, signature: "",
      higherIsBetter: false)
    func text(_ value: Double, _ error: Double?) -> String {
      ReportLine(
        model: "m", dataset: "d", result: result,
        change: MetricChange(
          metric: "token-perplexity", baselineValue: value, baselineError: error, delta: nil,
          outcome: .worse)
      ).baselineText
    }
    #expect(text(27.318, 0.41) == "27.32")
    #expect(text(27.318, nil) == "27.32")
    #expect(text(331_234, 40_000) == "331,000")
  }

  /// Models of a night have a column of their own, and results.csv plain names of data sets.
  @Test func severalModelsHaveAColumn() throws {
    guard case .night(var night) = try Self.report("night"), var second = night.cells.first else {
      throw TestProblem()
    }
    second.cell = "other--" + second.cell
    second.report?.model = ["name": "other"]
    night.cells.append(second)
    let lines = ReportLine.lines(night)
    let names = Set(night.cells.compactMap { $0.report?.datasetName })
    #expect(lines.allSatisfy { names.contains($0.dataset) })
    #expect(ReportPage.resultsTable(lines).columns.first?.title == "model")
    #expect(lines.last?.name.contains("· other") == true)
  }

  @Test func aNightKeepsItsDate() {
    #expect(ReportPage.night("2026-11-19") == "2026-11-19")
    #expect(ReportPage.night("2026-11-19-b") == "2026-11-19")
    #expect(ReportPage.night("2026-11-191") == nil)
    #expect(ReportPage.night("nightly") == nil)
    #expect(ReportPage.night("nightly-2026-11-19") == "2026-11-19")
    #expect(ReportPage.night("since-2026-01-01-2026-11-19-b") == "2026-11-19")
    #expect(ReportPage.night("run2026-11-19") == nil)
  }

  /// The size bound of a night with 20 metrics.
  @Test func aNightOfTwentyMetricsStaysSmall() throws {
    guard case .night(let night) = try Self.report("night") else { throw TestProblem() }
    #expect(night.cells.reduce(0) { $0 + ($1.report?.results.count ?? 0) } >= 20)
    #expect(ReportForm.html.render(.night(night)).utf8.count < 300_000)
  }

  struct TestProblem: Error {}

  /// All strings but those that the schema fixes are hostile: every form stays whole.
  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]></style></title></svg>",
    "a\u{0}b\u{1b}[31m\u{202E}c\u{2028}", "line\nbreak\r|x|\t`y`", "=1+1,\"q\"",
    "\\end{tabular} % $x$",
    "{{7*7}} &amp; --> 长文", "",
  ])
  func hostileTextIsShownNotObeyed(_ text: String) throws {
    for name in ["answers", "night", "perplexity", "classification"] {
      let report = try AnyReport(Self.hostile(try Self.value(name), text))
      let page = ReportForm.html.render(report)
      #expect(Self.fault(page) == nil)
      #expect(page.components(separatedBy: "<script").count == 2)
      #expect(!page.contains("<img"))
      #expect(Self.fault(ReportForm.junit.render(report)) == nil)
      let csv = ReportForm.csv.render(report)
      #expect(csv.utf8.count { $0 == UInt8(ascii: "\"") }.isMultiple(of: 2))
      for line in ReportForm.md.render(report).split(separator: "\n") where line.hasPrefix("|") {
        #expect(line.hasSuffix("|"))
      }
      let tex = ReportForm.tex.render(report)
      #expect(tex.components(separatedBy: "\\end{tabular}").count == 2)
    }
  }

  private static let fixed: Set<String> = [
    "schema", "kind", "status", "outcome", "verdict", "direction", "value", "metric", "cell",
  ]

  private static func hostile(_ value: JSONValue, _ text: String) -> JSONValue {
    switch value {
    case .string: .string(text)
    case .array(let elements): .array(elements.map { hostile($0, text) })
    case .object(let members):
      .object(
        members.map { member in
          let isFixed = fixed.contains(member.name) && member.value.string != nil
          return .init(member.name, isFixed ? member.value : hostile(member.value, text))
        })
    default: value
    }
  }

  // MARK: what is said

  /// One verdict, in the same words everywhere.
  @Test func everyFormSaysTheVerdict() throws {
    let report = try Self.report("night")
    guard case .night(let night) = report, let verdict = night.verdict else { throw TestProblem() }
    let page = ReportForm.html.render(report)
    #expect(page.contains("<strong>1 of 9 gates failed</strong>"))
    #expect(ReportForm.md.render(report).contains("> **✗ 1 of 9 gates failed**"))
    let sentence = night.gates.first { $0.status == .failed }?.sentence ?? "?"
    #expect(verdict.sentence.hasPrefix(sentence))
    let junit = ReportForm.junit.render(report)
    #expect(junit.contains("tests=\"9\" failures=\"1\" errors=\"0\""))
    #expect(junit.contains(HTMLEscape.text(sentence) + "</failure>"))
    #expect(page.contains("&lt;0.001"))
    #expect(!page.contains(">0.000<"))
  }

  @Test func worstComesFirst() throws {
    guard case .night(let night) = try Self.report("night") else { throw TestProblem() }
    let lines = ReportLine.sorted(ReportLine.lines(night))
    #expect(lines.first?.name == "cmrc2018 f1")
    #expect(lines.map(\.rank) == lines.map(\.rank).sorted())
  }

  /// A pill says what the test said, whatever the numbers beside it look like.
  @Test func pillsComeFromTheOutcomeOnly() throws {
    guard case .run(var run) = try Self.report("answers") else { throw TestProblem() }
    func pill() -> String? { ReportLine.lines(run).first { $0.result.metric == "f1" }?.pill?.text }
    #expect(pill() == "worse")
    run.comparison?.metrics[1].delta = 0.9
    run.comparison?.metrics[1].p = 0.99
    #expect(pill() == "worse")
    run.gates[0].outcome = .cannotTell
    run.gates[0].status = .passed
    #expect(pill() == "cannot tell")
    run.gates[0].status = .incomplete
    #expect(pill() == "incomplete")
    run.gates[0].status = .failed
    #expect(pill() == "under floor")
    run.gates = []
    #expect(pill() == "worse")
    run.comparison = nil
    #expect(pill() == nil)
  }

  /// Of several gates on one metric the row shows the one that fails.
  @Test func theWorstOfSeveralGatesIsShown() throws {
    guard case .run(var run) = try Self.report("answers") else { throw TestProblem() }
    let floor = ReportGate(
      name: "floor", metric: "em", status: .passed, outcome: nil, sentence: "held")
    let test = ReportGate(
      name: "test", metric: "em", status: .incomplete, outcome: nil, sentence: "no baseline")
    run.gates += [floor, test]
    let line = try #require(ReportLine.lines(run).first { $0.result.metric == "em" })
    #expect(line.gate?.name == "test")
    run.gates.removeLast()
    #expect(ReportLine.lines(run).first { $0.result.metric == "em" }?.pill?.text == "floor held")
  }

  /// Long texts, many groups and many labels do not make the page grow without bound.
  @Test func largeReportsStaySmall() throws {
    guard case .run(var run) = try Self.report("answers") else { throw TestProblem() }
    let long = String(repeating: "很长的回答 and words ", count: 2000)
    run.flips?.rows = (0..<500).map { index in
      ReportFlip(
        id: "\(index)", direction: .otherwise, text: long, gold: long, before: long, now: "x" + long
      )
    }
    run.slices = [
      SliceScores(
        by: "x", metric: "f1",
        groups: (0..<5000).map { .init(name: "g\($0)", count: 1, value: 0.5) })
    ]
    run.perClass = (0..<1000).map { index in
      ClassScore(
        label: "\(index)", precision: 0.5, recall: 0.5, f1: Double(index) / 1000, support: 3,
        predicted: 3)
    }
    let counts = (0..<300).map { row in (0..<300).map { row == $0 ? 9 : 1 } }
    run.confusion = ConfusionTable(labels: (0..<300).map { "\($0)" }, rows: counts)
    run.runtime?.shards = (0..<20_000).map { index in
      .init(
        name: "s\(index)", worker: index % 8, start: Double(index / 8), end: Double(index / 8) + 0.9
      )
    }
    #expect(ReportForm.html.render(.run(run)).utf8.count < 600_000)
  }

  @Test func errorsOfRoundingAloneAreNone() {
    #expect(ReportNumber.text(0.3, error: 5.6e-17) == "0.3000")
    #expect(ReportNumber.text(0.3, error: 0.012) == "0.300")
    #expect(ReportNumber.text(2.03e44, error: 1e42) == "2.03e44")
    #expect(ReportNumber.text(nil, error: 1) == "—")
  }

  @Test func flipsMarkWordsRightToWrongFirst() throws {
    let page = ReportForm.html.render(try Self.report("answers"))
    #expect(page.contains("光荣<del>和ω-force</del>"))
    #expect(page.contains("安徽<ins>铜陵市</ins>"))
    #expect(page.contains("Debian <ins>7</ins> <ins>wheezy</ins>"))
    let wrong = try #require(page.range(of: "now wrong"))
    let right = try #require(page.range(of: "now right"))
    #expect(wrong.lowerBound < right.lowerBound)
  }

  @Test func aRunWithoutGatesIsOneCase() throws {
    let perplexity = ReportForm.junit.render(try Self.report("perplexity"))
    #expect(perplexity.contains("tests=\"1\" failures=\"0\" errors=\"0\""))
    let failed = ReportForm.junit.render(try Self.report("failed"))
    #expect(failed.contains("tests=\"1\" failures=\"0\" errors=\"1\""))
    #expect(failed.contains("3 of 3 examples failed or are missing"))
  }

  @Test func csvHasEveryNumberInFull() throws {
    let csv = ReportForm.csv.render(try Self.report("night"))
    let lines = csv.components(separatedBy: "\r\n").filter { !$0.isEmpty }
    #expect(lines.count == 21)
    #expect(lines[0].hasPrefix("cell,model,dataset,metric,value,"))
    #expect(csv.contains("pangu_mini--cmrc2018,pangu_mini,cmrc2018,f1,0.2112,share,0.0071,"))
    #expect(csv.contains(",2.03e+44,"))
  }

  @Test func sectionsFollowTheReadersQuestions() throws {
    let titles = { (name: String) in
      ReportPage.document(try Self.report(name)).sections.map(\.title)
    }
    #expect(
      try titles("answers") == [
        "Results against the baseline (run 000098)", "What changed", "Gates",
        "Answers that flipped", "Scores", "Run", "Reproduce",
      ])
    #expect(
      try titles("classification") == [
        "Results", "Labels", "Scores", "Examples", "Data", "Run", "Reproduce",
      ])
    #expect(try titles("failed") == ["Results", "Examples without scores", "Reproduce"])
    let night = try titles("night")
    #expect(night.prefix(5).last == "cmrc2018")
    #expect(night.suffix(3) == ["Cells", "Run", "Reproduce"])
  }

  @Test func trendsEndWithTonight() throws {
    guard case .night(let night) = try Self.report("night") else { throw TestProblem() }
    let lines = ReportLine.lines(night)
    let line = try #require(lines.first { $0.name == "cmrc2018 f1" })
    let chart = try #require(ReportPage.trend(line, now: "tonight"))
    #expect(chart.points.count == 30)
    #expect(chart.points.last?.value == 0.2112)
    #expect(chart.points.last?.status == .bad)
    #expect(chart.points.contains { $0.changed == ["model"] })
  }

  @Test func aMergeRequestGetsTheShortForm() throws {
    let text = ReportForm.md.render(try Self.report("night"))
    #expect(text.utf8.count < 8000)
    #expect(text.contains("| cmrc2018"))
    #expect(text.contains("## Gates"))
    #expect(!text.contains("tnews accuracy did not change"))
  }

  // MARK: what is refused

  @Test func wrongReportsAreRefusedWithTheirPlace() throws {
    func error(_ text: String) -> DSXError? {
      do {
        _ = try AnyReport(try JSONParser.parse(text))
        return nil
      } catch { return error }
    }
    #expect(error("{}")?.code == .malformed)
    #expect(error("[]")?.code == .malformed)
    let head = "\"schema\":\"dsx-evaluation-report\",\"schema_version\":"
    #expect(error("{\(head)1}")?.code == .unsupported)
    #expect(error("{\(head)2,\"kind\":\"day\"}")?.message.contains("'kind'") == true)
    let run = "{\(head)2,\"kind\":\"run\",\"counts\":{\"requested\":1}"
    #expect(error("\(run)}") == nil)
    #expect(error("\(run),\"unknown\":1}") == nil)
    #expect(
      error("\(run),\"results\":[{\"metric\":\"a\",\"value\":\"x\"}]}")?.message
        == "'results[0].value' is no number")
    #expect(
      error("\(run),\"gates\":[{\"name\":\"a\",\"metric\":\"b\",\"outcome\":\"fine\"}]}") != nil)
    #expect(
      error("\(run),\"confusion\":{\"labels\":[\"a\"],\"rows\":[[1,2]]}}")?.message.contains("rows")
        == true)
    #expect(
      error("\(run),\"data_card\":{\"tokens\":{\"lower\":1,\"upper\":1,\"counts\":[1]}}}") != nil)
    #expect(error("{\(head)2,\"kind\":\"run\",\"counts\":{\"requested\":-1}}") != nil)
  }

  /// A report with no more than what must be there has a page.
  @Test func theSmallestReportHasAPage() throws {
    let head = "\"schema\":\"dsx-evaluation-report\",\"schema_version\":2,\"kind\":"
    for text in ["{\(head)\"run\",\"counts\":{}}", "{\(head)\"night\"}"] {
      let report = try AnyReport(try JSONParser.parse(text))
      for form in ReportForm.allCases { #expect(!form.render(report).isEmpty) }
      #expect(Self.fault(ReportForm.html.render(report)) == nil)
      #expect(Self.fault(ReportForm.junit.render(report)) == nil)
    }
  }

  // MARK: index

  @Test func indexShowsNights() throws {
    let folder = NSTemporaryDirectory() + "dsx-index-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard case .night(var night) = try Self.report("night") else { throw TestProblem() }
    for (day, name) in [("19", "000125"), ("20", "000126"), ("21", "000127")] {
      night.runtime?.started = "2026-11-\(day)T02:00:00Z"
      try FilePath.makeFolder(folder + "/" + name)
      try FilePath.write(
        Array(ReportForm.source(.night(night)).utf8), to: "\(folder)/\(name)/report.json")
      if name != "000126" {
        try ReportForm.write(.night(night), [.html], into: "\(folder)/\(name)")
      }
    }
    try FilePath.makeFolder(folder + "/other")
    try FilePath.makeFolder(folder + "/broken")
    try FilePath.write(Array("{".utf8), to: folder + "/broken/report.json")
    let index = try ReportIndex(folder: folder)
    #expect(index.count == 3)
    #expect(index.skipped.map(\.folder) == [folder + "/broken"])
    let page = index.html
    #expect(Self.fault(page) == nil)
    #expect(page == (try ReportIndex(folder: folder)).html)
    for part in [
      "data-compare=\"1\"", "href=\"000127/report.html\"", "class=\"signs calendar\"",
      "2026-11-21: 1 of 9 gates failed",
    ] {
      #expect(page.contains(part), "no \(part)")
    }
    #expect(!page.contains("href=\"000126/report.html\""))
    for forbidden in ["http", "src=", "url(", "@import"] { #expect(!page.contains(forbidden)) }
  }
}
