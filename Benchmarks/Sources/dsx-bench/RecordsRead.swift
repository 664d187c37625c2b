import DSXCore
import Records

/// Reads all rows of a set in batches of `--batch` rows and adds up the int32 values. `--into buffer`
/// decodes into one buffer, `--into batch` (default) makes a Batch each time.
enum RecordsRead {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("input")
    let size = try arguments.number("batch", 256)
    let mode = (try? arguments.text("into")) ?? "batch"
    let start = seconds()
    let reader = try RecordReader(path: path)
    var sum = 0
    func add(_ values: UnsafeBufferPointer<Int32>) {
      var part: Int64 = 0
      for value in values { part &+= Int64(value) }
      sum += Int(part)
    }
    if mode == "buffer" {
      guard let field = reader.schema.schema.fields.first?.name, reader.count > 0 else { return }
      let first = try reader.batch(0..<1).columns[0].elements.count
      let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: size * max(first, 1))
      defer { buffer.deallocate() }
      for row in stride(from: 0, to: reader.count, by: size) {
        let count = try reader.readInt32(
          field, rows: row..<min(row + size, reader.count), into: buffer)
        add(UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    } else {
      var cursor = reader.cursor(batchRows: size)
      while let batch = try cursor.next() {
        for column in batch.columns {
          if case .int32(let values) = column.elements { values.withUnsafeBufferPointer(add) }
        }
      }
    }
    let time = seconds() - start
    print("{\"rows\":\(reader.count),\"seconds\":\(time),\"sum\":\(sum)}")
  }
}
