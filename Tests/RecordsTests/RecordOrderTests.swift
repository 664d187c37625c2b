import DSXCore
import Testing

@testable import Records

/// Rows in other sets: assignment to shards, selections, differences.
@Suite struct RecordOrderTests {
  private func rows(_ selection: RowSelection, _ reader: RecordReader, size: Int = 7) throws
    -> [Int]
  {
    var found: [Int] = []
    var failure: DSXError?
    do throws(DSXError) {
      try selection.forEachBlock(of: reader, size: size) { (rows: [Int]) throws(DSXError) -> Bool in
        found += rows
        return true
      }
    } catch { failure = error }
    if let failure { throw failure }
    return found
  }

  /// By default the whole set lies in contiguous blocks; MindSpore's way divides every call.
  @Test func assignmentIsDeterministic() throws {
    let place = try TemporaryFolder()
    for (shards, count) in [(1, 5), (3, 10), (4, 3), (5, 25)] {
      for step in [1, 4, 25] {
        let batches = stride(from: 0, to: count, by: step).map {
          RecordSets.numbered($0..<min(count, $0 + step))
        }
        let reader = try RecordSets.write(place, "d", batches, shards: shards)
        #expect(RecordSets.numbers(try reader.batch(0..<count)) == Array(0..<count))
        #expect(
          reader.map == .even(names: reader.map.shards.map(\.name), rows: count), "\(shards)")
        let exact = try RecordSets.write(place, "e", batches, shards: shards) {
          $0.mindSporeExact = true
          $0.headerSize = 16 << 10
          $0.pageSize = 32 << 10
        }
        var expected = Array(repeating: [Int](), count: shards)
        for start in stride(from: 0, to: count, by: step) {
          let call = start..<min(count, start + step)
          for shard in RecordMap.even(names: (0..<shards).map(String.init), rows: call.count).shards
          {
            expected[Int(shard.name) ?? 0] += (0..<shard.rows).map { start + shard.firstRow + $0 }
          }
        }
        #expect(RecordSets.numbers(try exact.batch(0..<count)) == expected.flatMap { $0 })
        #expect(exact.map.shards.map(\.rows) == expected.map(\.count))
      }
    }
  }

  @Test func selections() throws {
    let place = try TemporaryFolder()
    let reader = try RecordSets.write(place, "x", [RecordSets.numbered(0..<60)], shards: 2)
    let order = RowOrder(0..<60, seed: 3)
    #expect(try rows(.stored(5..<40), reader) == Array(5..<40))
    let drawn = try rows(.ordered(order, positions: 0..<20), reader)
    #expect(drawn == (0..<20).map { order[$0] } && Set(drawn).count == 20)
    #expect(try rows(.drawn(order, positions: 0..<20), reader) == drawn.sorted())
    #expect(try rows(.drawn(order, positions: 0..<60), reader) == Array(0..<60))
    // A larger sample keeps the rows of a smaller one.
    #expect(Set(drawn).isSuperset(of: try rows(.drawn(order, positions: 0..<9), reader)))
    // Every row falls into one part, equal values into the same.
    let ratio = try RowRatio("2,1,1")
    let hash = RowHash(seed: 5)
    var all: [Int] = []
    var parts: [Int: Set<Int>] = [:]
    for part in 0..<3 {
      let found = try rows(.hashed(hash, field: "label", ratio, part: part), reader)
      for row in found { parts[row % 3, default: []].insert(part) }
      all += found
      #expect(found == found.sorted())
    }
    #expect(all.sorted() == Array(0..<60) && parts.values.allSatisfy { $0.count == 1 })
    let query = try RecordQuery(reader, where: "label = 'news' AND n >= 10")
    let matching = Array(10..<60).filter { $0 % 3 == 0 }
    #expect(try rows(.matching(query), reader) == matching)
    let few = try rows(
      .drawnMatching(query, RowOrder(0..<matching.count, seed: 1), positions: 0..<5), reader)
    #expect(few.count == 5 && Set(few).isSubset(of: matching) && few == few.sorted())
  }

  @Test func copiesAreWhole() throws {
    let place = try TemporaryFolder()
    for seed in 0..<12 {
      var sets = RandomSets(seed: UInt64(seed + 70))
      let schema = sets.schema()
      let source = try RecordSets.write(
        place, "a", [sets.batch(schema, rows: 40)], shards: 1 + sets.upTo(3))
      let order = RowOrder(0..<40, seed: UInt64(seed))
      var options = RecordWriterOptions()
      options.overwrite = true
      options.shards = 3
      options.totalRows = 40
      var writer = try RecordWriter(
        path: place.path("b"), schema: source.schema, options: options)
      try writer.append(.ordered(order, positions: 0..<40), of: source)
      let copy = try RecordReader(path: writer.finish().files[0])
      let (old, new) = (try source.batch(0..<40).lines(), try copy.batch(0..<40).lines())
      #expect(new == (0..<40).map { old[order[$0]] })
      #expect(source.schema == copy.schema)
    }
  }

  @Test func differencesAreFound() throws {
    let place = try TemporaryFolder()
    let batch = RecordSets.numbered(0..<30)
    let one = try RecordSets.write(place, "x", [batch], shards: 3)
    let same = try RecordSets.write(place, "y", [batch]) { $0.pageSize = 64 << 10 }
    #expect(try RecordDiff(one, same).isEmpty)
    var changed = batch
    changed.columns[2] = Column(.int64((0..<30).map { $0 == 4 || $0 == 20 ? -1 : $0 }))
    let other = try RecordSets.write(place, "z", [changed])
    let diff = try RecordDiff(one, other, limit: 1)
    #expect(diff.differingRows == 2 && diff.differences.count == 1 && !diff.isEmpty)
    #expect(diff.differences[0] == .init(row: 4, field: "n", left: "4", right: "-1"))
    #expect(try RecordDiff(one, other, fields: ["ids", "label"]).isEmpty)
    let longer = try RecordSets.write(place, "l", [RecordSets.numbered(0..<31)])
    #expect(try RecordDiff(one, longer).rows == (30, 31))
    // Floats by their bits.
    let floats = Schema([Field("f", .float64)])
    func set(_ name: String, _ value: Double) throws -> RecordReader {
      try RecordSets.write(
        place, name, [Batch(schema: floats, columns: [Column(.float64([value]))])])
    }
    let (zero, minus, nan) = (try set("p", 0), try set("m", -0.0), try set("q", .nan))
    #expect(try !RecordDiff(zero, minus).isEmpty)
    #expect(try RecordDiff(nan, nan).isEmpty)
    // Schemas.
    let schema = try RecordDiff(one, zero)
    #expect(schema.schema.count == 5 && schema.differingRows == 0)
    #expect(schema.schema.contains("field 'f': missing, there float64"))
    let unindexed = try RecordSets.write(place, "u", [batch], index: ["n"])
    #expect(
      one.schema.differences(from: unindexed.schema) == ["index fields: label, n, there n"])
  }
}
