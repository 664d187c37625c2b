import DSXCore
import Testing

@testable import Pipelines

/// Each stage alone against plain arrays.
@Suite struct StageTests {
  let rows = Model.rows(57)

  func stream(_ seed: UInt64 = 3) throws -> Pipeline { try Model.stream(rows, seed: seed) }
  var indexed: Pipeline { .rows(ModelSource(rows: rows), name: "model", batchRows: 10) }

  @Test func sourcesGiveTheirRows() throws {
    #expect(try Laws.check(stream()).flatMap { $0 } == rows)
    #expect(try Laws.check(indexed).map(\.count) == [10, 10, 10, 10, 10, 7])
    let rows = rows
    let cursor = Pipeline.cursor("model.csv", schema: Model.schema) { ModelCursor(rows) }
    #expect(try Laws.check(cursor).flatMap { $0 } == rows)
    #expect(indexed.isRandomAccess && indexed.count == 57)
    #expect(!cursor.isRandomAccess && cursor.count == nil)
  }

  @Test func takeAndSkip() throws {
    for pipeline in [try stream(), indexed] {
      #expect(try Laws.check(pipeline.take(23)).flatMap { $0 } == Array(rows.prefix(23)))
      #expect(try Laws.check(pipeline.take(0)).isEmpty)
      #expect(try Laws.check(pipeline.take(99)).flatMap { $0 } == rows)
      #expect(try Laws.check(pipeline.skip(23)).flatMap { $0 } == Array(rows.dropFirst(23)))
      #expect(try Laws.check(pipeline.skip(99)).isEmpty)
      let both = try pipeline.skip(5).take(7)
      #expect(try Laws.check(both).flatMap { $0 } == Array(rows[5..<12]))
    }
  }

  /// A take that has its rows reads nothing more, not even an error.
  @Test func takeStopsReading() throws {
    let rows = rows
    let pipeline = Pipeline.cursor("model.csv", schema: Model.schema) {
      ModelCursor(rows, failsAt: 12)
    }
    #expect(try pipeline.take(10).run().rest().flatMap { $0 } == Array(rows.prefix(10)))
  }

  @Test func fullShuffleIsThePermutation() throws {
    let permutation = RowPermutation(count: 57, seed: 9, epoch: 2)
    let shuffled = try indexed.shuffle(seed: 9, epoch: 2)
    #expect(try Laws.check(shuffled).flatMap { $0 } == (0..<57).map { rows[permutation[$0]] })
    #expect(shuffled.isRandomAccess)
    // A shuffle of a part, and a part of a shuffle.
    let part = try indexed.skip(7).shuffle(seed: 1).take(20).select(["id", "text", "ids"])
    let small = RowPermutation(count: 50, seed: 1)
    #expect(try Laws.check(part).flatMap { $0 } == (0..<20).map { rows[7 + small[$0]] })
    #expect(throws: DSXError.self) { try stream().shuffle(seed: 1) }
  }

  @Test func windowsAreShuffledEachForItself() throws {
    for window in [1, 2, 10, 57, 100] {
      let pipeline = try stream().shuffle(seed: 4, epoch: 1, window: window, batchRows: 6)
      let batches = try Laws.check(pipeline)
      var expected: [ModelRow] = []
      for (number, start) in stride(from: 0, to: 57, by: window).enumerated() {
        let count = min(window, 57 - start)
        let order = RowPermutation(count: count, seed: 4, epoch: 1 + UInt64(number) << 32)
        expected += (0..<count).map { rows[start + order[$0]] }
      }
      #expect(batches.flatMap { $0 } == expected)
    }
    let whole = try stream().shuffle(seed: 4, epoch: 1, window: 100).run().rest().flatMap { $0 }
    #expect(try indexed.shuffle(seed: 4, epoch: 1).run().rest().flatMap { $0 } == whole)
  }

