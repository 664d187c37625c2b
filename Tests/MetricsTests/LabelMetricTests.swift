import DSXCore
import Foundation
import Metrics
import Testing

@Suite struct LabelMetricTests {
  static func pairs(_ count: Int, labels: Int, seed: UInt64) -> [LabelPair] {
    var generator = PCG64(seed: seed)
    return (0..<count).map { _ in
      let gold = Int(generator.bounded(UInt32(labels)))
      let isRight = generator.bounded(3) > 0
      return LabelPair(
        gold: gold, predicted: isRight ? gold : Int(generator.bounded(UInt32(labels))))
    }
  }

  @Test func labelsThatNeverOccurStayInTheMacroMean() throws {
    let labels = try LabelSet(["a", "b", "c"])
    let pairs = [LabelPair(gold: 0, predicted: 0), LabelPair(gold: 1, predicted: 1)]
    let result = try LabelMetric.macroF1(labels).evaluate(pairs)
    #expect(result.value == 2.0 / 3)
    #expect(
      result.signature == "labels:3|average:macro|zero_division:0|bs:1000|seed:12345|version:1")
  }

  @Test func accuracyHasTheBinomialError() throws {
    let result = try Accuracy().evaluate([true, true, true, false])
    #expect(result.value == 0.75)
    #expect(abs(try #require(result.standardError) - 0.25) < 1e-15)
    #expect(result.standardErrorMethod == "binomial n-1")
    #expect(try Accuracy().evaluate([true]).standardError == nil)
    // The same as the sample deviation of 0/1 over sqrt(n).
    let other = try #require(Moments.meanError([1, 1, 1, 0]))
    #expect(abs(other - 0.25) < 1e-15)
  }

  /// Expected value from numpy 2.4.6 by the definition in `Bootstrap`.
  @Test func bootstrapFollowsItsDefinition() throws {
    let matrix = try ConfusionMatrix(rows: [[5, 2], [1, 4]])
    let bootstrap = Bootstrap()
    let scores = bootstrap.scores(of: matrix) { $0.averaged(.macro).f }
    #expect(scores.count == 1000)
    let error = try #require(bootstrap.standardError(of: matrix) { $0.averaged(.macro).f })
    #expect(abs(error.value - 0.1360121264636905) < 1e-12)
    #expect(error.method == "bootstrap 1000 seed 12345")
  }

  @Test(arguments: 0..<20) func anyPartitionGivesTheSameResult(_ round: Int) throws {
    let labels = try LabelSet((0..<5).map { "label\($0)" })
    let metric = LabelMetric(
      .f(.macro, beta: 1), labels: labels, bootstrap: Bootstrap(replicates: 20))
    var pairs = Self.pairs(100, labels: 5, seed: UInt64(round))
    let whole = try metric.statistics(of: pairs)
    var generator = PCG64(seed: UInt64(500 + round))
    pairs.shuffle(using: &generator)
    var merged = metric.zero
    var rest = pairs[...]
    while !rest.isEmpty {
      let shard = rest.prefix(1 + Int(generator.bounded(40)))
      rest = rest.dropFirst(shard.count)
      let stored = try JSONEncoder().encode(metric.statistics(of: shard))
      try merged.add(JSONDecoder().decode(ConfusionMatrix.self, from: stored))
    }
    #expect(merged == whole)
    #expect(metric.result(from: merged) == metric.result(from: whole))
  }

  @Test func badLabelsAreErrorsWithAHint() throws {
    let labels = try LabelSet(["体育", "财经"])
    #expect(throws: DSXError.self) { try labels.index(of: "体肓") }
    #expect(throws: DSXError.self) { try LabelSet(["a", "a"]) }
    #expect(throws: DSXError.self) { try LabelSet([]) }
    #expect(throws: DSXError.self) { try LabelSet([""]) }
    let error = #expect(throws: DSXError.self) {
      try LabelMetric.macroF1(labels).evaluate([
        LabelPair(gold: 0, predicted: 1), LabelPair(gold: 2, predicted: 0),
      ])
    }
    #expect(error?.location.row == 1)
    let empty = #expect(throws: DSXError.self) { try LabelMetric.macroF1(labels).evaluate([]) }
    #expect(empty?.code == .nothingToDo)
    var matrix = ConfusionMatrix(labelCount: 2)
    #expect(throws: DSXError.self) { try matrix.add(ConfusionMatrix(labelCount: 3)) }
    #expect(throws: DSXError.self) { try ConfusionMatrix(rows: [[1, 2], [3]]) }
    #expect(throws: DSXError.self) { try ConfusionMatrix(rows: [[-1]]) }
    #expect(throws: DSXError.self) { try ConfusionMatrix(rows: [[Int.max, 0], [0, Int.max]]) }
    for text in [
      #"{"labels":9223372036854775807,"cells":[]}"#, #"{"labels":2,"cells":[1,2,3]}"#,
      #"{"labels":0,"cells":[]}"#,
    ] {
      #expect(throws: (any Error).self) {
        try JSONDecoder().decode(ConfusionMatrix.self, from: Data(text.utf8))
      }
    }
  }

  /// Expected hits from scikit-learn's rule: equal scores rank the later label higher.
  @Test func topKCountsTiesForTheLaterLabel() throws {
    let top1 = try TopKAccuracy(k: 1)
    #expect(try top1.evaluate([.init(scores: [0.5, 0.5, 0], gold: 1)]).value == 1)
    #expect(try top1.evaluate([.init(scores: [0.5, 0.5, 0], gold: 0)]).value == 0)
    #expect(try TopKAccuracy(k: 2).evaluate([.init(scores: [0.5, 0.5, 0], gold: 0)]).value == 1)
    #expect(throws: DSXError.self) { try top1.evaluate([.init(scores: [0.5], gold: 1)]) }
    #expect(throws: DSXError.self) { try top1.evaluate([.init(scores: [.nan], gold: 0)]) }
    #expect(throws: DSXError.self) { try TopKAccuracy(k: 0) }
  }

  @Test func theRegistryKnowsEveryMetric() throws {
    let registry = try Builtins.registry()
    #expect(registry.names().count == Builtins.entries.count)
    let labels = try LabelSet(["a", "b"])
    for name in ["macro-f1", "weighted-precision", "balanced-accuracy", "mcc", "kappa"] {
      #expect(try Builtins.labelMetric(name, labels: labels).name == name)
    }
    #expect(throws: DSXError.self) { try registry.find("macro-f2") }
    #expect(throws: DSXError.self) { try Builtins.labelMetric("marco-f1", labels: labels) }
  }
}
