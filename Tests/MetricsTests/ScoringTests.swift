import DSXCore
import Foundation
import Testing

@testable import Metrics

@Suite struct ScoringTests {
  static func plan(_ metrics: [String], _ settings: [String] = [], keeps: Bool = true) throws
    -> ScorePlan
  {
    try ScorePlan(
      metrics: metrics, settings: settings, keepsExamples: keeps, registry: Builtins.registry())
  }

  static func rows(_ count: Int) -> [MetricRow] {
    (0..<count).map { row in
      ["label": .string(["a", "b"][row % 2]), "prediction": .string(["a", "b"][(row / 3) % 2])]
    }
  }

  static func state(_ plan: ScorePlan, _ rows: [MetricRow], sizes: [Int]) throws -> ScoreState {
    var state = ScoreState(plan, sliceColumn: "s", clusterColumn: "c")
    var first = 0
    for size in sizes + [rows.count] where first < rows.count {
      let end = min(rows.count, first + size)
      let batch = ScoreBatch(
        firstRow: first, rows: Array(rows[first..<end]),
        ids: (first..<end).map { "id\($0)" }, slices: (first..<end).map { "s\($0 % 3)" },
        clusters: (first..<end).map { "c\($0 / 4)" })
      try state.add(plan.part(of: batch))
      first = end
    }
    return state
  }

