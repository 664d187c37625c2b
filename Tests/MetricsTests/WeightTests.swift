import DSXCore
import Testing

@testable import Metrics

@Suite struct WeightTests {
  static func row(_ label: String, _ prediction: String, _ weight: Double?) -> MetricRow {
    [
      "label": .string(label), "prediction": .string(prediction),
      "weight": weight.map { .double($0) } ?? .null,
    ]
  }

  /// scikit-learn 1.9: accuracy_score([a, a, b, c], [a, b, b, a], sample_weight=[0.5, 2, 1.25, 0.25])
  /// is 1.75 / 4, and so is f1_score(average='micro').
  @Test func accuracyIsMicroF1() throws {
    let rows = [
      Self.row("a", "a", 0.5), Self.row("a", "b", 2), Self.row("b", "b", 1.25),
      Self.row("c", "a", 0.25),
    ]
    let plan = try ScoringTests.plan(["accuracy", "micro-f1"])
    var state = ScoreState(plan)
    try state.add(plan.part(of: ScoreBatch(firstRow: 0, rows: rows)))
    let report = try ScoreReport(state, IntervalRule())
    #expect(report.lines.map(\.value) == [0.4375, 0.4375])
    #expect(report.lines[0].signature == "weighted:yes|version:1")
    #expect(report.lines[0].interval == nil)
    let resampled = try ScoreReport(state, IntervalRule(.bootstrap, replicates: 50))
    #expect(resampled.lines.allSatisfy { $0.interval != nil })
    // Any split gives the same bytes, also where only some examples have weights.
    let mixed = rows + [Self.row("b", "b", nil), Self.row("c", "a", nil)]
    var whole = ScoreState(plan)
    try whole.add(plan.part(of: ScoreBatch(firstRow: 0, rows: mixed)))
    #expect(try ScoreReport(whole, IntervalRule(.none)).lines.map(\.value) == [2.75 / 6, 2.75 / 6])
    let text = try whole.json().text()
    for cut in 1..<mixed.count {
      var parts: [ScoreState] = []
      for range in [cut..<mixed.count, 0..<cut] {
        var part = ScoreState(plan)
        try part.add(plan.part(of: ScoreBatch(firstRow: 0, rows: Array(mixed[range]))))
        parts.append(
          try ScoreState(json: JSONParser.parse(part.json().text()), registry: Builtins.registry()))
      }
      try parts[0].merge(parts[1])
      #expect(try parts[0].json().text() == text)
    }
    for weight in [-1, .infinity] as [Double] {
      #expect(throws: DSXError.self) {
        try Accuracy().statistics(of: Accuracy.Example(true, weight: weight))
      }
    }
    #expect(
      try Accuracy().score(from: Accuracy().statistics(of: Accuracy.Example(true, weight: 0)))
        == nil)
  }

  /// Nothing is new where there are no weights.
  @Test func withoutWeights() throws {
    let metric = try Accuracy.entry.metric()
    let one = try metric.statistics(of: ["label": "a", "prediction": "a"])
    #expect(try metric.encode(one).text() == "{\"count\":1,\"hits\":1}")
    #expect(metric.signature(from: one) == "version:1")
    #expect(one.components == [1])
  }

  @Test func brokenStatesAreRefused() throws {
    let metric = try Accuracy.entry.metric()
    let weighted = try metric.encode(metric.statistics(of: Self.row("a", "a", 2))).text()
    #expect(throws: Never.self) { try metric.decode(JSONParser.parse(weighted)) }
    let broken = weighted.replacing("\"hits\":1,\"weighted\"", with: "\"hits\":0,\"weighted\"")
    #expect(broken != weighted)
    #expect(throws: DSXError.self) { try metric.decode(JSONParser.parse(broken)) }
  }
}
