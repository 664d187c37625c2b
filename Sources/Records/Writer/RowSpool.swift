internal import DSXCore

/// Encoded rows on disk, beside the output, until it is known which shard each belongs to.
final class RowSpool {
  private let blob: OutputFile
  private let raw: OutputFile
  private var blobBytes = 0
  private var rawBytes = 0

  init(_ folder: AtomicFolder) throws(DSXError) {
    // No data file can have these names: a file name must not contain ':'.
    blob = try OutputFile(path: folder.path("spool:blob"))
    raw = try OutputFile(path: folder.path("spool:raw"))
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

  func remove() throws(DSXError) {
    try FilePath.removeTree(blob.path)
    try FilePath.removeTree(raw.path)
  }
}