  /// Batches of any size, stored and read back, and merged in any order: the same bytes and report.
  @Test func anySplitGivesTheSameReport() throws {
    let plan = try Self.plan(["accuracy", "macro-f1", "again=accuracy"])
    let rows = Self.rows(41)
    let whole = try Self.state(plan, rows, sizes: [])
    let text = try whole.json().text()
    let rule = IntervalRule(.bootstrap, replicates: 50)
    let report = try ScoreReport(whole, rule, threads: 2).json.text()
    #expect(try Self.state(plan, rows, sizes: [1, 7, 20]).json().text() == text)
    let registry = try Builtins.registry()
    let back = try ScoreState(json: JSONParser.parse(text), registry: registry)
    #expect(try back.json().text() == text)
    #expect(try ScoreReport(back, rule).json.text() == report)

    // Parts that begin elsewhere: slices and clusters are those of the whole.
    var parts: [ScoreState] = []
    for range in [0..<9, 9..<30, 30..<41] {
      var part = ScoreState(plan, sliceColumn: "s", clusterColumn: "c")
      try part.add(
        plan.part(
          of: ScoreBatch(
            firstRow: range.lowerBound, rows: Array(rows[range]),
            slices: range.map { "s\($0 % 3)" }, clusters: range.map { "c\($0 / 4)" })))
      parts.append(try ScoreState(json: JSONParser.parse(part.json().text()), registry: registry))
    }
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
      var sum = parts[order[0]]
      for place in order.dropFirst() { try sum.merge(parts[place]) }
      #expect(try sum.json().text() == text)
      #expect(try ScoreReport(sum, rule).json.text() == report)
    }
  }

  @Test func otherPlansAreRefused() throws {
    var state = ScoreState(try Self.plan(["accuracy"]))
    #expect(throws: DSXError.self) { try state.merge(ScoreState(Self.plan(["mcc"]))) }
    #expect(throws: DSXError.self) {
      try state.merge(ScoreState(Self.plan(["accuracy"]), sliceColumn: "x"))
    }
    #expect(throws: DSXError.self) {
      try state.merge(ScoreState(Self.plan(["accuracy"], keeps: false)))
    }
    #expect(throws: DSXError.self) { try ScoreReport(state, IntervalRule()) }
    for text in [
      "{}", "{\"dsx-score-state\":2}", "{\"dsx-score-state\":1}", "[]",
      "{\"dsx-score-state\":1,\"count\":1,\"metrics\":[{}]}",
    ] {
      #expect(throws: DSXError.self, "\(text)") {
        try ScoreState(json: JSONParser.parse(text), registry: Builtins.registry())
      }
    }
  }

  /// Counts that contradict one another, and slices without their column.
  @Test func contradictingStatesAreRefused() throws {
    let plan = try Self.plan(["accuracy"], keeps: false)
    let text = try Self.state(plan, Self.rows(9), sizes: []).json().text()
    let registry = try Builtins.registry()
    #expect(throws: Never.self) { try ScoreState(json: JSONParser.parse(text), registry: registry) }
    for (old, new) in [
      ("\"dsx-score-state\":1,\"count\":9", "\"dsx-score-state\":1,\"count\":8"),
      ("\"by\":\"s\"", "\"by\":null"),
      ("\"count\":3,\"statistics\":{\"count\":3", "\"count\":4,\"statistics\":{\"count\":4"),
    ] {
      let broken = text.replacing(old, with: new)
      #expect(broken != text, "\(old)")
      #expect(throws: DSXError.self, "\(new)") {
        try ScoreState(json: JSONParser.parse(broken), registry: registry)
      }
    }
  }

  @Test func wordsOfTheCommandLine() throws {
    let plan = try Self.plan(
      ["bleu", "zh=bleu"],
      ["zh.tokenize=zh", "bleu.lowercase=true", "bleu.smooth-value=0.2", "bleu.smooth=floor"])
    #expect(plan.items.map(\.key) == ["bleu", "zh"])
    #expect(plan.items[1].metric.signature.contains("tok:zh"))
    #expect(plan.items[0].metric.signature.contains("smooth:floor[0.20]"))
    #expect(plan.columns.map(\.role) == ["hypothesis", "references"])
    for (metrics, settings) in [
      (["bleu", "bleu"], []), (["blue"], []), ([], []), (["bleu"], ["tokenize=zh"]),
      (["bleu"], ["bleu.tokenise=zh"]), (["bleu"], ["chrf.order=3"]),
      (["bleu"], ["bleu.lowercase"]),
      (["bleu"], ["bleu.lowercase=maybe"]), (["bleu"], ["bleu.max-order=x"]), (["=bleu"], []),
    ] as [([String], [String])] {
      #expect(throws: DSXError.self, "\(metrics) \(settings)") { try Self.plan(metrics, settings) }
    }
    #expect(throws: DSXError.self) {
      try ScorePlan(
        metrics: ["accuracy"], compat: "sacrebleu", keepsExamples: false,
        registry: Builtins.registry())
    }
  }

  /// An error carries the example's own number, whatever batch it came in.
  @Test func errorsNameTheRow() throws {
    let plan = try Self.plan(["accuracy"])
    let bad = ScoreBatch(
      firstRow: 100, rows: Self.rows(3) + [["label": "a", "prediction": .null]])
    do {
      _ = try plan.part(of: bad)
      Issue.record("a null was taken")
    } catch { #expect(error.location.row == 103) }
  }

  // MARK: comparison

  static func file(_ hits: [Bool], skipping: Int? = nil) throws -> ExampleFile {
    let plan = try Self.plan(["accuracy"])
    var bytes: [UInt8] = []
    ExampleFile.head(plan, sliceColumn: nil, clusterColumn: nil).write(into: &bytes)
    bytes.append(0x0a)
    let rows: [MetricRow] = hits.map { ["label": "a", "prediction": $0 ? "a" : "b"] }
    let ids = hits.indices.map { "n\($0)" }
    for (row, one) in rows.enumerated() where row != skipping {
      let part = try plan.part(of: ScoreBatch(firstRow: row, rows: [one], ids: [ids[row]]))
      try ExampleFile.append(part, plan, firstRow: row, to: &bytes)
    }
    return try bytes.withUnsafeBytes { try ExampleFile(bytes: $0, registry: Builtins.registry()) }
  }

  @Test func clustersOfOneSideAreRefused() throws {
    let plan = try Self.plan(["accuracy"])
    let files = try [nil, "c"].map { cluster in
      var state = ScoreState(plan, clusterColumn: cluster)
      try state.add(
        plan.part(
          of: ScoreBatch(
            firstRow: 0, rows: Self.rows(4),
            clusters: cluster == nil ? [] : ["x", "x", "y", "y"])))
      return try ExampleFile(state)
    }
    for (first, second) in [(0, 1), (1, 0)] {
      #expect(throws: DSXError.self) {
        try Comparison(files[first], files[second], Comparison.Settings())
      }
    }
  }

  @Test func comparison() throws {
    let first = try Self.file([true, true, false, false, true, true])
    let second = try Self.file([true, false, true, true, true, true], skipping: 5)
    let result = try Comparison(first, second, Comparison.Settings())
    #expect(result.count == 5)
    #expect(result.onlyFirst == ["n5"])
    #expect(result.onlySecond.isEmpty)
    let line = try #require(result.lines.first)
    #expect(line.first == 0.6)
    #expect(line.second == 0.8)
    #expect(line.better == 2 && line.worse == 1 && line.equal == 2)
    #expect(line.losses.map(\.id) == ["n1"])
    #expect(line.gains.map(\.id) == ["n3", "n2"])
    #expect(line.test?.method == "mcnemar exact")
    #expect(line.test?.pValue == 1)
    #expect(line.adjusted == 1)
    for test in Comparison.Test.allCases {
      var settings = Comparison.Settings()
      settings.test = test
      settings.replicates = 100
      settings.trials = 100
      let same = try Comparison(first, first, settings)
      #expect(same.lines[0].test?.pValue == 1, "\(test)")
    }
  }

  @Test func brokenExampleFiles() throws {
    let registry = try Builtins.registry()
    let head =
      "{\"dsx-examples\":1,\"by\":null,\"cluster\":null,\"metrics\":[{\"key\":\"accuracy\","
      + "\"metric\":\"accuracy\",\"name\":\"accuracy\",\"signature\":\"version:1\",\"options\":{},"
      + "\"version\":1}]}\n"
    let good = "{\"id\":\"x\",\"metrics\":{\"accuracy\":{\"score\":1.0,\"statistics\":[1,1]}}}\n"
    for text in [
      "", head, good, head + good + good, head + "{}\n",
      head + good.replacingOccurrences(of: "[1,1]", with: "[1]"),
      head + good.replacingOccurrences(of: "[1,1]", with: "[1,-1]"),
      head + good.replacingOccurrences(of: "\"x\"", with: "null"),
      head.replacingOccurrences(of: "1,\"by", with: "2,\"by") + good,
      head.replacingOccurrences(of: "version:1", with: "version:3") + good, head + "{\"id\":",
    ] {
      #expect(throws: DSXError.self, "\(text)") {
        try Array(text.utf8).withUnsafeBytes { try ExampleFile(bytes: $0, registry: registry) }
      }
    }
  }
}
