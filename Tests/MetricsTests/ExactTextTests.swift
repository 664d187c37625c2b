import DSXCore
import Testing

@testable import Metrics

/// 'é' in one code point and in two is equal for Swift, and two different texts in data.
@Suite struct ExactTextTests {
  static let composed = "caf\u{e9}"
  static let decomposed = "cafe\u{301}"

  @Test func bytesDecide() {
    let (one, other) = (ExactText(Self.composed), ExactText(Self.decomposed))
    #expect(Self.composed == Self.decomposed)
    #expect(one != other)
    #expect(Set([one, other, ExactText(Self.composed)]).count == 2)
    #expect(other < one)
    #expect(ExactText("") != ExactText("a"))
    #expect(ExactText("\u{ff21}") < ExactText("\u{1f642}"))
  }

  @Test func labels() throws {
    let rows: [MetricRow] = [
      ["label": .string(Self.composed), "prediction": .string(Self.decomposed)],
      ["label": .string(Self.composed), "prediction": .string(Self.composed)],
    ]
    let registry = try Builtins.registry()
    for (name, expected) in [("accuracy", 0.5), ("micro-f1", 0.5), ("macro-f1", 1.0 / 3)] {
      let metric = try registry.find(name).metric()
      let sum = metric.accumulator()
      for row in rows { try sum.add(row) }
      #expect(metric.score(from: sum.statistics) == expected, "\(name)")
      // The form that is stored keeps both, and the order of merging does not show.
      let other = metric.accumulator()
      for row in rows.reversed() { try other.add(row) }
      let text = try metric.encode(sum.statistics).text()
      #expect(try Array(metric.encode(other.statistics).text().utf8) == Array(text.utf8))
      #expect(
        try Array(metric.encode(metric.decode(JSONParser.parse(text))).text().utf8)
          == Array(text.utf8))
    }
    var first = NamedConfusion()
    try first.add(gold: Self.composed, predicted: Self.composed)
    var second = NamedConfusion()
    try second.add(gold: Self.decomposed, predicted: Self.decomposed)
    #expect(first != second)
    let declared = try LabelSet([Self.composed, Self.decomposed])
    #expect(try declared.index(of: Self.decomposed) == 1)
    #expect(declared != (try LabelSet([Self.decomposed, Self.composed])))
    #expect(throws: DSXError.self) { try LabelSet([Self.composed]).index(of: Self.decomposed) }
  }

  @Test func answersAndTags() throws {
    let pair = AnswerPair(prediction: Self.decomposed, answers: [Self.composed])
    for kind in SquadScore.Kind.allCases { #expect(try SquadScore(kind).value(of: pair) == 0) }
    #expect(try ChineseAnswerScore(.f1).value(of: pair) == 0)
    let metric = try EntityScore()
    let tags = try metric.statistics(
      of: EntityScore.Example(
        gold: ["B-" + Self.composed, "O"], predicted: ["B-" + Self.decomposed, "O"]))
    #expect(tags.equalTags == 1)
    #expect(tags.total.hits == 0)
    #expect(tags.types.count == 2)
  }

  @Test func slicesClustersAndIds() throws {
    let plan = try ScoringTests.plan(["accuracy"])
    let names = [Self.composed, Self.decomposed, Self.composed, Self.decomposed]
    var texts: [[UInt8]] = []
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
      var state = ScoreState(plan, sliceColumn: "s", clusterColumn: "c")
      let rows: [MetricRow] = order.map {
        ["label": "a", "prediction": .string($0 == 0 ? "a" : "b")]
      }
      let named = order.map { names[$0] }
      try state.add(
        plan.part(of: ScoreBatch(firstRow: 0, rows: rows, slices: named, clusters: named)))
      #expect(state.slices.count == 2)
      #expect(try state.table(0, slice: nil)?.rows == 2)
      #expect(try state.table(0, slice: Self.composed)?.rows == 1)
      let text = try state.json().text()
      texts.append(Array(text.utf8))
      let back = try ScoreState(json: JSONParser.parse(text), registry: Builtins.registry())
      #expect(back.slices.count == 2)
      let report = try ScoreReport(back, IntervalRule(.none))
      #expect(report.slices.map { $0.lines[0].value } == [0, 0.5])
    }
    #expect(texts[0] == texts[1])
    var state = ScoreState(plan)
    try state.add(
      plan.part(
        of: ScoreBatch(
          firstRow: 0,
          rows: [["label": "a", "prediction": "a"], ["label": "a", "prediction": "b"]],
          ids: [Self.composed, Self.decomposed])))
    let file = try ExampleFile(state)
    let comparison = try Comparison(file, file, Comparison.Settings())
    #expect(comparison.count == 2)
    #expect(comparison.lines[0].equal == 2)
  }
}
