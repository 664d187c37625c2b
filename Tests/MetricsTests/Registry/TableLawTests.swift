import DSXCore
import Testing

@testable import Metrics

/// What a table says of all its rows at once is what it says of them one by one, bit by bit.
@Suite struct TableLawTests {
  private static func bits(_ scores: [Double?]) -> [UInt64?] { scores.map { $0?.bitPattern } }

  @Test(arguments: Builtins.entries.map(\.name)) func bulkIsRowByRow(_ name: String) throws {
    let entry = try Builtins.registry().find(name)
    let metric = try RandomRows.metric(entry)
    guard metric.hasVectors else { return }
    var random = RandomRows(entry, seed: 7)
    var table = ExampleTable(metric)
    for row in random.rows(40) { try table.append(metric.statistics(of: row)) }
    let rows = Array(0..<table.rows)
    // Examples with weights are kept as they are.
    guard rows.isEmpty || table.components(0) != nil else { return }
    #expect(
      Self.bits(table.rowScores()) == Self.bits(rows.map { metric.score(from: table[$0]) }))

    let sum = metric.accumulator()
    for row in rows { try sum.merge(table[row]) }
    let whole = try table.total()
    #expect(try metric.encode(whole).text() == metric.encode(sum.statistics).text())

    let clusters = rows.map { ["b", "a", "c"][$0 * $0 % 3] }
    let clustered = try table.clustered(by: clusters)
    for (place, cluster) in ["b", "a"].enumerated() {
      let one = metric.accumulator()
      for row in rows where clusters[row] == cluster { try one.merge(table[row]) }
      #expect(clustered.components(place) == one.statistics.components)
    }

    if let rest = table.scores(without: rows, of: whole), let sums = whole.components {
      let expected = rows.map { row -> Double? in
        let parts = table[row].components ?? []
        return metric.statistics(
          components: zip(sums, parts).map { $0 - $1 }, count: whole.count - table[row].count
        ).flatMap { metric.score(from: $0) }
      }
      #expect(Self.bits(rest) == Self.bits(expected))
    }
  }

  @Test func groupsAreChecked() throws {
    let metric = try Builtins.registry().find("accuracy").metric()
    var table = ExampleTable(metric)
    try table.append(AnyStatistics(HitCount(count: 1, hits: 1)))
    #expect(throws: DSXError.self) { try table.grouped([1], groups: 1) }
    #expect(throws: DSXError.self) { try table.grouped([0, 0], groups: 1) }
    #expect(ExampleTable(metric, rows: ExampleMatrix(width: 2)) == nil)
  }
}
