import DSXCore
import Glibc
import Pipelines

/// Pipelines: `--mode map` runs a map that is mostly arithmetic on `--workers` threads; `--mode stages` sends
/// small batches through ten stages that do next to nothing, to time what a stage itself costs.
enum PipelineBenchmark {
  /// Rows made when they are asked for.
  struct Rows: RowSource {
    let count: Int
    var schema: Schema { Schema([Field("x", .int64)]) }
    var identity: String { "\(count)" }
    func batch(rows: [Int]) throws(DSXError) -> Batch {
      Batch(schema: schema, columns: [Column(.int64(rows.map(Int64.init)))])
    }
  }

  static func run(_ arguments: Arguments) throws {
    let mode = (try? arguments.text("mode")) ?? "map"
    let rows = try arguments.number("rows", mode == "map" ? 200_000 : 1_024_000)
    let workers = try arguments.number("workers", 1)
    var pipeline = Pipeline.rows(Rows(count: rows), name: "rows", batchRows: 1024)
    if mode == "map" {
      let steps = try arguments.number("steps", 2000)
      pipeline = try pipeline.shuffle(seed: 1).map("work") { (batch) throws(DSXError) in
        guard case .int64(let values) = batch.columns[0].elements else { return batch }
        var batch = batch
        batch.columns[0].elements = .int64(
          values.map { value in
            var state = UInt64(bitPattern: value)
            // A chain that the compiler cannot shorten.
            for _ in 0..<steps { state = (state ^ state >> 29) &* 0xbf58_476d_1ce4_e5b9 }
            return Int64(bitPattern: state)
          })
        return batch
      }.batch(512)
    } else {
      pipeline = try pipeline.map("1") { (batch) throws(DSXError) in batch }
      for number in 2...10 {
        pipeline = try pipeline.map("\(number)") { (batch) throws(DSXError) in batch }
      }
    }
    let run = try pipeline.run(workers: workers)
    let start = seconds()
    var sum: Int64 = 0
    var batches = 0
    while let batch = try run.next() {
      batches += 1
      if case .int64(let values) = batch.columns[0].elements { sum = values.reduce(sum, &+) }
    }
    let time = seconds() - start
    print("{\"rows\":\(rows),\"batches\":\(batches),\"sum\":\(sum),\"seconds\":\(time)}")
  }
}
