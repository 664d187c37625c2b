import DSXCore
import Metrics
import Testing

@Suite struct PairMetricTests {
  private func pairs(_ gold: [Double], _ predicted: [Double]) -> [NumberPair] {
    zip(gold, predicted).map { NumberPair(gold: $0, predicted: $1) }
  }

  /// Sums are exact, so a large mean costs no digit: the values are those of the data less their mean.
  @Test func aLargeMeanCostsNoDigit() throws {
    let gold = [1.0, 2, 3, 4, 7, 5]
    let predicted = [2.0, 1, 4, 3, 6, 6]
    let plain = try PairSumMetric(.pearson).statistics(of: pairs(gold, predicted))
    let moved = try PairSumMetric(.pearson).statistics(
      of: pairs(gold.map { $0 + 1e12 }, predicted.map { $0 + 1e12 }))
    #expect(plain.pearson == moved.pearson)
    #expect(plain.determination == moved.determination)
    #expect(plain.explainedVariance == moved.explainedVariance)
    let mean = try MeanSquaredError().statistics(of: pairs(gold, predicted))
    #expect(mean.mean == 1)
  }

  @Test func constantSidesHaveNoCorrelation() throws {
    let constant = pairs([1, 1, 1], [1, 2, 3])
    #expect(try PairSumMetric(.pearson).statistics(of: constant).pearson == nil)
    #expect(try RankCorrelation(.spearman).statistics(of: constant).spearman == nil)
    #expect(try RankCorrelation(.kendall).statistics(of: constant).kendall == nil)
    #expect(try PairSumMetric(.determination).statistics(of: constant).determination == 0)
    let same = try PairSumMetric(.determination).statistics(of: pairs([1, 1], [1, 1]))
    #expect(same.determination == 1)
    #expect(try PairSumMetric(.determination).statistics(of: pairs([1], [2])).determination == nil)
  }

  @Test(arguments: [.nan, Double.infinity, -.infinity]) func valuesMustBeFinite(_ bad: Double) {
    let pair = NumberPair(gold: 1, predicted: bad)
    #expect(throws: DSXError.self) { try MeanSquaredError().value(of: pair) }
    #expect(throws: DSXError.self) { try PairSumMetric(.pearson).statistics(of: pair) }
    #expect(throws: DSXError.self) { try RankCorrelation(.kendall).statistics(of: pair) }
    #expect(throws: DSXError.self) { try AbsoluteErrorRank(.median).statistics(of: pair) }
  }

  /// Kendall's tau against the definition, pair by pair.
  @Test func tauCountsPairs() throws {
    var generator = PCG64(seed: 7)
    for _ in 0..<100 {
      let count = 2 + Int(generator.bounded(12))
      let values = (0..<count).map { _ in
        NumberPair(gold: Double(generator.bounded(4)), predicted: Double(generator.bounded(4)))
      }
      var (balance, left, right) = (0, 0, 0)
      for (place, a) in values.enumerated() {
        for b in values[..<place] {
          let x = (a.gold - b.gold).sign == .minus ? -1 : a.gold == b.gold ? 0 : 1
          let y =
            (a.predicted - b.predicted).sign == .minus ? -1 : a.predicted == b.predicted ? 0 : 1
          balance += x * y
          left += x * x
          right += y * y
        }
      }
      let ours = try RankCorrelation(.kendall).statistics(of: values).kendall
      if left == 0 || right == 0 {
        #expect(ours == nil)
      } else {
        let tau = Double(balance) / (Double(left) * Double(right)).squareRoot()
        #expect(abs(try #require(ours) - tau) < 1e-12)
      }
    }
  }

  @Test func listsAreChecked() throws {
    for list in [
      RankedList(scores: [1], relevance: []), RankedList(scores: [], relevance: []),
      RankedList(scores: [.nan], relevance: [1]), RankedList(scores: [1], relevance: [-1]),
    ] {
      #expect(throws: DSXError.self) { try DiscountedGain().value(of: list) }
      #expect(throws: DSXError.self) { try RetrievalMetric(.recall, k: 1).value(of: list) }
    }
    #expect(throws: DSXError.self) { try RetrievalMetric(.recall, k: 0) }
    let none = RankedList(scores: [1, 2], relevance: [0, 0])
    #expect(try DiscountedGain().value(of: none) == 0)
    #expect(try RetrievalMetric(.averagePrecision).value(of: none) == 0)
  }

  @Test func imagesAreChecked() throws {
    #expect(throws: DSXError.self) {
      try ImagePair(gold: [[[1, 2], [3]]], predicted: [[[1, 2], [3]]])
    }
    #expect(throws: DSXError.self) { try ImagePair(gold: [[[1]]], predicted: [[[1, 2]]]) }
    #expect(throws: DSXError.self) { try ImagePair(gold: [], predicted: []) }
    #expect(throws: DSXError.self) { try ImagePair(gold: [[[.nan]]], predicted: [[[1]]]) }
    let small = try ImagePair(gold: [[[1]]], predicted: [[[1]]])
    #expect(throws: DSXError.self) { try StructuralSimilarity().value(of: small) }
    let metric = try MeanIntersection(classes: 2)
    let error = #expect(throws: DSXError.self) {
      try metric.statistics(of: MeanIntersection.Example(gold: [0, 1, 0], predicted: [0, 1, 2]))
    }
    #expect(error?.message.hasPrefix("pixel 2: ") == true)
  }
}
