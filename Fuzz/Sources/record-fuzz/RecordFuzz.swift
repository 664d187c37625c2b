import DSXCore
import Glibc
@testable import Records

/// What libFuzzer calls with each input. The first byte chooses what the others are:
///
/// | byte mod 6 | the other bytes |
/// |---|---|
/// | 0 | a header: length, JSON text |
/// | 1 | the pages of a set of mixed fields, in a file with a sound header |
/// | 2 | the index of a sound file |
/// | 3 | a data file as it is |
/// | 4 | a line of JSON for strict input |
/// | 5 | a condition of `--where` |
///
/// Any error is right; a crash, a hang or memory that no input justifies is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let input = UnsafeRawBufferPointer(start: start, count: count)
  let rest = UnsafeRawBufferPointer(rebasing: input[1...])
  switch input[0] % 6 {
  case 0: fuzzHeader(rest)
  case 1: fuzzPages(rest)
  case 2: fuzzIndex(rest)
  case 3: fuzzFile(rest)
  case 4: fuzzLine(rest)
  default: _ = try? RowPredicate(String(decoding: rest, as: UTF8.self))
  }
  return 0
}

/// A folder in memory for this process, with a sound set in it.
private struct Place {
  let folder: String
  let sound: String
  /// The sound file's header region, and its size up to the first page.
  let header: [UInt8]
  let pageSize: Int

  static let shared = Place()

  private init() {
    folder = "/dev/shm/dsx-fuzz-\(getpid())"
    sound = folder + "/sound"
    let parts = try? Self.make(folder, sound)
    guard let parts else {
      print("cannot make a set in \(folder)")
      exit(2)
    }
    (header, pageSize) = parts
  }

  static let schema = Schema([
    Field("ids", .int32, shape: [-1]), Field("wide", .int64, shape: [2]), Field("raw", .bytes),
    Field("n", .int32), Field("score", .float64), Field("text", .string),
  ])

  private static func make(_ folder: String, _ path: String) throws -> ([UInt8], Int) {
    try FilePath.makeFolder(folder)
    var options = RecordWriterOptions()
    // No checksums: else nearly every input would end there.
    options.mindSporeExact = true
    options.headerSize = 16 << 10
    options.pageSize = 32 << 10
    options.overwrite = true
    var writer = try RecordWriter(
      path: path, schema: RecordSchema(schema, indexFields: ["n", "text"]), options: options)
    try writer.append(
      Batch(
        schema: schema,
        columns: [
          Column(.int32([1, 300, 70_000, -5, 6]), offsets: [0, 2, 5]),
          Column(.int64([1, 1 << 40, -1, 0]), offsets: [0, 2, 4]),
          Column(.bytes([1, 2, 3]), offsets: [0, 1, 3]), Column(.int32([7, -8])),
          Column(.float64([0.1, -2])), Column(strings: ["eins", "二"]),
        ]))
    _ = try writer.finish()
    let file = try MappedFile(path: path)
    return file.withBytes { bytes in (Array(bytes[..<(16 << 10)]), 32 << 10) }
  }

  func write(_ bytes: UnsafeRawBufferPointer, to path: String, at position: Int, from: [UInt8] = [])
  {
    let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    if !from.isEmpty { _ = pwrite(descriptor, from, from.count, 0) }
    if let base = bytes.baseAddress {
      _ = pwrite(descriptor, base, bytes.count, off_t(position))
    }
  }
}

private func fuzzHeader(_ text: UnsafeRawBufferPointer) {
  var length = UInt64(text.count).littleEndian
  var file = withUnsafeBytes(of: &length) { Array($0) }
  file.append(contentsOf: text)
  file.withUnsafeBytes { bytes in
    guard let header = try? ShardHeader(file: bytes) else { return }
    _ = try? RowGroup.all(header, fileSize: 1 << 20)
  }
}

private func fuzzPages(_ bytes: UnsafeRawBufferPointer) {
  let place = Place.shared
  // Both pages' used parts: the first half of the input is the blob page, the second the raw page.
  let half = bytes.count / 2
  let path = place.folder + "/pages"
  var region = [UInt8](repeating: 0, count: place.pageSize + bytes.count - half)
  for position in 0..<min(half, place.pageSize) { region[position] = bytes[position] }
  for position in half..<bytes.count { region[place.pageSize + position - half] = bytes[position] }
  region.withUnsafeBytes {
    place.write($0, to: path, at: place.header.count, from: place.header)
  }
  readAll(path)
}

private func fuzzIndex(_ bytes: UnsafeRawBufferPointer) {
  let place = Place.shared
  place.write(bytes, to: place.sound + ".db", at: 0)
  _ = try? RecordVerifier.verify(path: place.sound)
  guard let reader = try? RecordReader(path: place.sound),
    let query = try? RecordQuery(reader, where: "n = 7 AND text >= 'a'")
  else { return }
  try? query.forEachBlock(size: 10) { rows throws(DSXError) in
    _ = try reader.batch(rows: rows)
    return true
  }
}

private func fuzzFile(_ bytes: UnsafeRawBufferPointer) {
  let place = Place.shared
  let path = place.folder + "/file"
  place.write(bytes, to: path, at: 0)
  readAll(path)
}

private func readAll(_ path: String) {
  guard let reader = try? RecordReader(files: [path], verify: false) else { return }
  _ = reader.info
  _ = try? reader.batch(0..<min(reader.count, 1000))
  if reader.count > 0 {
    _ = try? reader.batch(rows: [reader.count - 1, 0])
    let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 1024)
    defer { buffer.deallocate() }
    _ = try? reader.readInt32("ids", rows: 0..<1, into: buffer)
  }
  _ = try? RecordVerifier.verify(path: path)
}

private func fuzzLine(_ bytes: UnsafeRawBufferPointer) {
  guard let reader = try? RowLineReader(RecordSchema(Place.schema)) else { return }
  try? reader.append(bytes)
  _ = reader.take()
}
