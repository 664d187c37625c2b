internal import Archives
internal import DSXCore
internal import Glibc

/// The part of an input's text that is in memory: all of a mapped file, or a stretch of a stream.
///
/// Positions are byte offsets in the decoded text. A stream is read on as `fill` asks for it, and what
/// lies before the wanted position is let go. Single owner; others may read `bytes` between two calls
/// of `fill`.
final class TextWindow {
  /// What messages call the input.
  let name: String
  private let file: MappedFile?
  private let source: (any ByteSource)?
  private var storage: UnsafeMutableRawBufferPointer?
  /// The position of the first byte in memory.
  private(set) var base = 0
  /// The bytes in memory.
  private(set) var bytes: UnsafeRawBufferPointer
  /// Whether the input ends with `bytes`.
  private(set) var isAtEnd: Bool
  /// Line ends before `base`.
  private var linesBefore = 0
  /// The last position whose line was asked for, and its line ends.
  private var counted = (position: 0, lines: 0)

  /// A mapped file.
  init(_ file: MappedFile) {
    name = file.path
    self.file = file
    source = nil
    bytes = file.bytes
    isAtEnd = true
    file.adviseSequential()
  }

  /// A stream.
  init(_ source: any ByteSource) {
    name = source.name
    file = nil
    self.source = source
    bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    isAtEnd = false
  }

  deinit { storage?.deallocate() }

  /// Whether this is a stream, whose positions may be those of decoded text.
  var isStream: Bool { source != nil }

  /// Lets a stream run up to a position.
  func advance(to position: Int) throws(DSXError) {
    while end < position, !isAtEnd { try fill(from: end, count: min(position - end, 1 << 20)) }
    if position <= end { try fill(from: position, count: 1) }
  }

  /// The position behind the last byte in memory.
  var end: Int { base + bytes.count }

  /// Bytes of the input that were used when everything before `position` is.
  func consumed(_ position: Int) -> Int { source?.consumed ?? position }

  /// The position of the first character: behind a UTF-8 byte order mark.
  func start() throws(DSXError) -> Int {
    try fill(from: 0, count: 3)
    return bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// Brings `count` bytes from `position` on into memory, or as many as there are; lets go what lies
  /// before `position`, which is in memory.
  func fill(from position: Int, count: Int) throws(DSXError) {
    guard let source, !isAtEnd, position + count > end else { return }
    let kept = end - position
    // Room for more than is asked, so that a stream is not moved for each piece.
    let capacity = max(count + (count >> 1), 1 << 16)
    let old = storage
    let room: UnsafeMutableRawBufferPointer
    if let old, old.count >= capacity {
      room = old
    } else {
      room = .allocate(byteCount: capacity, alignment: 64)
    }
    let dropped = position - base
    countLines(bytes[..<dropped])
    if kept > 0, let from = bytes.baseAddress, let target = room.baseAddress {
      memmove(target, from + dropped, kept)
    }
    storage = room
    if let old, old.baseAddress != room.baseAddress { old.deallocate() }
    base = position
    var filled = kept
    defer { bytes = UnsafeRawBufferPointer(rebasing: room[..<filled]) }
    while filled < count {
      let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: room[filled...]))
      if got == 0 {
        isAtEnd = true
        break
      }
      filled += got
    }
  }

  private func countLines(_ gone: Slice<UnsafeRawBufferPointer>) {
    linesBefore += Self.lineEnds(UnsafeRawBufferPointer(rebasing: gone), next: nil)
    counted = (base + gone.count, linesBefore)
  }

  /// The line of a position, from 1. Linear in the bytes since the last position asked for.
  func line(at position: Int) -> Int {
    if position < counted.position || counted.position < base { counted = (base, linesBefore) }
    let range = (counted.position - base)..<max(counted.position, min(position, end)) - base
    let next = range.upperBound < bytes.count ? bytes[range.upperBound] : nil
    let more = Self.lineEnds(UnsafeRawBufferPointer(rebasing: bytes[range]), next: next)
    counted = (base + range.upperBound, counted.lines + more)
    return counted.lines + 1
  }

  /// Line ends in some bytes: LF, CRLF, and CR that no LF follows; `next` is the byte behind them.
  static func lineEnds(_ bytes: UnsafeRawBufferPointer, next: UInt8?) -> Int {
    var lines = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard byte <= 0x0d else { continue }
      if byte == 0x0a {
        lines += 1
      } else if byte == 0x0d {
        let following = index + 1 < bytes.count ? bytes[index + 1] : next
        if following != 0x0a { lines += 1 }
      }
    }
    return lines
  }

  /// Whether a line begins at `position`, which is in memory; the end of the input counts, whether or not its last
  /// line has an end.
  func isLineStart(_ position: Int) throws(DSXError) -> Bool {
    // Whether a stream ends there is not known before more of it was asked for.
    if position == end, !isAtEnd, !bytes.isEmpty { try fill(from: position - 1, count: 2) }
    let at = position - base
    guard at > 0, at <= bytes.count else { return at == 0 }
    if at == bytes.count, isAtEnd { return true }
    let before = bytes[at - 1]
    if before == 0x0a { return true }
    return before == 0x0d && (at == bytes.count || bytes[at] != 0x0a)
  }
}
