internal import Archives
internal import DSXCore
internal import Glibc

/// Text of another encoding as UTF-8, by the C library's iconv.
final class DecodedSource: ByteSource {
  private let source: any ByteSource
  private let encoding: TextEncoding
  private let handle: iconv_t
  /// Bytes that were read and not decoded yet: `input[start..<stop]`.
  private var input: UnsafeMutableRawBufferPointer
  private var start = 0
  private var stop = 0
  private var isAtEnd = false
  /// The offset of `input[0]` in the source.
  private var offset = 0

  init(_ source: any ByteSource, encoding: TextEncoding) throws(DSXError) {
    self.source = source
    self.encoding = encoding
    let name: String
    switch encoding {
    case .utf16BigEndian: name = "UTF-16BE"
    case .gb18030: name = "GB18030"
    default: name = "UTF-16LE"
    }
    let opened: iconv_t? = iconv_open("UTF-8", name)
    guard let opened, Int(bitPattern: opened) != -1 else {
      throw DSXError(
        .unsupported, "this system cannot decode \(encoding.rawValue)", file: source.name,
        hint: "convert the file to UTF-8, or install the C library's conversion modules")
    }
    handle = opened
    input = .allocate(byteCount: 1 << 16, alignment: 16)
  }

  deinit {
    iconv_close(handle)
    input.deallocate()
  }

  var name: String { source.name }
  var consumed: Int { source.consumed }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    // No character takes more than four bytes of UTF-8: smaller buffers might never be filled.
    guard buffer.count >= 8 else { return try readFew(into: buffer) }
    while true {
      if stop == start, isAtEnd { return 0 }
      let got = try decode(into: buffer)
      if got > 0 { return got }
      try more()
    }
  }

  private var few: [UInt8] = []

  private func readFew(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    if few.isEmpty, try read(upTo: 64, into: &few) == 0 { return 0 }
    let count = min(buffer.count, few.count)
    for index in 0..<count { buffer[index] = few[index] }
    few.removeFirst(count)
    return count
  }

  /// Reads on, behind what is left.
  private func more() throws(DSXError) {
    if isAtEnd {
      throw DSXError(
        .malformed, "the text ends inside of a \(encoding.rawValue) character", file: name,
        byte: offset + start, hint: "the file is cut off, or --encoding is another one")
    }
    if start > 0, let memory = input.baseAddress {
      memmove(memory, memory + start, stop - start)
      offset += start
      stop -= start
      start = 0
    }
    let got = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: input[stop...]))
    if got == 0 { isAtEnd = true }
    stop += got
  }

  private func decode(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    guard stop > start, let memory = input.baseAddress, let target = buffer.baseAddress else {
      return 0
    }
    var from: UnsafeMutablePointer<CChar>? = (memory + start).assumingMemoryBound(to: CChar.self)
    var left = stop - start
    var to: UnsafeMutablePointer<CChar>? = target.assumingMemoryBound(to: CChar.self)
    var room = buffer.count
    let status = iconv(handle, &from, &left, &to, &room)
    let failure = errno
    start = stop - left
    let got = buffer.count - room
    if status == -1, failure == EILSEQ, got == 0 {
      throw DSXError(
        .malformed, "the text is not valid \(encoding.rawValue)", file: name,
        byte: offset + start, hint: "give the file's own --encoding")
    }
    return got
  }
}
