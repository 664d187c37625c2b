import DSXCore
import Foundation
import Testing

@testable import Records

/// The computed order: frozen, one-to-one, and as even as drawing lots.
@Suite struct RowPermutationTests {
  private var fixture: JSONValue {
    get throws {
      let tests = FilePath.split(FilePath.split(#filePath).folder).folder
      return try JSONParser.parse(file: tests + "/Fixtures/records-order/permutation.json")
    }
  }

  @Test func vectorsOfTheIndependentProgram() throws {
    let cases = try fixture["permutations"]?.array ?? []
    #expect(cases.count == 40)
    for entry in cases {
      let permutation = RowPermutation(
        count: try #require(entry["count"]?.int),
        seed: try #require(entry["seed"]?.string.flatMap(UInt64.init)),
        epoch: UInt64(try #require(entry["epoch"]?.int)))
      let positions = (entry["positions"]?.array ?? []).compactMap(\.int)
      let rows = (entry["rows"]?.array ?? []).compactMap(\.int)
      #expect(!rows.isEmpty && positions.map { permutation[$0] } == rows)
      #expect(rows.map { permutation.position(of: $0) } == positions)
    }
  }

  @Test func hashVectorsOfTheIndependentProgram() throws {
    let cases = try fixture["hashes"]?.array ?? []
    #expect(cases.count == 24)
    for entry in cases {
      let column: Column
      if let text = entry["string"]?.string {
        column = Column(strings: [text])
      } else if let number = entry["integer"]?.int {
        column = Column(.int64([Int64(number)]))
      } else {
        column = Column(.float64([try #require(entry["float"]?.double)]))
      }
      let hash = RowHash(seed: UInt64(entry["seed"]?.int ?? 0)).hash(column, row: 0)
      #expect(hash == entry["hash"]?.string.flatMap { UInt64($0, radix: 16) })
    }
    let hash = RowHash(seed: 3)
    #expect(
      hash.hash(Column(.int32([5])), row: 0) == hash.hash(Column(.int64([5])), row: 0))
  }

  @Test func everyRowOnce() {
    for count in [0, 1, 2, 3, 7, 64, 1000, 1023, 1024, 1025, 3000] {
      let permutation = RowPermutation(count: count, seed: 11, epoch: UInt64(count))
      let rows = (0..<count).map { permutation[$0] }
      #expect(rows.sorted() == Array(0..<count))
      #expect(rows.map { permutation.position(of: $0) } == Array(0..<count))
    }
  }

  /// All orders of a few rows come up equally often, over seeds as well as over epochs.
  @Test(arguments: [true, false]) func ordersAreEven(overSeeds: Bool) {
    var found: [[Int]: Int] = [:]
    let draws = 4800
    for draw in 0..<draws {
      let permutation =
        overSeeds
        ? RowPermutation(count: 4, seed: UInt64(draw))
        : RowPermutation(count: 4, seed: 1, epoch: UInt64(draw))
      found[(0..<4).map { permutation[$0] }, default: 0] += 1
    }
    #expect(found.count == 24)
    let expected = Double(draws) / 24
    let chi = found.values.reduce(0) { $0 + pow(Double($1) - expected, 2) / expected }
    // 23 degrees of freedom: 49.7 is the 0.1 % point.
    #expect(chi < 49.7, "\(chi)")
  }

  /// Where a row goes says nothing about where its neighbour goes; few rows stay where they are.
  @Test func neighboursPart() {
    let count = 10_000
    var fixed = 0
    var together = 0
    for seed in 0..<5 {
      let permutation = RowPermutation(count: count, seed: UInt64(seed), epoch: 3)
      var last = permutation[0]
      for position in 1..<count {
        let row = permutation[position]
        if row == position { fixed += 1 }
        if row == last + 1 { together += 1 }
        last = row
      }
    }
    // Both are Poisson with mean 5.
    #expect(fixed < 18 && together < 18, "\(fixed) \(together)")
  }

  @Test func ratiosAreExact() throws {
    let ratio = try RowRatio("0.9,0.1")
    #expect(ratio == (try RowRatio("0.90,.1")))
    #expect((0..<2).map { ratio.positions(of: $0, count: 1001) } == [0..<900, 900..<1001])
    let thirds = RowRatio(equalParts: 3)
    #expect((0..<3).map { thirds.positions(of: $0, count: 10) } == [0..<3, 3..<6, 6..<10])
    #expect(thirds.part(ofHash: 0) == 0 && thirds.part(ofHash: .max) == 2)
    #expect(thirds.part(ofHash: UInt64.max / 3) == 0)
    #expect(thirds.part(ofHash: UInt64.max / 3 + 1) == 1)
    let huge = try RowRatio("999999999,999999999.999999999")
    #expect(huge.positions(of: 0, count: .max).upperBound < Int.max / 2 + 1)
    for text in ["", "1,", "0,1", "-1,2", "a", "1e3", "0.1234567891", "1234567890", "1.2.3", "."] {
      #expect(throws: DSXError.self, "\(text)") { _ = try RowRatio(text) }
    }
  }

  @Test func mapsFindTheShard() {
    let map = RecordMap.even(names: ["a", "b", "c", "d"], rows: 10)
    #expect(map.shards.map(\.rows) == [3, 3, 2, 2])
    #expect(map.shards.map(\.firstRow) == [0, 3, 6, 8])
    for row in 0..<10 {
      let place = map.locate(row)
      #expect(place.map { map.shards[$0.shard].firstRow + $0.row } == row)
    }
    #expect(map.locate(-1) == nil && map.locate(10) == nil)
    let empty = RecordMap(names: ["a", "b", "c"], rows: [0, 2, 0])
    #expect(empty.locate(0)?.shard == 1 && empty.locate(1)?.row == 1 && empty.locate(2) == nil)
  }
}
