internal import CArchive
internal import DSXCore
internal import Glibc

/// A libarchive reader over a source. Only the formats and filters that are switched on by name exist:
/// never `support_format_all`, whose rarer readers are where its security faults were.
final class LibarchiveHandle {
  let archive: OpaquePointer
  private let source: any ByteSource
  private let buffer: UnsafeMutableRawBufferPointer
  /// Whether the source was read to its end.
  private(set) var isSourceAtEnd = false
  /// Bytes read from the source.
  private(set) var fetched = 0
  /// The first bytes of the source.
  private(set) var start: [UInt8] = []
  /// The source, if it is a file in which bytes can be passed over without reading them.
  var skipped: FileSource?
  /// What the source threw inside of a callback.
  private var failure: DSXError?

  /// A reader; `configure` switches formats and filters on and returns whether all are there.
  init(_ source: any ByteSource, _ configure: (OpaquePointer) -> Bool) throws(DSXError) {
    guard let archive = archive_read_new() else {
      throw DSXError(.internal, "libarchive did not start")
    }
    guard configure(archive) else {
      archive_read_free(archive)
      throw DSXError(.internal, "this libarchive lacks a format that dsx needs")
    }
    self.archive = archive
    self.source = source
    buffer = .allocate(byteCount: 64 << 10, alignment: 16)
  }

  deinit {
    archive_read_free(archive)
    buffer.deallocate()
  }

  /// Starts reading. Throws `malformed` for a source that is none of the formats.
  func open(_ what: String) throws(DSXError) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let status = archive_read_open2(
      archive, context, nil, Self.onRead, skipped == nil ? nil : Self.onSkip, nil)
    guard status == ARCHIVE_OK else { throw error(.malformed, "this is no \(what) data") }
  }

  /// The error for a call that failed: what the source threw, else libarchive's words.
  func error(_ code: DSXError.Code, _ message: String, hint: String? = nil) -> DSXError {
    if let failure { return failure }
    if archive_errno(archive) == ENOMEM {
      return DSXError(.io, "there is not enough memory to unpack", file: source.name)
    }
    return DSXError(
      code, message, file: source.name, hint: hint,
      underlying: archive_error_string(archive).map { String(cString: $0) })
  }

  /// Bytes of the source that the lowest filter has used.
  var used: Int { Int(archive_filter_bytes(archive, -1)) }

  /// The next byte of the content that the lowest filter's output holds.
  var position: Int { Int(archive_filter_bytes(archive, 0)) }

  private func fetch() -> Int {
    guard failure == nil else { return -1 }
    do throws(DSXError) {
      let got = try source.read(into: buffer)
      if fetched == 0 { start = Array(UnsafeRawBufferPointer(buffer).prefix(min(got, 16))) }
      fetched += got
      if got == 0 { isSourceAtEnd = true }
      return got
    } catch {
      failure = error
      return -1
    }
  }

  private static let onRead:
    @convention(c) (
      OpaquePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeRawPointer?>?
    ) -> Int = { archive, context, result in
      guard let context, let result else { return -1 }
      let handle = Unmanaged<LibarchiveHandle>.fromOpaque(context).takeUnretainedValue()
      let got = handle.fetch()
      result.pointee = UnsafeRawPointer(handle.buffer.baseAddress)
      return got
    }

  /// Passes over up to `wanted` bytes and returns how many; what is beyond the end is left to reading.
  private static let onSkip:
    @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, Int64) -> Int64 = {
      archive, context, wanted in
      guard let context, wanted > 0 else { return 0 }
      let handle = Unmanaged<LibarchiveHandle>.fromOpaque(context).takeUnretainedValue()
      guard let file = handle.skipped else { return 0 }
      let count = min(Int(clamping: wanted), file.size - file.position)
      guard count > 0 else { return 0 }
      file.seek(to: file.position + count)
      handle.fetched += count
      return Int64(count)
    }
}
