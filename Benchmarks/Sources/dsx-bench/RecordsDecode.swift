import DSXCore
import Glibc
import Records

/// Decodes a set that lies in the page cache, on one thread, into one buffer that is used again:
/// `--verify on` (default) or `off`. `bytes` is the size of the int32 values.
enum RecordsDecode {
  static func run(_ arguments: Arguments) throws {
    let path = try arguments.text("input")
    let verify = ((try? arguments.text("verify")) ?? "on") == "on"
    let size = try arguments.number("batch", 256)
    // Once for the page cache; a new reader checks every page again.
    _ = try pass(path, size, verify)
    let start = seconds()
    let (rows, bytes) = try pass(path, size, verify)
    let time = seconds() - start
    print("{\"rows\":\(rows),\"bytes\":\(bytes),\"seconds\":\(time)}")
  }

  private static func pass(_ path: String, _ size: Int, _ verify: Bool) throws -> (Int, Int) {
    let reader = try RecordReader(path: path, verify: verify)
    guard let field = reader.schema.schema.fields.first?.name, reader.count > 0 else {
      return (0, 0)
    }
    let length = try reader.batch(0..<1).columns[0].elements.count
    let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: size * max(length, 1))
    defer { buffer.deallocate() }
    var bytes = 0
    for row in stride(from: 0, to: reader.count, by: size) {
      bytes +=
        4
        * (try reader.readInt32(
          field, rows: row..<min(row + size, reader.count), into: buffer))
    }
    return (reader.count, bytes)
  }
}
