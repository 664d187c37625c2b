internal import DSXCore
internal import Kernels

/// What dsx adds to a header so that damage is seen: the member `dsx`, the last of the header.
/// MindSpore ignores members that it does not know.
///
/// | member | content |
/// |---|---|
/// | checks | 1, the version of this table |
/// | rows | rows of this shard |
/// | saved | bytes saved by packing integers over all shards, with its sign (`compression_size` has a floor of 0) |
/// | fixed | which of `header_size` and `page_size` the writer's caller chose; the others came from the data |
/// | page_crc32c | CRC-32C of the used bytes of each page, in page order, 8 hexadecimal digits each |
/// | set_crc32c | CRC-32C over all shards' rows and page checksums: files of different writes never match; 0 in a file that was written alone, as a part of a set |
/// | header_crc32c | CRC-32C of the header's 8-byte length and text with these 8 digits taken as zeros |
///
/// `header_crc32c` has a fixed width and stands at the very end, `...":"xxxxxxxx"}}`, so that it is found
/// without parsing a text that may be damaged.
struct HeaderChecks: Hashable, Sendable {
  static let member = "dsx"
  static let version = 1

  /// One checksum a page.
  var pages: [UInt32] = []
  /// Bytes saved by packing, over all shards, with sign.
  var saved = 0
  /// Whether the caller chose the header's size, the page's size.
  var isHeaderSizeFixed = false
  var isPageSizeFixed = false
  /// The digest of the set; 0 while it is being written, and in a file written as a part.
  var set: UInt32 = 0

  /// The digest of one shard: of its rows and page checksums.
  func digest(rows: Int) -> UInt32 {
    var bytes = ByteStore(capacity: 16 + 4 * pages.count)
    bytes.append(raw: UInt64(rows).littleEndian)
    bytes.append(raw: UInt64(pages.count).littleEndian)
    for page in pages { bytes.append(raw: page.littleEndian) }
    return bytes.bytes.crc32c()
  }

  /// The digest of a set from those of its shards, in order.
  static func set(_ shards: [UInt32]) -> UInt32 {
    var bytes = ByteStore(capacity: 4 * shards.count)
    for digest in shards { bytes.append(raw: digest.littleEndian) }
    return bytes.bytes.crc32c()
  }
}

extension HeaderChecks {
  private static let mark = "\"header_crc32c\":\""
  private static let end = "\"}}"

  /// Appends `,"dsx":{...}` and the header's closing brace; the header checksum stays zeros until `seal`.
  func write(rows: Int, into out: inout ByteStore) {
    out.append(text: ",\"\(Self.member)\":{\"checks\":\(Self.version),\"rows\":\(rows)")
    out.append(text: ",\"saved\":\(saved),\"fixed\":[")
    var fixed: [String] = []
    if isHeaderSizeFixed { fixed.append("\"header_size\"") }
    if isPageSizeFixed { fixed.append("\"page_size\"") }
    out.append(text: fixed.joined(separator: ",") + "],\"page_crc32c\":\"")
    for page in pages { out.append(hexadecimal: page) }
    out.append(text: "\",\"set_crc32c\":\"")
    out.append(hexadecimal: set)
    out.append(text: "\"," + Self.mark)
    out.append(hexadecimal: 0)
    out.append(text: Self.end)
  }

  /// Fills in the checksum of a header that starts at `start` and ends with what `write` appended.
  static func seal(_ out: inout ByteStore, from start: Int) {
    let header = UnsafeRawBufferPointer(rebasing: out.bytes[start...])
    let sum = header.crc32c()
    let at = out.count - end.utf8.count - 8
    for (position, digit) in hexadecimal(sum).enumerated() { out.patch(digit, at: at + position) }
  }

  /// The checksum that a header (length and text) carries at its end; nil when it carries none.
  static func sealed(_ header: UnsafeRawBufferPointer) -> (stored: UInt32, actual: UInt32)? {
    let tail = mark.utf8.count + 8 + end.utf8.count
    guard header.count >= 8 + tail else { return nil }
    let start = header.count - tail
    let digits = start + mark.utf8.count
    guard header[start..<digits].elementsEqual(mark.utf8),
      header[(digits + 8)...].elementsEqual(end.utf8),
      let stored = number(header[digits..<digits + 8])
    else { return nil }
    var actual = UnsafeRawBufferPointer(rebasing: header[..<digits]).crc32c()
    actual = Array("00000000".utf8).withUnsafeBytes { $0.crc32c(actual) }
    actual = UnsafeRawBufferPointer(rebasing: header[(digits + 8)...]).crc32c(actual)
    return (stored, actual)
  }

  /// The checks of a parsed header. Throws `corrupt` when the member does not fit the page list.
  init(_ json: JSONValue, pages count: Int, rows: Int) throws(DSXError) {
    guard json["checks"]?.int == Self.version else {
      throw DSXError(
        .unsupported, "the header has checksums of a version that this dsx does not know", byte: 8,
        hint: "use the dsx that wrote the file, or --no-verify")
    }
    let digits = Array((json["page_crc32c"]?.string ?? "").utf8)
    guard digits.count == 8 * count else {
      throw DSXError(
        .corrupt, "the header has checksums of \(digits.count / 8) pages, but lists \(count) pages",
        byte: 8)
    }
    guard json["rows"]?.int == rows else {
      let stated = json["rows"]?.int.map(String.init) ?? "no number"
      throw DSXError(
        .corrupt, "the header says \(stated) as its rows, but its pages hold \(rows)", byte: 8)
    }
    pages.reserveCapacity(count)
    for page in 0..<count {
      guard let sum = Self.number(digits[8 * page..<8 * page + 8]) else {
        throw DSXError(.corrupt, "the checksum of page \(page) is no hexadecimal number", byte: 8)
      }
      pages.append(sum)
    }
    saved = json["saved"]?.int ?? 0
    let fixed = json["fixed"]?.array?.compactMap(\.string) ?? []
    isHeaderSizeFixed = fixed.contains("header_size")
    isPageSizeFixed = fixed.contains("page_size")
    set = Self.number((json["set_crc32c"]?.string ?? "").utf8) ?? 0
  }

  /// 8 lower-case digits.
  static func hexadecimal(_ value: UInt32) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return (0..<8).map { digits[Int(value >> (28 - 4 * UInt32($0)) & 15)] }
  }

  /// The number that 8 lower-case digits stand for.
  static func number(_ digits: some Collection<UInt8>) -> UInt32? {
    guard digits.count == 8 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - 0x57)
      default: return nil
      }
    }
    return value
  }
}

extension ByteStore {
  /// Appends 8 hexadecimal digits.
  mutating func append(hexadecimal value: UInt32) {
    for digit in HeaderChecks.hexadecimal(value) { append(digit) }
  }
}

extension UnsafeRawBufferPointer {
  /// CRC-32C of the bytes, going on from `start`.
  func crc32c(_ start: UInt32 = 0) -> UInt32 { dsx_crc32c(start, baseAddress, count) }
}
