internal import DSXCore

/// Encoded rows on disk, beside the output, until it is known which shard each belongs to.
final class RowSpool {
  private let blob: OutputFile
  private let raw: OutputFile
  private var blobBytes = 0
  private var rawBytes = 0

  // No data file can have these names: a file name must not contain ':'.
  static let blobName = "spool:blob"
  static let rawName = "spool:raw"

  init(blob: OutputFile, raw: OutputFile, bytes: (blob: Int, raw: Int)) {
    self.blob = blob
    self.raw = raw
    (blobBytes, rawBytes) = bytes
  }

  convenience init(_ folder: AtomicFolder) throws(DSXError) {
    self.init(
      blob: try OutputFile(path: folder.path(Self.blobName)),
      raw: try OutputFile(path: folder.path(Self.rawName)), bytes: (0, 0))
  }

  /// Lets `behind` do the writing from here on.
  func write(by behind: WriteBehind) {
    blob.behind = behind
    raw.behind = behind
  }

  /// Waits until all rows are in the files, if not on disk.
  func drain() throws(DSXError) {
    try blob.drain()
    try raw.drain()
  }

  /// Bytes of both files.
  var bytes: (blob: Int, raw: Int) { (blobBytes, rawBytes) }

  /// Waits until all rows are on disk.
  func sync() throws(DSXError) {
    try blob.sync()
    try raw.sync()
  }

  func append(blob more: UnsafeRawBufferPointer, raw moreRaw: UnsafeRawBufferPointer, rows: Int)
    throws(DSXError)
  {
    try blob.write(more, at: blobBytes)
    try raw.write(moreRaw, at: rawBytes)
    blobBytes += more.count
    rawBytes += moreRaw.count
  }

  /// The whole spool, mapped.
  func map() throws(DSXError) -> (blob: MappedFile, raw: MappedFile) {
    try blob.close()
    try raw.close()
    let files = (blob: try MappedFile(path: blob.path), raw: try MappedFile(path: raw.path))
    guard files.blob.bytes.count == blobBytes, files.raw.bytes.count == rawBytes else {
      throw DSXError(.io, "the spool file has changed while rows were written", file: blob.path)
    }
    files.blob.adviseSequential()
    files.raw.adviseSequential()
    return files
  }
}
