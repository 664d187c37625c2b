import DSXCore
import Metrics
import Testing

@Suite struct BulkCountTests {
  /// Pairs as the bulk interface takes them.
  static func pairs(_ count: Int, labels: Int, seed: UInt64) -> ([Int32], [Int32]) {
    var generator = PCG64(seed: seed)
    var (gold, predicted): ([Int32], [Int32]) = ([], [])
    for _ in 0..<count {
      gold.append(Int32(generator.bounded(UInt32(labels))))
      predicted.append(Int32(generator.bounded(UInt32(labels))))
    }
    return (gold, predicted)
  }

  static func counted(
    _ gold: [Int32], _ predicted: [Int32], labels: Int, workers: Int = 1
  ) throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labelCount: labels)
    try gold.withUnsafeBufferPointer { gold in
      try predicted.withUnsafeBufferPointer { predicted in
        try matrix.add(gold: gold, predicted: predicted, workers: workers)
      }
    }
    return matrix
  }

  @Test(arguments: [1, 2, 15, 256, 257]) func bulkCountsAreThoseOfOnePairAfterTheOther(
    _ labels: Int
  ) throws {
    for count in [0, 1, 7, 8, 2047, 2048, 2049, 5000] {
      let (gold, predicted) = Self.pairs(count, labels: labels, seed: UInt64(count))
      var plain = ConfusionMatrix(labelCount: labels)
      for (a, b) in zip(gold, predicted) {
        try plain.add(LabelPair(gold: Int(a), predicted: Int(b)))
      }
      #expect(try Self.counted(gold, predicted, labels: labels) == plain)
    }
  }

  @Test func threadsCountTheSame() throws {
    let (gold, predicted) = Self.pairs(3_000_000, labels: 3, seed: 1)
    let one = try Self.counted(gold, predicted, labels: 3)
    #expect(try Self.counted(gold, predicted, labels: 3, workers: 3) == one)
    #expect(one.count == 3_000_000)
  }

  @Test(arguments: [1, 2]) func aLabelOutsideNamesItsRowAndChangesNothing(_ workers: Int) throws {
    for bad in [Int32(-1), 3, .max, .min] {
      var (gold, predicted) = Self.pairs(4000, labels: 3, seed: 2)
      predicted[2100] = bad
      gold[3000] = bad
      let error = #expect(throws: DSXError.self) {
        try Self.counted(gold, predicted, labels: 3, workers: workers)
      }
      #expect(error?.location.row == 2100)
      #expect(error?.message.contains("predicted label \(bad)") == true)
    }
    #expect(throws: DSXError.self) { try Self.counted([0], [], labels: 2) }
  }

  @Test func sortedKeysAreSorted() throws {
    var generator = PCG64(seed: 3)
    for count in [0, 1, 2, 255, 256, 257, 4000] {
      var state = RankedScores()
      var values: [Double] = []
      for index in 0..<count {
        let value =
          index % 5 == 0
          ? Double(generator.bounded(4)) : (generator.unit() - 0.5) * (index % 2 == 0 ? 1 : 1e300)
        values.append(value)
        try state.add(value, isPositive: index % 3 == 0)
      }
      let thresholds = state.thresholds.map(\.score)
      #expect(thresholds == Set(values).sorted(by: >))
    }
  }

  @Test func bulkScoresAreThoseOfOneAfterTheOther() throws {
    var generator = PCG64(seed: 4)
    let scores = (0..<3000).map { _ in Double(Float(generator.unit())) }
    let labels = scores.map { UInt8(generator.unit() < $0 ? 1 : 0) }
    var plain = RankedScores()
    for (score, label) in zip(scores, labels) { try plain.add(score, isPositive: label == 1) }
    var doubles = RankedScores()
    var floats = RankedScores()
    try labels.withUnsafeBufferPointer { labels in
      try scores.withUnsafeBufferPointer { try doubles.add(scores: $0, labels: labels) }
      try scores.map(Float.init).withUnsafeBufferPointer {
        try floats.add(scores: $0, labels: labels)
      }
      #expect(throws: DSXError.self) {
        try scores.dropLast().withUnsafeBufferPointer {
          try doubles.add(scores: $0, labels: labels)
        }
      }
    }
    #expect(plain == doubles)
    #expect(plain == floats)
    #expect(plain.areaUnderROC == floats.areaUnderROC)
    var broken = scores
    broken[1234] = .nan
    let before = doubles
    let error = #expect(throws: DSXError.self) {
      try labels.withUnsafeBufferPointer { labels in
        try broken.withUnsafeBufferPointer { try doubles.add(scores: $0, labels: labels) }
      }
    }
    #expect(error?.location.row == 1234)
    #expect(doubles == before)
  }

  /// The exact value lies within the stated bound, and the bound shrinks with more bins.
  @Test func binsStateAnErrorThatHolds() throws {
    var generator = PCG64(seed: 5)
    for round in 0..<50 {
      var exact = RankedScores()
      let metrics = try [4, 64, 4096].map { try BinnedRanking(.areaUnderROC, bins: $0) }
      let precision = try BinnedRanking(.averagePrecision, bins: 64)
      var states = metrics.map(\.zero)
      var binned = precision.zero
      for _ in 0..<(20 + round * 10) {
        let isPositive = generator.bounded(3) == 0
        let score = min(1, generator.unit() * 0.8 + (isPositive ? 0.2 : 0))
        try exact.add(score, isPositive: isPositive)
        for index in states.indices { try states[index].add(score, isPositive: isPositive) }
        try binned.add(score, isPositive: isPositive)
      }
      guard let area = exact.areaUnderROC, let average = exact.averagePrecision else { continue }
      var last = Double.infinity
      for (metric, state) in zip(metrics, states) {
        let score = try #require(metric.score(from: state))
        let bound = try #require(metric.bound(of: state))
        #expect(abs(score - area) <= bound + 1e-12)
        #expect(bound <= last)
        last = bound
      }
      let score = try #require(precision.score(from: binned))
      let bound = try #require(precision.bound(of: binned))
      #expect(abs(score - average) <= bound + 1e-12)
    }
    var state = BinnedScores(bins: 10)
    for bad in [1.5, -0.1, .nan] {
      #expect(throws: DSXError.self) { try state.add(bad, isPositive: true) }
    }
    #expect(throws: DSXError.self) { try state.add(BinnedScores(bins: 11)) }
  }
}
