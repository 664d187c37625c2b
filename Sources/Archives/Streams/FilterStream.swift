internal import CArchive
internal import DSXCore

/// What a zstd, xz or bzip2 file holds, by libarchive's filter of that name and its `raw` format.
///
/// The three libraries check their own checksums. libarchive takes damage after the first stream for
/// the end; whether all of the file was used is checked here.
final class FilterStream: ByteSource {
  let name: String
  private let handle: LibarchiveHandle
  private let compression: Compression
  private let limits: ArchiveLimits
  private var produced = 0
  private var isFinished = false

  init(_ source: any ByteSource, _ compression: Compression, limits: ArchiveLimits)
    throws(DSXError)
  {
    name = source.name
    self.compression = compression
    self.limits = limits
    handle = try LibarchiveHandle(source) { archive in
      let filter =
        switch compression {
        case .gzip: archive_read_support_filter_gzip(archive)
        case .zstd: archive_read_support_filter_zstd(archive)
        case .xz: archive_read_support_filter_xz(archive)
        case .bzip2: archive_read_support_filter_bzip2(archive)
        }
      // `raw` takes no stream of nothing, `empty` nothing else.
      return filter == ARCHIVE_OK && archive_read_support_format_raw(archive) == ARCHIVE_OK
        && archive_read_support_format_empty(archive) == ARCHIVE_OK
    }
    do throws(DSXError) {
      try handle.open("\(compression)")
    } catch {
      // The first bytes are right, and what follows is not.
      throw Magic.of(handle.start) == compression.magic && error.code == .malformed
        ? damaged() : error
    }
    var entry: OpaquePointer?
    let status = archive_read_next_header(handle.archive, &entry)
    if status == ARCHIVE_EOF {
      // What could not be unpacked at all looks empty too.
      guard archive_errno(handle.archive) == 0, handle.fetched > 0 else { throw damaged() }
      try finish()
    } else if status != ARCHIVE_OK {
      throw handle.error(.malformed, "this is no \(compression) data")
    }
    // Without the filter, `raw` would hand on the compressed bytes themselves.
    guard archive_filter_count(handle.archive) == 2 else {
      throw DSXError(.malformed, "this is no \(compression) data", file: name)
    }
  }

  var consumed: Int { handle.used }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    if isFinished { return 0 }
    let got = archive_read_data(handle.archive, buffer.baseAddress, buffer.count)
    guard got >= 0 else {
      throw damaged()
    }
    guard got > 0 else {
      try finish()
      return 0
    }
    produced += got
    try limits.check(produced: produced, consumed: handle.used, name: name)
    return got
  }

  private func damaged() -> DSXError {
    handle.error(
      .corrupt, "the \(compression) data is damaged or was cut",
      hint: "get the file again, and compare its checksum with the source's")
  }

  /// At the end: all of the file must have been used.
  private func finish() throws(DSXError) {
    isFinished = true
    guard handle.used == handle.fetched else {
      throw DSXError(
        .corrupt, "there is something else after the end of the \(compression) data", file: name,
        byte: handle.used, hint: "the file is damaged: get it again")
    }
  }
}
