import DSXCore
import Records

/// Writes rows x int32[length], the ids of peers/mindrecord_write.py, as batches of 1,000 rows; the time includes
/// headers, indexes, fsync and the move into place, not the making of the ids.
enum RecordsWrite {
  static func run(_ arguments: Arguments) throws {
    let rows = try arguments.number("rows", 200_000)
    let length = try arguments.number("length", 1025)
    let path = try arguments.text("output")
    var options = RecordWriterOptions()
    options.overwrite = true
    options.shards = try arguments.number("shards", 1)
    var sum = 0
    let ids = (0..<UInt64(rows * length)).map { position in
      let mixed = position &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let id = Int32((mixed >> 33) % 40_000)
      sum += Int(id)
      return id
    }
    let start = seconds()
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(Schema([Field("input_ids", .int32, shape: [-1])])),
      options: options)
    try ids.withUnsafeBufferPointer { buffer in
      for first in stride(from: 0, to: rows, by: 1000) {
        let end = min(first + 1000, rows)
        try writer.append(
          rows: UnsafeBufferPointer(rebasing: buffer[first * length..<end * length]),
          rowLength: length)
      }
    }
    let summary = try writer.finish()
    let time = seconds() - start
    print("{\"rows\":\(summary.rows),\"seconds\":\(time),\"sum\":\(sum)}")
  }
}
