import DSXCore
import Testing

@testable import Metrics

@Suite struct ResamplingTests {
  static func matrix(_ rows: [[Double]]) throws -> ExampleMatrix {
    var matrix = ExampleMatrix(width: rows.first?.count ?? 0)
    for row in rows { try matrix.append(row) }
    return matrix
  }

  /// Every width of a row, whole numbers and fractions: the same sums as one by one.
  @Test(arguments: [1, 2, 3, 4, 7, 8, 10, 15, 16, 31, 40]) func sumsOfRows(_ width: Int) throws {
    var generator = PCG64(seed: UInt64(width))
    for isWhole in [true, false] {
      let rows = (0..<23).map { _ in
        (0..<width).map { _ in
          isWhole ? Double(generator.bounded(1000)) - 300 : generator.unit() - 0.5
        }
      }
      let matrix = try Self.matrix(rows)
      let drawn = (0..<50).map { _ in generator.bounded(23) }
      var sums = [Double](repeating: 0, count: width)
      for row in drawn { for column in 0..<width { sums[column] += rows[Int(row)][column] } }
      #expect(matrix.sum(drawn) == sums + [50])
      for row in 0..<23 { #expect(matrix[row] == rows[row]) }
      #expect(matrix.selecting([3, 3, 0])[1] == rows[3])
    }
  }

  /// Numbers that 32 bits cannot hold, alone or in sum, are summed all the same.
  @Test func largeNumbers() throws {
    let matrix = try Self.matrix([[2e9, 1], [2e9, 2], [1, 3]])
    #expect(matrix.sum([0, 1, 1, 2]) == [6e9 + 1, 8, 4])
    #expect(matrix.prepared().sum([0, 1, 1, 2]) == [6e9 + 1, 8, 4])
    let wide = try Self.matrix([[1e12], [0.5]])
    #expect(wide.sum([0, 0, 1]) == [2e12 + 0.5, 3])
    var mixed = try Self.matrix([[1, 2]])
    #expect(throws: DSXError.self) { try mixed.append([1]) }
    try mixed.append(Self.matrix([[0.25, 4]]))
    #expect(mixed.sum([0, 1]) == [1.25, 6, 2])
  }

  /// The bootstrap of a table does not depend on the order of the examples; sacrebleu's does.
  @Test func intervalsDoNotDependOnOrder() throws {
    let entry = try Builtins.registry().find("bleu")
    let metric = try RandomRows.metric(entry)
    var random = RandomRows(entry, seed: 5)
    let rows = random.rows(40)
    var first = ExampleTable(metric)
    var second = ExampleTable(metric)
    for row in rows { try first.append(metric.statistics(of: row)) }
    for row in rows.reversed() { try second.append(metric.statistics(of: row)) }
    let bootstrap = ExampleBootstrap(replicates: 200)
    let interval = try #require(try bootstrap.interval(first))
    #expect(try bootstrap.interval(second) == interval)
    #expect(interval.low < interval.high)
    #expect(try bootstrap.sacrebleu(first) != nil)
    let whole = try #require(metric.score(from: first.total()))
    #expect(interval.low < whole && whole < interval.high)
  }

  /// Metrics without vectors resample through their statistics themselves.
  @Test func metricsWithoutVectors() throws {
    let entry = try Builtins.registry().find("distinct-n")
    let metric = try RandomRows.metric(entry)
    #expect(!metric.hasVectors)
    var random = RandomRows(entry, seed: 6)
    var table = ExampleTable(metric)
    for row in random.rows(20) { try table.append(metric.statistics(of: row)) }
    #expect(try ExampleBootstrap(replicates: 20).interval(table) != nil)
  }

  /// Clusters of one example each resample as the examples; one cluster has no interval.
  @Test func clusters() throws {
    let table = try SignificanceTests.accuracyTable((0..<30).map { $0 % 3 == 0 })
    let bootstrap = ExampleBootstrap(replicates: 300)
    let single = try table.clustered(by: (0..<30).map(String.init))
    #expect(try bootstrap.interval(single) == bootstrap.interval(table))
    let pairs = try table.clustered(by: (0..<30).map { String($0 % 3) })
    #expect(pairs.rows == 3)
    let wide = try #require(try bootstrap.interval(pairs))
    #expect(wide.high - wide.low > 0.6)
    let one = try table.clustered(by: [String](repeating: "x", count: 30))
    #expect(try bootstrap.interval(one) == nil)
    #expect(throws: DSXError.self) { try table.clustered(by: ["a"]) }
  }

  /// A bootstrap's standard error of a mean comes close to the exact one.
  @Test func bootstrapAgreesWithTheFormula() throws {
    let table = try SignificanceTests.accuracyTable((0..<400).map { $0 % 4 != 0 })
    let interval = try #require(try ExampleBootstrap().interval(table))
    let exact = try #require(Accuracy().standardError(from: HitCount(count: 400, hits: 300)))
    #expect(abs((interval.standardError ?? 0) - exact.value) < 0.1 * exact.value)
  }

  @Test func signatures() {
    #expect(
      ResamplingSignature.inserting(bootstrap: 9, seed: 1, into: "nrefs:1|case:mixed")
        == "nrefs:1|bs:9|seed:1|case:mixed")
    #expect(
      ResamplingSignature.inserting(randomisation: 7, seed: 1, into: "version:1")
        == "version:1|ar:7|seed:1")
    #expect(ResamplingSignature.inserting(seed: 1, into: "a") == "a")
  }

  @Test(arguments: [3, 200, 256, 3000]) func canonicalOrderSortsWholeRows(_ rows: Int) throws {
    var generator = PCG64(seed: 11)
    for (spread, shift) in [(2, 0), (3000, -1500), (1 << 31, -(1 << 30))] {
      var matrix = ExampleMatrix(width: 5)
      var keys: [[Double]] = []
      for _ in 0..<rows {
        // Columns of one value, of few and of many.
        let row = (0..<5).map { column in
          column == 2 ? 4.0 : Double(Int(generator.bounded(UInt32(spread))) + shift)
        }
        try matrix.append(row)
        keys.append(row)
      }
      let expected = (0..<rows).sorted { left, right in
        keys[left] == keys[right]
          ? left < right : keys[left].lexicographicallyPrecedes(keys[right])
      }
      // nil: the rows stand in their order already.
      let order = matrix.canonicalOrder() ?? Array(0..<rows)
      #expect(order == expected)
      #expect(matrix.selecting(order).canonicalOrder() == nil)
    }
  }

  @Test func weightedResamplesAreThoseOfAddedRows() throws {
    var generator = PCG64(seed: 7)
    let metric = try Builtins.registry().find("bleu").metric()
    let width = try #require(metric.zero.components?.count)
    for (rows, magnitude) in [(2, 5), (301, 40), (1500, 3_000_000)] {
      var matrix = ExampleMatrix(width: width)
      for _ in 0..<rows {
        try matrix.append((0..<width).map { _ in Double(generator.bounded(UInt32(magnitude))) })
      }
      let weighted = try #require(WeightedRows(metric, matrix))
      let prepared = matrix.prepared()
      let plain = ExampleBootstrap(replicates: 11, seed: 3).scores(rows: rows) { drawn in
        let sums = prepared.sum(drawn)
        return metric.statistics(components: Array(sums.prefix(width)), count: Int(sums[width]))
          .flatMap { metric.score(from: $0) }
      }
      for workers in [1, 2, 3] {
        let scores = weighted.scores(replicates: 11, PCG64(seed: 3), workers: workers)
        #expect(scores == plain)
      }
    }
  }
}
