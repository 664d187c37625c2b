import DSXCore
import Testing

@testable import Metrics

@Suite struct SignificanceTests {
  /// Expected values from scipy 1.17.1.
  @Test func distributions() {
    #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-14)
    #expect(abs(NormalDistribution.quantile(0.5)) < 1e-15)
    #expect(abs(NormalDistribution.quantile(1e-10) + 6.361340902404056) < 1e-12)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(abs(BetaDistribution.cumulative(0.3, 2, 5) - 0.579825) < 1e-12)
    #expect(abs(BetaDistribution.quantile(0.579825, 2, 5) - 0.3) < 1e-12)
    for p in stride(from: 0.001, to: 1, by: 0.037) {
      let x = BetaDistribution.quantile(p, 3.5, 0.7)
      #expect(abs(BetaDistribution.cumulative(x, 3.5, 0.7) - p) < 1e-10)
    }
  }

  @Test func proportions() throws {
    let none = try #require(Interval.wilson(Proportion(hits: 0, trials: 10)))
    #expect(none.low == 0)
    #expect(abs(none.high - 0.2775328) < 1e-7)
    let all = try #require(Interval.wilson(Proportion(hits: 10, trials: 10)))
    #expect(all.high == 1)
    #expect(Interval.wilson(Proportion(hits: 0, trials: 0)) == nil)
    let exact = try #require(Interval.clopperPearson(Proportion(hits: 0, trials: 10)))
    #expect(exact.low == 0)
    #expect(abs(exact.high - 0.3084971078) < 1e-9)
  }

  @Test func noDifferenceIsNoSignificance() throws {
    let same = [0.1, 0.7, 0.3]
    #expect(Wilcoxon.test(same, same)?.pValue == 1)
    #expect(PairedT.test(same, same)?.pValue == 1)
    #expect(McNemar.exact(onlyFirst: 0, onlySecond: 0).pValue == 1)
    #expect(McNemar.exact(onlyFirst: 4, onlySecond: 4).pValue == 1)
    #expect(abs(McNemar.exact(onlyFirst: 1, onlySecond: 9).pValue - 0.021484375) < 1e-12)
    let table = try Self.accuracyTable([true, false, true, true])
    let pair = try PairedTables(table, table)
    #expect(try PairedBootstrap.test(pair, ExampleBootstrap())?.test.pValue == 1)
    #expect(try ApproximateRandomisation(trials: 99).test(pair)?.pValue == 1)
    // sacrebleu calls the same system significant.
    #expect(try ApproximateRandomisation(trials: 99).sacrebleu(pair)?.pValue == 0.01)
    #expect(
      try PairedBootstrap.sacrebleu(pair, ExampleBootstrap(replicates: 99))?.test.pValue == 0.01)
  }

  /// Differences that are equal but for rounding are ties: 4 against 3 right of 10, one of them another.
  /// P(no or at least two draws of that one) = 0.61; without the tie's half it was 0.43.
  @Test func tiesAreNotLeftToRounding() throws {
    let hits = [true, true, true, true] + [Bool](repeating: false, count: 6)
    let pair = try PairedTables(
      Self.accuracyTable(hits), Self.accuracyTable([false] + hits.dropFirst()))
    let p = try #require(
      try PairedBootstrap.test(pair, ExampleBootstrap(replicates: 4000))?.test.pValue)
    #expect(abs(p - 0.613) < 0.03, "\(p)")
    #expect(try ApproximateRandomisation(trials: 99).test(pair)?.pValue == 1)
  }

  @Test func wilcoxonInItsThreeForms() throws {
    // scipy.stats.wilcoxon: exact; all sign changes (ties); normal approximation.
    let exact = try #require(Wilcoxon.test([1, 2, 3, 4, 5], [0, 0, 0, 0, 10.5]))
    #expect(exact.method == "wilcoxon exact")
    #expect(exact.statistic == 5)
    #expect(abs(exact.pValue - 0.625) < 1e-12)
    let tied = try #require(Wilcoxon.test([1, 1, 1, -1, 2], [0, 0, 0, 0, 0]))
    #expect(tied.method == "wilcoxon, all sign changes")
    #expect(abs(tied.pValue - 0.3125) < 1e-12)
    let many = try #require(
      Wilcoxon.test((0..<60).map { Double($0 % 7) }, (0..<60).map { Double($0 % 5) }))
    #expect(many.method == "wilcoxon normal")
    #expect(Wilcoxon.test([], []) == nil)
    #expect(Wilcoxon.test([1], [1, 2]) == nil)
    #expect(Wilcoxon.test([.nan], [1]) == nil)
  }

  @Test func holm() {
    let adjusted = Holm.adjusted([0.01, 0.04, 0.03, 0.5])
    for (ours, theirs) in zip(adjusted, [0.04, 0.09, 0.09, 0.5]) {
      #expect(abs(ours - theirs) < 1e-12)
    }
    #expect(Holm.adjusted([]) == [])
    #expect(abs(DetectableChange.smallest(standardError: 1) - 2.801585218) < 1e-8)
  }

  static func accuracyTable(_ hits: [Bool]) throws -> ExampleTable {
    let metric = try Accuracy.entry.metric()
    var table = ExampleTable(metric)
    for hit in hits {
      try table.append(
        metric.statistics(of: ["label": "a", "prediction": hit ? "a" : "b"]))
    }
    return table
  }
}
