import DSXCore
import Metrics
import Testing

@Suite struct ScoreMetricTests {
  @Test func areasWithOneKindOfExamplesAreNotDefined() throws {
    let metric = try BinaryRanking(.areaUnderROC)
    let positives = [0.1, 0.9].map { ScoredBinary(isPositive: true, score: $0) }
    #expect(metric.score(from: try metric.statistics(of: positives)) == nil)
    #expect(metric.score(from: metric.zero) == nil)
    let precision = try BinaryRanking(.averagePrecision)
    #expect(precision.score(from: try precision.statistics(of: positives)) == 1)
    #expect(throws: DSXError.self) {
      try BinaryRanking(.partialAreaUnderROC(maximumFalsePositiveRate: 0))
    }
    #expect(throws: DSXError.self) {
      try metric.statistics(of: ScoredBinary(isPositive: true, score: .nan))
    }
  }

  @Test func infiniteScoresAndMinusZeroHaveTheirPlace() throws {
    var state = RankedScores()
    try state.add(.infinity, isPositive: true)
    try state.add(-.infinity, isPositive: false)
    try state.add(-0.0, isPositive: true)
    try state.add(0.0, isPositive: false)
    #expect(state.areaUnderROC == 3.5 / 4)
  }

  @Test func absentLabelsCountOnlyWhenDeclared() throws {
    // The example of three libraries that disagree: 0.6667, 0.6667 and 0.3333.
    let pairs = [("a", "a"), ("b", "a")].map {
      NamedLabelMetric.Example(gold: $0.0, predicted: $0.1)
    }
    let seen = NamedLabelMetric("macro-f1", .f(beta: 1))
    let declared = NamedLabelMetric(
      "macro-f1", .f(beta: 1), labels: try LabelSet(["a", "b", "c", "d"]))
    let skipping = NamedLabelMetric(
      "macro-f1", .f(beta: 1), labels: try LabelSet(["a", "b", "c", "d"]), absent: .skip)
    func score(_ metric: NamedLabelMetric) throws -> Double? {
      metric.score(from: try metric.statistics(of: pairs))
    }
    #expect(try score(seen) == 1.0 / 3)
    #expect(try score(declared) == 1.0 / 6)
    #expect(try score(skipping) == 1.0 / 3)
    #expect(skipping.signature == "labels:4|average:macro|zero_division:0|absent:skip|version:1")
    let error = #expect(throws: DSXError.self) {
      try declared.statistics(of: NamedLabelMetric.Example(gold: "a", predicted: "e"))
    }
    #expect(error?.message == "the label 'e' is not among the declared ones")
  }

  @Test func labelsThatAreNumbersSortBySize() throws {
    var counts = NamedConfusion()
    for label in ["10", "9", "-1"] { try counts.add(gold: label, predicted: "9") }
    #expect(counts.labels == ["-1", "9", "10"])
    try counts.add(gold: "x", predicted: "9")
    #expect(counts.labels == ["-1", "10", "9", "x"])
  }

  @Test func probabilitiesAreChecked() throws {
    for (scores, gold) in [
      ([0.5, 0.6], 0), ([1.2, -0.2], 0), ([0.5, .nan], 0), ([0.5, 0.5], 2), ([0.5, 0.5], -1),
      ([], 0),
    ] {
      let example = TopKAccuracy.Example(scores: scores, gold: gold)
      #expect(throws: DSXError.self) { try LogLoss().value(of: example) }
      #expect(throws: DSXError.self) { try BrierScore().value(of: example) }
      #expect(throws: DSXError.self) { try Confidence(example) }
    }
    // A probability of 0 costs 52 ln 2, not infinity.
    let sure = TopKAccuracy.Example(scores: [0, 1], gold: 0)
    #expect(try abs(LogLoss().value(of: sure) - 36.04365338911715) < 1e-12)
  }

  /// Bins are [i/n, (i+1)/n) exactly, also where i/n is no short number.
  @Test func bordersBelongToTheUpperBin() throws {
    for bins in [3, 10, 15, 49] {
      var upper = ReliabilityBins(bins: bins)
      var lower = ReliabilityBins(bins: bins, borders: .lower)
      for bin in 0...bins {
        let border = bin == bins ? 1 : Double(bin) * (1 / Double(bins))
        try upper.add(Confidence(border, isHit: true))
        try lower.add(Confidence(border, isHit: true))
      }
      #expect(upper.counts == [Int](repeating: 1, count: bins + 1))
      #expect(lower.counts == [2] + [Int](repeating: 1, count: bins - 1) + [0])
    }
    var state = ReliabilityBins(bins: 2)
    #expect(throws: DSXError.self) { try state.add(Confidence(1.01, isHit: true)) }
    #expect(throws: DSXError.self) { try state.add(ReliabilityBins(bins: 3)) }
  }

  @Test func markedLabelsAreChecked() throws {
    let metric = try MultilabelMetric(.subsetAccuracy, labelCount: 2)
    #expect(throws: DSXError.self) {
      try metric.statistics(of: LabelMarks(gold: [true], predicted: [true, false]))
    }
    #expect(throws: DSXError.self) {
      try MultilabelMetric(.subsetAccuracy, labelCount: 2, zeroDivision: .undefined)
    }
    let none = LabelMarks(gold: [false, false], predicted: [false, false])
    for (zero, value) in [(ZeroDivision.zero, 0.0), (.one, 1.0)] {
      let metric = try MultilabelMetric(.jaccardOverExamples, labelCount: 2, zeroDivision: zero)
      #expect(metric.score(from: try metric.statistics(of: none)) == value)
    }
  }

  @Test func storedStatesThatCannotBeAreErrors() throws {
    func refused<M: Metric>(_ metric: M, _ texts: [String]) throws {
      for text in texts {
        let json = try JSONParser.parse(Array(text.utf8))
        let any = AnyMetric(metric) { (_: MetricRow) throws(DSXError) -> M.Example in
          throw DSXError(.internal, "no example")
        }
        #expect(throws: DSXError.self, "\(text)") { try any.decode(json) }
      }
    }
    try refused(
      MeanSquaredError(),
      [#"{"count":-1,"total":{"first":0,"limbs":[]},"squares":{"first":0,"limbs":[]}}"#, "{}"])
    try refused(
      EntityScore(),
      [
        #"{"count":1,"tags":1,"equalTags":2,"types":[],"hits":[],"gold":[],"predicted":[]}"#,
        #"{"count":1,"tags":1,"equalTags":1,"types":["A","A"],"hits":[0,0],"gold":[1,1],"predicted":[1,1]}"#,
        #"{"count":1,"tags":1,"equalTags":1,"types":["A"],"hits":[2],"gold":[1],"predicted":[2]}"#,
        #"{"count":1,"tags":1,"equalTags":1,"types":["A"],"hits":[],"gold":[1],"predicted":[2]}"#,
      ])
    try refused(
      CalibrationError(),
      [#"{"borders":"upper","counts":[1],"hits":[1],"confidences":[]}"#, "[]", "3"])
    try refused(
      NamedLabelMetric("mcc", .matthews),
      [
        #"{"count":1,"labels":["a"],"gold":[1],"predicted":[0],"counts":[1],"weightedGold":[],"weightedPredicted":[],"weights":[]}"#,
        #"{"count":1,"labels":["a"],"gold":[0],"predicted":[0],"counts":[2],"weightedGold":[],"weightedPredicted":[],"weights":[]}"#,
      ])
    try refused(
      MulticlassRanking(.oneVersusRest, labelCount: 2),
      [#"{"labels":2,"lists":[[1],[],[],[]]}"#, #"{"labels":9,"lists":[]}"#])
    try refused(BinnedRanking(.areaUnderROC), [#"{"positives":[1],"negatives":[]}"#])
    try refused(SegmentationScore(), [#"{"count":1,"hits":3,"gold":2,"predicted":4}"#])
  }
}