  @Test func shardsAreTheWholeExactly() throws {
    for count in [1, 2, 3, 7, 60] {
      for assignment in ShardAssignment.allCases {
        for pipeline in [indexed, try stream()] {
          if !pipeline.isRandomAccess && assignment == .contiguous { continue }
          var shards: [[ModelRow]] = []
          for rank in 0..<count {
            let shard = try pipeline.shard(rank: rank, of: count, assignment: assignment)
            shards.append(try Laws.check(shard).flatMap { $0 })
          }
          let sizes = shards.map(\.count)
          #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
          if assignment == .contiguous {
            #expect(shards.flatMap { $0 } == rows)
          } else {
            for (rank, shard) in shards.enumerated() {
              #expect(shard == stride(from: rank, to: 57, by: count).map { rows[$0] })
            }
          }
        }
        let equal = try (0..<count).map { rank in
          try indexed.shard(rank: rank, of: count, assignment: assignment, remainder: .drop)
            .run().rest().flatMap { $0 }.count
        }
        #expect(equal == Array(repeating: 57 / count, count: count))
      }
    }
    #expect(throws: DSXError.self) { try indexed.shard(rank: 3, of: 3) }
    #expect(throws: DSXError.self) {
      try stream().shard(rank: 0, of: 3, assignment: .contiguous)
    }
  }

  @Test func mapKeepsOrderForAnyWidth() throws {
    let pipeline = try stream().map("plus") { (batch) throws(DSXError) in
      Model.batch(
        Model.rows(of: batch).map { ModelRow(id: $0.id + 1, text: $0.text, ids: $0.ids) })
    }
    #expect(try Laws.check(pipeline).flatMap { $0 }.map(\.id) == rows.map { $0.id + 1 })
  }

  @Test func mapMustKeepItsWord() throws {
    let pipeline = try stream().map("liar") { (batch) throws(DSXError) in
      Batch(schema: batch.schema, columns: [Column(.int32([1]))] + batch.columns.dropFirst())
    }
    #expect(throws: DSXError.self) { try pipeline.run().rest() }
  }

  @Test func filterCountsReasons() throws {
    let test = RowTest("parity", reasons: ["odd", "null"]) { (batch) throws(DSXError) in
      Model.rows(of: batch).map { $0.id % 2 == 1 ? 1 : $0.text == nil ? 2 : 0 }
    }
    let kept = rows.filter { $0.id % 2 == 0 && $0.text != nil }
    let pipeline = try stream().filter(test)
    #expect(try Laws.check(pipeline).flatMap { $0 } == kept)
    let run = try pipeline.run()
    _ = try run.rest()
    let counters = run.counters[0].counters
    #expect(counters.rowsIn == 57 && counters.rowsOut == kept.count)
    #expect(counters.dropped["odd"] == 28)
    #expect(counters.dropped["null"] == 29 - kept.count)
  }

  @Test func batchesHaveTheirSize() throws {
    for size in [1, 4, 57, 100] {
      let batches = try Laws.check(stream().batch(size))
      #expect(batches.flatMap { $0 } == rows)
      #expect(batches.dropLast().allSatisfy { $0.count == size })
      let full = try Laws.check(stream().batch(size, dropRemainder: true))
      #expect(full.allSatisfy { $0.count == size } && full.count == 57 / size)
    }
  }

  @Test func bucketsFollowTheRule() throws {
    let (boundaries, sizes) = ([2, 5], [7, 3, 4])
    let batches = try Laws.check(
      stream().bucketByLength("ids", boundaries: boundaries, sizes: sizes))
    #expect(batches == Self.buckets(rows, boundaries, sizes, drop: false))
    let full = try Laws.check(
      stream().bucketByLength("ids", boundaries: boundaries, sizes: sizes, dropRemainder: true))
    #expect(full == Self.buckets(rows, boundaries, sizes, drop: true))
    #expect(throws: DSXError.self) {
      try stream().bucketByLength("ids", boundaries: [5, 2], sizes: [1, 1, 1])
    }
    #expect(throws: DSXError.self) {
      try stream().bucketByLength("nope", boundaries: [5], sizes: [1, 1])
    }
  }

  static func buckets(_ rows: [ModelRow], _ boundaries: [Int], _ sizes: [Int], drop: Bool)
    -> [[ModelRow]]
  {
    var waiting = [[ModelRow]](repeating: [], count: sizes.count)
    var found: [[ModelRow]] = []
    for row in rows {
      let bucket = boundaries.firstIndex { row.ids.count < $0 } ?? boundaries.count
      waiting[bucket].append(row)
      if waiting[bucket].count == sizes[bucket] {
        found.append(waiting[bucket])
        waiting[bucket] = []
      }
    }
    return drop ? found : found + waiting.filter { !$0.isEmpty }
  }

  @Test func paddingFillsUp() throws {
    func padded(_ padding: Padding) throws -> [[ModelRow]] {
      try Laws.check(stream().paddedBatch(8, padding: padding))
    }
    let batches = stride(from: 0, to: 57, by: 8).map { Array(rows[$0..<min($0 + 8, 57)]) }
    func expected(_ length: ([Int]) -> Int) -> [[[Int32]]] {
      batches.map { batch in
        let length = length(batch.map(\.ids.count))
        return batch.map {
          Array($0.ids.prefix(length)) + Array(repeating: -1, count: max(0, length - $0.ids.count))
        }
      }
    }
    let lists = { (batches: [[ModelRow]]) in batches.map { $0.map(\.ids) } }
    #expect(try lists(padded(Padding(value: -1))) == expected { $0.max() ?? 0 })
    #expect(
      try lists(padded(Padding(length: .multiple(of: 4), values: ["ids": -1])))
        == expected { (($0.max() ?? 0) + 3) / 4 * 4 })
    #expect(try lists(padded(Padding(length: .fixed(12), value: -1))) == expected { _ in 12 })
    #expect(
      try lists(padded(Padding(length: .fixed(3), value: -1, tooLong: .truncate)))
        == expected { _ in 3 })
    let fixed = try stream().paddedBatch(8, padding: Padding(length: .fixed(12)))
    #expect(fixed.schema.fields[2].shape == [12])
    do {
      _ = try padded(Padding(length: .fixed(3)))
      Issue.record("a row too long was taken")
    } catch let error as DSXError {
      #expect(error.location.row == rows.firstIndex { $0.ids.count > 3 })
    }
    let measured = try stream().paddedBatch(8, padding: Padding(lengthColumn: "n")).run()
    var lengths: [Int32] = []
    while let batch = try measured.next(), case .int32(let values)? = batch["n"]?.elements {
      lengths += values
    }
    #expect(lengths == rows.map { Int32($0.ids.count) })
  }

  @Test func repeatsCountEpochsOn() throws {
    #expect(try Laws.check(stream().repeated(3)).flatMap { $0 } == rows + rows + rows)
    #expect(try Laws.check(stream().repeated(0)).isEmpty)
    #expect(try Laws.check(stream().take(0).repeated(nil)).isEmpty)
    let epochs = try indexed.shuffle(seed: 5, epoch: 3).repeated(2)
    let expected = (3..<5).flatMap { epoch -> [ModelRow] in
      let order = RowPermutation(count: 57, seed: 5, epoch: UInt64(epoch))
      return (0..<57).map { rows[order[$0]] }
    }
    #expect(try Laws.check(epochs).flatMap { $0 } == expected)
    let endless = try indexed.shuffle(seed: 5).repeated(nil).batch(25)
    #expect(try Laws.check(endless, limit: 12).count == 12)
  }

  @Test func concatAndZip() throws {
    let joined = try Pipeline.concat([stream(1).take(9), indexed.take(0), stream(2).skip(9)])
    #expect(try Laws.check(joined).flatMap { $0 } == rows)
    let left = try stream(1).select(["id"])
    let right = try stream(7).take(40).drop(["id"])
    let zipped = try Pipeline.zip([left, right])
    #expect(zipped.schema == Model.schema)
    #expect(try Laws.check(zipped).flatMap { $0 } == Array(rows.prefix(40)))
    #expect(throws: DSXError.self) { try Pipeline.zip([left, right], stop: .equal).run().rest() }
    #expect(throws: DSXError.self) { try Pipeline.zip([right, left], stop: .equal).run().rest() }
    let equal = try Pipeline.zip([left, stream(7).drop(["id"])], stop: .equal)
    #expect(try Laws.check(equal).flatMap { $0 } == rows)
    #expect(throws: DSXError.self) { try Pipeline.zip([left, left]) }
    #expect(throws: DSXError.self) { try Pipeline.concat([left, right]) }
  }

  @Test func interleaveStopsByItsRule() throws {
    let parts = [Array(rows[0..<20]), Array(rows[20..<25]), Array(rows[25..<57])]
    for block in [1, 3, 50] {
      for stop in InterleaveStop.allCases {
        let pipelines = try parts.enumerated().map { try Model.stream($1, seed: UInt64($0)) }
        let pipeline = try Pipeline.interleave(pipelines, block: block, stop: stop, batchRows: 8)
        let expected = Self.interleaved(parts, block, stop)
        #expect(try Laws.check(pipeline).flatMap { $0 } == expected)
      }
    }
    let holes = try Pipeline.interleave(
      [stream(1).take(3), stream(1).take(0)], stop: .restart, batchRows: 8)
    #expect(try Laws.check(holes).flatMap { $0 }.count == 3)
  }

  static func interleaved(_ parts: [[ModelRow]], _ block: Int, _ stop: InterleaveStop)
    -> [ModelRow]
  {
    var found: [ModelRow] = []
    var positions = parts.map { _ in 0 }
    var ended = parts.map { _ in false }
    var turn = 0
    var gone = 0
    while true {
      if positions[turn] == parts[turn].count {
        ended[turn] = true
        if stop == .first || ended.allSatisfy({ $0 }) { return found }
        if stop == .restart {
          positions[turn] = 0
          continue
        }
        (turn, gone) = ((turn + 1) % parts.count, 0)
        continue
      }
      found.append(parts[turn][positions[turn]])
      positions[turn] += 1
      gone += 1
      if gone == block { (turn, gone) = ((turn + 1) % parts.count, 0) }
    }
  }

  @Test func prefetchChangesNothing() throws {
    let plain = try stream().map("same") { (batch) throws(DSXError) in batch }.batch(5)
    let ahead = try stream().prefetch(3).map("same") { (batch) throws(DSXError) in batch }
      .prefetch(1).batch(5).prefetch(2)
    #expect(try Laws.check(ahead) == Laws.check(plain))
    #expect(plain.fingerprint == ahead.fingerprint)
    let run = try ahead.run(workers: 2)
    _ = try run.next()
    let rest = try plain.run(from: run.position).rest()
    #expect(rest == Array(try plain.run().rest().dropFirst()))
  }

  @Test func columnsByName() throws {
    let pipeline = try stream().rename([("id", "number"), ("ids", "id")]).drop(["text"])
    #expect(pipeline.schema.fields.map(\.name) == ["number", "id"])
    #expect(pipeline.schema.fields[1].shape == [-1])
    #expect(try pipeline.run().next()?.columns.count == 2)
    #expect(throws: DSXError.self) { try stream().select(["id", "id"]) }
    #expect(throws: DSXError.self) { try stream().rename([("id", "text")]) }
    #expect(throws: DSXError.self) { try stream().drop(["id", "text", "ids"]) }
    #expect(throws: DSXError.self) { try stream().select(["nope"]) }
  }
}
