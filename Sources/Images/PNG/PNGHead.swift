internal import CDeflate
internal import DSXCore

/// The chunks of a PNG file, all of them checked.
///
/// ```
/// 89 50 4E 47 0D 0A 1A 0A, then chunks: length (4), type (4), data, CRC-32 of type and data (4)
///   IHDR first: width (4), height (4), bits, colour, compression, filter, interlace (1 each)
///   PLTE: 3 bytes a colour     IDAT, one after the other: parts of one zlib stream     IEND last
///   eXIf: a TIFF file          all others are passed over; those whose name begins with a capital
///                              letter are no PNG that is known here
/// ```
struct PNGHead {
  static let signatureSize = 8

  var info: ImageInfo
  /// Where the colours of the palette lie.
  var palette: Range<Int>?
  /// Where the parts of the compressed data lie.
  var data: [Range<Int>] = []

  /// Reads all chunks. Throws `corrupt` for one that is cut, out of order or does not match its CRC,
  /// `unsupported` for one that must be understood and is not.
  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DSXError) {
    func fault(_ what: String, _ at: Int, _ code: DSXError.Code = .corrupt) -> DSXError {
      DSXError(
        code, "the PNG file \(what)", file: name, byte: at,
        hint: "get it again, convert it anew, or leave it out")
    }
    var position = Self.signatureSize
    var head: ImageInfo?
    var orientation = 1
    var isDataOver = false
    while true {
      guard bytes.count - position >= 12 else { throw fault("was cut", bytes.count) }
      let length = big32(bytes, position)
      guard length <= bytes.count - position - 12 else { throw fault("was cut", bytes.count) }
      let kind = UnsafeRawBufferPointer(rebasing: bytes[position + 4..<position + 8])
      let content = position + 8..<position + 8 + length
      let crc = libdeflate_crc32(0, kind.baseAddress, length + 4)
      guard Int(crc) == big32(bytes, content.upperBound) else {
        throw fault("has a chunk that does not match its checksum", position)
      }
      let isData = kind.elementsEqual("IDAT".utf8)
      if head == nil {
        guard kind.elementsEqual("IHDR".utf8), length == 13 else {
          throw fault("does not begin with its head", position)
        }
        head = try Self.header(UnsafeRawBufferPointer(rebasing: bytes[content]), name)
      } else if isData {
        guard !isDataOver else { throw fault("has other chunks between its data", position) }
        data.append(content)
      } else if kind.elementsEqual("PLTE".utf8) {
        guard palette == nil, data.isEmpty, length > 0, length % 3 == 0, length <= 768 else {
          throw fault("has a damaged palette", position)
        }
        palette = content
      } else if kind.elementsEqual("eXIf".utf8) {
        orientation =
          EXIF.orientation(UnsafeRawBufferPointer(rebasing: bytes[content])) ?? orientation
      } else if kind.elementsEqual("IEND".utf8) {
        break
      } else if kind[0] & 0x20 == 0 {
        let shown = String(decoding: kind.map { (0x21..<0x7f).contains($0) ? $0 : 0x3f }, as: UTF8.self)
        throw fault("needs the extension '\(shown)', which is not known", position, .unsupported)
      }
      if !isData, !data.isEmpty { isDataOver = true }
      position = content.upperBound + 4
    }
    guard var head else { throw fault("does not begin with its head", 8) }
    guard !data.isEmpty else { throw fault("holds no image data", position) }
    guard head.colour != .palette || palette != nil else { throw fault("lacks its palette", position) }
    head.orientation = orientation
    info = head
  }

  private static func header(_ bytes: UnsafeRawBufferPointer, _ name: String) throws(DSXError)
    -> ImageInfo
  {
    let (width, height) = (big32(bytes, 0), big32(bytes, 4))
    let bits = Int(bytes[8])
    // Colour types by number, with the bit depths that each may have.
    let kinds: [UInt8: (ImageInfo.Colour, [Int])] = [
      0: (.grey, [1, 2, 4, 8, 16]), 2: (.rgb, [8, 16]), 3: (.palette, [1, 2, 4, 8]),
      4: (.greyAlpha, [8, 16]), 6: (.rgba, [8, 16]),
    ]
    guard (1...0x7fff_ffff).contains(width), (1...0x7fff_ffff).contains(height),
      let (colour, depths) = kinds[bytes[9]], depths.contains(bits), bytes[10] == 0, bytes[11] == 0,
      bytes[12] <= 1
    else {
      throw DSXError(
        .corrupt, "the head of the PNG file states what no PNG has", file: name,
        byte: signatureSize, hint: "get it again, convert it anew, or leave it out")
    }
    return ImageInfo(
      format: .png, width: width, height: height, colour: colour, bits: bits, orientation: 1,
      isProgressive: bytes[12] == 1)
  }
}
