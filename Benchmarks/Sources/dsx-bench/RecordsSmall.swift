import DSXCore
import Records

/// Rows of one int32 and a text of 43 bytes, those of peers/mindrecord_small.py: what a row costs apart from
/// its bytes. The time of writing includes index, fsync and the move into place.
enum RecordsSmall {
  static func write(_ arguments: Arguments) throws {
    let rows = try arguments.number("rows", 50_000)
    let path = try arguments.text("output")
    var options = RecordWriterOptions()
    options.overwrite = true
    let schema = Schema([Field("label", .int32), Field("text", .string)])
    var batches: [Batch] = []
    var sum = 0
    for first in stride(from: 0, to: rows, by: 1000) {
      let numbers = first..<min(first + 1000, rows)
      let labels = numbers.map { Int32(truncatingIfNeeded: $0 &* 7919 % 100_003) }
      let texts = numbers.map { number in
        let digits = String(number)
        return "row " + String(repeating: "0", count: 8 - digits.utf8.count) + digits
          + " of the small rows to be stored"
      }
      sum += labels.reduce(0) { $0 + Int($1) } + texts.reduce(0) { $0 + $1.utf8.count }
      batches.append(
        Batch(schema: schema, columns: [Column(.int32(labels)), Column(strings: texts)]))
    }
    try RecordsWrite.clear(path)
    let start = seconds()
    var writer = try RecordWriter(path: path, schema: RecordSchema(schema), options: options)
    for batch in batches { try writer.append(batch) }
    let summary = try writer.finish()
    let time = seconds() - start
    print("{\"rows\":\(summary.rows),\"seconds\":\(time),\"sum\":\(sum)}")
  }

  static func read(_ arguments: Arguments) throws {
    let path = try arguments.text("input")
    let start = seconds()
    let reader = try RecordReader(path: path)
    var cursor = reader.cursor(batchRows: try arguments.number("batch", 512))
    var sum = 0
    while let batch = try cursor.next() {
      for column in batch.columns {
        switch column.elements {
        case .int32(let values): sum += values.reduce(0) { $0 + Int($1) }
        case .bytes(let values): sum += values.count
        default: break
        }
      }
    }
    let time = seconds() - start
    print("{\"rows\":\(reader.count),\"seconds\":\(time),\"sum\":\(sum)}")
  }
}
