import DSXCore
import Foundation
import Testing

@testable import Pipelines

/// Random pipelines against a model that holds everything in plain arrays.
@Suite struct CompositionTests {
  /// A pipeline, and the rows that it must give in pass `pass` of a repeat behind it.
  struct Pair {
    var pipeline: Pipeline
    var model: (Int) -> [ModelRow]
    var stages: String
  }

  static func start(_ generator: inout PCG64) throws -> Pair {
    let rows = Model.rows(Int(generator.bounded(60)), seed: UInt64(generator.bounded(1000)))
    switch generator.bounded(3) {
    case 0:
      return Pair(
        pipeline: .rows(
          ModelSource(rows: rows), name: "m", batchRows: 1 + Int(generator.bounded(12))),
        model: { _ in rows }, stages: "rows")
    case 1:
      return Pair(
        pipeline: try Model.stream(rows, seed: UInt64(generator.bounded(99))),
        model: { _ in rows }, stages: "batches")
    default:
      let size = 1 + Int(generator.bounded(9))
      return Pair(
        pipeline: .cursor("m", schema: Model.schema) { ModelCursor(rows, size: size) },
        model: { _ in rows }, stages: "cursor")
    }
  }

  static func add(_ pair: Pair, _ generator: inout PCG64) throws -> Pair {
    var result = pair
    let (pipeline, model) = (pair.pipeline, pair.model)
    let n = 1 + Int(generator.bounded(20))
    let kind = generator.bounded(14)
    switch kind {
    case 0:
      result.pipeline = try pipeline.take(n)
      result.model = { Array(model($0).prefix(n)) }
    case 1:
      result.pipeline = try pipeline.skip(n / 4)
      result.model = { Array(model($0).dropFirst(n / 4)) }
    case 2 where pipeline.isRandomAccess:
      result.pipeline = try pipeline.shuffle(seed: UInt64(n), epoch: n % 3)
      result.model = { pass in
        let rows = model(pass)
        let order = RowPermutation(
          count: rows.count, seed: UInt64(n), epoch: UInt64(n % 3 + pass))
        return rows.indices.map { rows[order[$0]] }
      }
    case 2, 3:
      result.pipeline = try pipeline.shuffle(seed: UInt64(n), window: n, batchRows: 1 + n / 3)
      result.model = { pass in
        let rows = model(pass)
        return stride(from: 0, to: rows.count, by: n).enumerated().flatMap { number, start in
          let part = Array(rows[start..<min(start + n, rows.count)])
          let order = RowPermutation(
            count: part.count, seed: UInt64(n), epoch: UInt64(pass) + UInt64(number) << 32)
          return part.indices.map { part[order[$0]] }
        }
      }
    case 4:
      let (rank, of) = (n % 3, 3)
      result.pipeline = try pipeline.shard(rank: rank, of: of)
      result.model = { pass in
        let rows = model(pass)
        return stride(from: rank, to: rows.count, by: of).map { rows[$0] }
      }
    case 5, 6:
      result.pipeline = try pipeline.map("times\(n)") { (batch) throws(DSXError) in
        Model.batch(
          Model.rows(of: batch).map { ModelRow(id: $0.id &* Int64(n), text: $0.text, ids: $0.ids) })
      }
      result.model = {
        model($0).map { ModelRow(id: $0.id &* Int64(n), text: $0.text, ids: $0.ids) }
      }
    case 7:
      let divisor = Int64(n % 4 + 2)
      result.pipeline = pipeline.filter(
        RowTest("rest\(n)", reason: "other") { (batch) throws(DSXError) in
          Model.rows(of: batch).map { ($0.id &+ Int64($0.ids.count)) % divisor != 0 }
        })
      result.model = { model($0).filter { ($0.id &+ Int64($0.ids.count)) % divisor != 0 } }
    case 8:
      result.pipeline = try pipeline.batch(n)
    case 9:
      let sizes = [n, 1 + n / 2]
      result.pipeline = try pipeline.bucketByLength("ids", boundaries: [4], sizes: sizes)
      result.model = { StageTests.buckets(model($0), [4], sizes, drop: false).flatMap { $0 } }
    case 10:
      let epochs = 1 + n % 3
      result.pipeline = try pipeline.repeated(epochs)
      result.model = { pass in (0..<epochs).flatMap { model(pass * epochs + $0) } }
    case 11:
      result.pipeline = try pipeline.prefetch(1 + n % 4)
    case 12:
      let other = try start(&generator)
      result.pipeline = try .concat([pipeline, other.pipeline])
      result.model = { model($0) + other.model($0) }
      result.stages += "(\(other.stages))"
    default:
      let other = try start(&generator)
      let stop: InterleaveStop = n % 2 == 0 ? .all : .first
      let block = 1 + n % 4
      result.pipeline = try .interleave(
        [pipeline, other.pipeline], block: block, stop: stop, batchRows: 1 + n)
      result.model = {
        StageTests.interleaved([model($0), other.model($0)], block, stop)
      }
      result.stages += "(\(other.stages))"
    }
    result.stages += " \(kind):\(n)"
    return result
  }

  /// `DSX_PIPELINE_SEEDS=2000` tries more.
  static let seeds =
    ProcessInfo.processInfo.environment["DSX_PIPELINE_SEEDS"].flatMap { Int($0) } ?? 60

  @Test(arguments: 0..<seeds) func randomPipelines(seed: Int) throws {
    var generator = PCG64(seed: UInt64(seed))
    var pair = try Self.start(&generator)
    for _ in 0..<(1 + Int(generator.bounded(6))) { pair = try Self.add(pair, &generator) }
    let batches: [[ModelRow]]
    do { batches = try Laws.check(pair.pipeline) } catch {
      Issue.record("\(pair.stages): \(error)")
      return
    }
    #expect(batches.flatMap { $0 } == pair.model(0), "\(pair.stages)")
  }
}
