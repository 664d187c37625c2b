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
    let status = archive_read_open(archive, context, nil, Self.onRead, nil)
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
}
