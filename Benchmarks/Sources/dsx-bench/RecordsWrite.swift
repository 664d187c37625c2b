import DSXCore
import Records

/// Writes rows x int32[length], the ids of peers/mindrecord_write.py, as batches of 1,000 rows; the time includes
/// headers, indexes, fsync and the move into place, not the making of the ids.
///
/// `--distinct N` (a multiple of 1,000) makes only so many rows and writes them again and again: for large sets.
enum RecordsWrite {
  private static let batch = 1000

  static func run(_ arguments: Arguments) throws {
    let rows = try arguments.number("rows", 200_000)
    let length = try arguments.number("length", 1025)
    let path = try arguments.text("output")
    let distinct = min(rows, try arguments.number("distinct", rows))
    guard distinct == rows || distinct % batch == 0 else {
      throw Arguments.Failure("--distinct must be a multiple of \(batch)")
    }
    var options = RecordWriterOptions()
    options.overwrite = true
    options.shards = try arguments.number("shards", 1)
    var sum = 0
    let ids = (0..<UInt64(distinct * length)).map { position in
      let mixed = position &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let id = Int32((mixed >> 33) % 40_000)
      sum += Int(id)
      return id
    }
    try clear(path)
    let start = seconds()
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(Schema([Field("input_ids", .int32, shape: [-1])])),
      options: options)
    try ids.withUnsafeBufferPointer { buffer in
      for first in stride(from: 0, to: rows, by: batch) {
        let count = min(batch, rows - first)
        let from = first % distinct * length
        try writer.append(
          rows: UnsafeBufferPointer(rebasing: buffer[from..<from + count * length]),
          rowLength: length)
      }
    }
    let summary = try writer.finish()
    let time = seconds() - start
    print("{\"rows\":\(summary.rows),\"seconds\":\(time),\"sum\":\(sum)}")
  }

  /// Removes what an earlier round left: giving back its space is no part of writing.
  static func clear(_ path: String) throws {
    for file in [path, path + ".db"] { try FilePath.removeTree(file) }
  }
}
