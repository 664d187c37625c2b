internal import DSXCore
internal import Glibc

/// Writes items of int32 words to disk, one after the other, to be read in any order later.
///
/// | file | content |
/// | --- | --- |
/// | `NAME.items` | the words of all items, little-endian int32, without gaps |
/// | `NAME.index` | where each item ends, in words: little-endian uint64 |
///
/// A document is its ids, and behind them as many labels where documents have labels. A row is its
/// number of segments, their ends, its ids, and labels again.
final class TokenSpoolWriter {
  private let items: SpoolOutput
  private let index: SpoolOutput
  private var words = 0
  /// Items written.
  private(set) var count = 0

  init(folder: String, name: String) throws(DSXError) {
    items = try SpoolOutput(path: FilePath.join(folder, name + ".items"))
    index = try SpoolOutput(path: FilePath.join(folder, name + ".index"))
  }

  /// Adds a document.
  func append(document ids: UnsafeBufferPointer<Int32>, labels: UnsafeBufferPointer<Int32>?)
    throws(DSXError)
  {
    try items.append(ids)
    if let labels { try items.append(labels) }
    try end(ids.count + (labels?.count ?? 0))
  }

  /// Adds rows.
  func append(_ rows: PackedRows) throws(DSXError) {
    for row in 0..<rows.rows {
      let ends = Array(rows.ends[rows.endOffsets[row]..<rows.endOffsets[row + 1]])
      let range = rows.offsets[row]..<rows.offsets[row + 1]
      try append([Int32(ends.count)])
      try append(ends)
      try append(Array(rows.ids[range]))
      if !rows.labels.isEmpty { try append(Array(rows.labels[range])) }
      try end(1 + ends.count + range.count * (rows.labels.isEmpty ? 1 : 2))
    }
  }

  private func append(_ values: [Int32]) throws(DSXError) {
    var failure: DSXError?
    values.withUnsafeBufferPointer { buffer in
      do throws(DSXError) { try items.append(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func end(_ count: Int) throws(DSXError) {
    words += count
    self.count += 1
    var failure: DSXError?
    withUnsafeBytes(of: UInt64(words).littleEndian) { bytes in
      do throws(DSXError) { try index.append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes what is left.
  func finish() throws(DSXError) {
    try items.finish()
    try index.finish()
  }
}

/// A file written from front to back through a buffer.
private final class SpoolOutput {
  private let path: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let limit = 1 << 20

  init(path: String) throws(DSXError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw DSXError.system("cannot create the file", file: path) }
    buffer.reserveCapacity(Self.limit + (1 << 16))
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func append(_ words: UnsafeBufferPointer<Int32>) throws(DSXError) {
    try append(UnsafeRawBufferPointer(words))
  }

  func append(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.limit { try drain() }
  }

  func finish() throws(DSXError) {
    try drain()
    let result = close(descriptor)
    descriptor = -1
    guard result == 0 || errno == EINTR else {
      throw DSXError.system("cannot write the file", file: path)
    }
  }

  private func drain() throws(DSXError) {
    var failed = false
    let (descriptor, count) = (descriptor, buffer.count)
    buffer.withUnsafeBytes { bytes in
      var done = 0
      while done < count, let base = bytes.baseAddress {
        let written = write(descriptor, base + done, count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else {
          failed = true
          return
        }
        done += written
      }
    }
    if failed {
      throw DSXError.system("cannot write \(count) bytes to the file", file: path, needs: count)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
