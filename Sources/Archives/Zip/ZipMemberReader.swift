internal import CDeflate
public import DSXCore

/// Reads whole members of a zip archive into memory, any of them in any order.
///
/// Members up to `quickLimit` bytes are inflated by libdeflate in one step, larger ones piece by piece.
/// Size and CRC are checked before anything is handed out. Members that lie close together and are asked
/// for in the archive's order are read from the file together. One reader a thread: it keeps its
/// buffers.
public final class ZipMemberReader {
  /// Above this size members are inflated piece by piece, so that packed and unpacked bytes are not in
  /// memory as a whole at once.
  public static let quickLimit = 64 << 20

  /// The archive.
  public let archive: ZipArchive
  /// The largest member that `read` takes.
  public let maximumSize: Int
  private let inflater = Handle()
  /// Part of the file, and where it begins there.
  private var window: [UInt8] = []
  private var windowStart = 0
  private var windowCount = 0
  /// Where the member read last ended.
  private var lastEnd = -1
  private var content: [UInt8] = []
  private static let readAhead = 256 << 10

  /// Frees the inflater with the reader.
  private final class Handle {
    let pointer = libdeflate_alloc_decompressor()
    deinit { libdeflate_free_decompressor(pointer) }
  }

  /// A reader of `archive` for members of up to `maximumSize` bytes.
  public init(_ archive: ZipArchive, maximumSize: Int = 1 << 30) {
    self.archive = archive
    self.maximumSize = maximumSize
  }

  /// The content of a member.
  ///
  /// Throws `corrupt` when it does not unpack to its stated size and CRC, `archiveLimit` when it is larger
  /// than `maximumSize`, `io` when the file cannot be read or changed.
  public func read(_ member: ArchiveMember) throws(DSXError) -> [UInt8] {
    try withBytes(of: member) { Array($0) }
  }

  /// Runs `body` with the content of a member, which stays valid until it returns. Throws as `read`.
  public func withBytes<Result>(
    of member: ArchiveMember, _ body: (UnsafeRawBufferPointer) -> Result
  ) throws(DSXError) -> Result {
    let entry = try archive.entry(of: member)
    guard entry.unpacked <= maximumSize else {
      throw DSXError(
        .archiveLimit, "the member has \(entry.unpacked) bytes, more than \(maximumSize)",
        file: archive.shownName(of: member), hint: "leave it out of the archive, or split it")
    }
    guard entry.unpacked <= Self.quickLimit else {
      return try stream(member).withUnsafeBytes(body)
    }
    let start = try fetch(entry.data)
    let packed = start..<start + entry.data.count
    if entry.method == 0 {
      try check(
        entry, member, window.withUnsafeBytes { Inflater.crc32(0, .init(rebasing: $0[packed])) })
      return window.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[packed])) }
    }
    try inflate(packed, entry, member)
    return content.withUnsafeBytes {
      body(UnsafeRawBufferPointer(rebasing: $0[..<entry.unpacked]))
    }
  }

  /// Brings the bytes of a range into the window; returns where they begin in it.
  private func fetch(_ range: Range<Int>) throws(DSXError) -> Int {
    let isNext = range.lowerBound >= lastEnd && range.lowerBound - lastEnd < Self.readAhead
    lastEnd = range.upperBound
    if range.lowerBound >= windowStart, range.upperBound <= windowStart + windowCount {
      return range.lowerBound - windowStart
    }
    let rest = archive.file.size - range.lowerBound
    let wanted = isNext ? min(max(range.count, Self.readAhead), rest) : range.count
    if window.count < wanted { window = [UInt8](repeating: 0, count: wanted) }
    var got: Swift.Result<Int, DSXError> = .success(0)
    window.withUnsafeMutableBytes { buffer in
      do throws(DSXError) {
        got = .success(
          try archive.file.read(
            at: range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])))
      } catch { got = .failure(error) }
    }
    windowStart = range.lowerBound
    windowCount = 0
    windowCount = try got.get()
    // What was read before the file changed is what it was when the archive was opened.
    try archive.file.checkUnchanged()
    guard windowCount >= range.count else {
      throw DSXError(
        .corrupt, "the file ends too early", file: archive.name, byte: range.lowerBound)
    }
    return 0
  }

  private func inflate(_ packed: Range<Int>, _ entry: ZipArchive.Entry, _ member: ArchiveMember)
    throws(DSXError)
  {
    // Deflate packs 258 bytes into 2 bits at best: what claims more is refused before memory is taken.
    guard entry.unpacked / 1032 <= packed.count else { throw wrongSize(entry, member) }
    if content.count < entry.unpacked {
      content = [UInt8](repeating: 0, count: max(entry.unpacked, 64 << 10))
    }
    var (used, produced) = (0, 0)
    var crc: UInt32 = 0
    let status = window.withUnsafeBytes { source in
      content.withUnsafeMutableBytes { target in
        let status = libdeflate_deflate_decompress_ex(
          inflater.pointer, source.baseAddress?.advanced(by: packed.lowerBound), packed.count,
          target.baseAddress, entry.unpacked, &used, &produced)
        if status == LIBDEFLATE_SUCCESS, produced == entry.unpacked {
          crc = Inflater.crc32(0, UnsafeRawBufferPointer(rebasing: target[..<produced]))
        }
        return status
      }
    }
    switch status {
    case LIBDEFLATE_SUCCESS:
      guard produced == entry.unpacked, used == packed.count else {
        throw wrongSize(entry, member)
      }
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw wrongSize(entry, member)
    default:
      throw DSXError(
        .corrupt, "the compressed data is damaged", file: archive.shownName(of: member),
        hint: "get the file again, and compare its checksum with the source's")
    }
    try check(entry, member, crc)
  }

  /// A large member, piece by piece.
  private func stream(_ member: ArchiveMember) throws(DSXError) -> [UInt8] {
    let source = try archive.open(member)
    var bytes: [UInt8] = []
    // The stated size is no promise yet: memory grows with what really comes.
    while try source.read(upTo: 1 << 20, into: &bytes) > 0 {}
    return bytes
  }

  private func check(_ entry: ZipArchive.Entry, _ member: ArchiveMember, _ crc: UInt32)
    throws(DSXError)
  {
    guard crc == entry.crc else {
      throw DSXError(
        .corrupt, "the content does not match its checksum", file: archive.shownName(of: member),
        hint: "get the file again, and compare its checksum with the source's")
    }
  }

  private func wrongSize(_ entry: ZipArchive.Entry, _ member: ArchiveMember) -> DSXError {
    DSXError(
      .corrupt, "it does not unpack to the \(entry.unpacked) bytes that the archive states",
      file: archive.shownName(of: member), hint: "get the file again")
  }
}
