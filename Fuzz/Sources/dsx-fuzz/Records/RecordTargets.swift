import DSXCore
@testable import Records

/// The header of a data file, without its length: JSON text.
func fuzzRecordHeader(_ input: UnsafeRawBufferPointer) {
  var length = UInt64(input.count).littleEndian
  var file = withUnsafeBytes(of: &length) { Array($0) }
  file.append(contentsOf: input)
  file.withUnsafeBytes { bytes in
    guard let header = try? ShardHeader(file: bytes),
      let groups = try? RowGroup.all(header, fileSize: 1 << 20)
    else { return }
    for group in groups {
      require(group.blob.upperBound <= 1 << 20, "a page behind the file's end")
      require(group.raw.upperBound <= 1 << 20, "a page behind the file's end")
    }
  }
}

private let pages = ScratchFile("pages")

/// The pages of a set of mixed fields behind a sound header: first the used part of the blob page, then that
/// of the raw page.
func fuzzRecordPages(_ input: UnsafeRawBufferPointer) {
  let sound = SoundSet.shared
  let blob = min(sound.blobBytes, input.count)
  var file = sound.header
  file.reserveCapacity(file.count + 2 * sound.pageSize)
  file.append(contentsOf: input[..<blob])
  file.append(contentsOf: repeatElement(0, count: sound.pageSize - blob))
  file.append(contentsOf: input[blob...])
  pages.fill(file)
  readAll(pages.path)
}

/// Opened once the set is there.
private let index: ScratchFile = {
  _ = SoundSet.shared
  return ScratchFile("sound.db")
}()

/// The SQLite index of a sound data file (as `SparseBytes`): verified, and asked.
func fuzzRecordIndex(_ input: UnsafeRawBufferPointer) {
  index.fill(SparseBytes.expanded(input))
  let path = SoundSet.shared.path
  _ = try? RecordVerifier.verify(path: path)
  guard let reader = try? RecordReader(path: path),
    let query = try? RecordQuery(reader, where: "n = 7 AND text >= 'a'")
  else { return }
  try? query.forEachBlock(size: 10) { rows throws(DSXError) in
    _ = try reader.batch(rows: rows)
    return true
  }
}

private let whole = ScratchFile("file")

/// A data file (as `SparseBytes`).
func fuzzRecordFile(_ input: UnsafeRawBufferPointer) {
  whole.fill(SparseBytes.expanded(input))
  readAll(whole.path)
}

private func readAll(_ path: String) {
  guard let reader = try? RecordReader(files: [path], verify: false) else { return }
  _ = reader.info
  if let batch = try? reader.batch(0..<min(reader.count, 1000)) { check(batch) }
  if reader.count > 0 {
    _ = try? reader.batch(rows: [reader.count - 1, 0])
    let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 1024)
    defer { buffer.deallocate() }
    _ = try? reader.readInt32("ids", rows: 0..<1, into: buffer)
  }
  _ = try? RecordVerifier.verify(path: path)
}

/// What was read can be written as lines, as `dsx records cat` does.
private func check(_ batch: Batch) {
  let lines = RowLines(batch.schema)
  var text: [UInt8] = []
  for row in 0..<batch.rows { try? lines.append(batch, row: row, into: &text) }
}

/// A line of JSON for strict input: a row that is taken is written, and read again the same.
func fuzzRecordLine(_ input: UnsafeRawBufferPointer) {
  let schema = RecordSchema(SoundSet.schema)
  guard let reader = try? RowLineReader(schema), let first = line(input, reader) else { return }
  let again = first.withUnsafeBytes { bytes in
    line(UnsafeRawBufferPointer(rebasing: bytes[..<(first.count - 1)]), reader)
  }
  require(again == first, "a row changes when it is written and read")
}

/// The row of a line as it is written; nil where it is refused.
private func line(_ text: UnsafeRawBufferPointer, _ reader: RowLineReader) -> [UInt8]? {
  do { try reader.append(text) } catch {
    require(reader.rows == 0, "a refused row was kept")
    return nil
  }
  let batch = reader.take()
  var out: [UInt8] = []
  do { try RowLines(batch.schema).append(batch, row: 0, into: &out) } catch {
    require(false, "a row that was taken cannot be written")
  }
  return out
}

/// A condition of `--where`.
func fuzzRecordWhere(_ input: UnsafeRawBufferPointer) {
  _ = try? RowPredicate(String(decoding: input, as: UTF8.self))
}
