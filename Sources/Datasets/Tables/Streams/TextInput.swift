internal import Archives
internal import DSXCore

/// Where a table's text comes from, and how each reading of it begins.
struct TextInput: Sendable {
  /// The two kinds of inputs.
  enum Origin: Sendable {
    case file(String)
    case stream(@Sendable () throws(DSXError) -> any ByteSource)
  }

  let name: String
  let origin: Origin
  let encoding: TextEncoding
  /// CSV whose quotes libcsv is to make sense of; nil takes the text as it is.
  var lenient: CSVDialect?

  /// A fresh window at the beginning: a mapping where the file is UTF-8 as it is.
  func open() throws(DSXError) -> TextWindow {
    guard case .file(let path) = origin, lenient == nil else { return TextWindow(try source()) }
    let file = try MappedFile(path: path)
    let decoded = file.withBytes { Self.encoding(encoding, $0) }
    return decoded == nil ? TextWindow(file) : TextWindow(try source())
  }

  /// A fresh stream of UTF-8 bytes.
  func source() throws(DSXError) -> any ByteSource {
    let raw: any ByteSource
    switch origin {
    case .file(let path): raw = try FileSource(path: path)
    case .stream(let open): raw = try open()
    }
    let peeked = try PeekedSource(raw, count: 4)
    let decoded = peeked.peek.withUnsafeBytes { Self.encoding(encoding, $0) }
    var utf8: any ByteSource = peeked
    if let decoded { utf8 = try DecodedSource(peeked, encoding: decoded) }
    guard let lenient else { return utf8 }
    return try LenientCSVSource(utf8, lenient)
  }

  /// What has to be decoded, nil for UTF-8.
  private static func encoding(_ stated: TextEncoding, _ start: UnsafeRawBufferPointer)
    -> TextEncoding?
  {
    let isLittle = start.starts(with: [0xff, 0xfe])
    let isBig = start.starts(with: [0xfe, 0xff])
    switch stated {
    case .automatic: return isLittle ? .utf16LittleEndian : isBig ? .utf16BigEndian : nil
    case .utf8: return nil
    case .utf16: return isBig ? .utf16BigEndian : .utf16LittleEndian
    case .utf16LittleEndian, .utf16BigEndian, .gb18030: return stated
    }
  }
}

/// A stream whose first bytes were looked at.
final class PeekedSource: ByteSource {
  private let source: any ByteSource
  /// The first bytes, fewer where the stream is shorter.
  let peek: [UInt8]
  private var given = 0

  init(_ source: any ByteSource, count: Int) throws(DSXError) {
    self.source = source
    var bytes: [UInt8] = []
    while bytes.count < count {
      if try source.read(upTo: count - bytes.count, into: &bytes) == 0 { break }
    }
    peek = bytes
  }

  var name: String { source.name }
  var consumed: Int { source.consumed }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DSXError) -> Int {
    guard given < peek.count else { return try source.read(into: buffer) }
    let count = min(buffer.count, peek.count - given)
    for index in 0..<count { buffer[index] = peek[given + index] }
    given += count
    return count
  }
}
