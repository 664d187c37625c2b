internal import DSXCore

/// The segments of a JPEG file up to its first scan.
///
/// ```
/// FF D8            start of image
/// FF mm nn nn ...  segments: marker, length of the rest (itself included), content
///   C0..CF but C4 C8 CC: frame: bits (1), height (2), width (2), components (1), 3 bytes each
///   E1: "Exif\0\0" and a TIFF file   EE: "Adobe", version (2), flags (4), transform (1)
///   DA: scan: components (1), ... and coded data up to the next marker
/// ```
struct JPEGHead {
  var info: ImageInfo
  /// Whether one scan holds all of the image, so that data which ends with it lacks nothing.
  var isOneScan: Bool
  /// Whether an Adobe segment stands there: its CMYK is stored the other way round.
  var isAdobe: Bool

  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DSXError) {
    func cut() -> DSXError {
      DSXError(
        .corrupt, "the JPEG file ends within its head", file: name, byte: bytes.count,
        hint: "the file was cut: get it again")
    }
    var position = 2
    var frame: (marker: UInt8, bits: Int, height: Int, width: Int, components: Int)?
    var orientation = 1
    isAdobe = false
    while true {
      // Fill bytes may stand in front of a marker; other bytes there are skipped, as libjpeg does.
      while position < bytes.count, bytes[position] != 0xff { position += 1 }
      while position < bytes.count, bytes[position] == 0xff { position += 1 }
      guard position < bytes.count else { throw cut() }
      let marker = bytes[position]
      position += 1
      if marker == 0x00 || marker == 0x01 || (0xd0...0xd8).contains(marker) { continue }
      guard marker != 0xd9, position + 2 <= bytes.count else { throw cut() }
      let length = big16(bytes, position)
      guard length >= 2, length <= bytes.count - position else { throw cut() }
      let content = UnsafeRawBufferPointer(rebasing: bytes[position + 2..<position + length])
      switch marker {
      case 0xc0...0xcf where marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
        guard content.count >= 6, frame == nil else {
          throw DSXError(
            .corrupt, "the JPEG file has a damaged or a second frame", file: name, byte: position)
        }
        frame = (marker, Int(content[0]), big16(content, 1), big16(content, 3), Int(content[5]))
      case 0xe1:
        if content.starts(with: Array("Exif\0\0".utf8)) {
          let found = EXIF.orientation(UnsafeRawBufferPointer(rebasing: content[6...]))
          orientation = found ?? orientation
        }
      case 0xee:
        if content.count >= 12, content.starts(with: Array("Adobe".utf8)) { isAdobe = true }
      case 0xda:
        guard let frame, content.count >= 1 else {
          throw DSXError(
            .corrupt, "the JPEG file has a scan before its frame", file: name, byte: position)
        }
        info = try Self.info(frame, orientation, name)
        isOneScan = !info.isProgressive && Int(content[0]) == frame.components
        return
      default: break
      }
      position += length
    }
  }

  private static func info(
    _ frame: (marker: UInt8, bits: Int, height: Int, width: Int, components: Int),
    _ orientation: Int, _ name: String
  ) throws(DSXError) -> ImageInfo {
    func unsupported(_ what: String) -> DSXError {
      DSXError(
        .unsupported, "\(what) is not read", file: name,
        hint: "convert it to a baseline JPEG of 8 bits, or to PNG")
    }
    // Sequential and progressive frames, Huffman or arithmetic; no lossless, no hierarchical ones.
    guard [0xc0, 0xc1, 0xc2, 0xc9, 0xca].contains(frame.marker) else {
      throw unsupported("lossless or hierarchical JPEG")
    }
    guard frame.bits == 8 else { throw unsupported("JPEG of \(frame.bits) bits") }
    guard frame.width > 0, frame.height > 0 else {
      throw frame.width == 0
        ? DSXError(.corrupt, "the JPEG file states no width", file: name)
        : unsupported("JPEG without a height")
    }
    let colours: [Int: ImageInfo.Colour] = [1: .grey, 3: .rgb, 4: .cmyk]
    guard let colour = colours[frame.components] else {
      throw unsupported("JPEG of \(frame.components) components")
    }
    return ImageInfo(
      format: .jpeg, width: frame.width, height: frame.height, colour: colour, bits: 8,
      orientation: orientation, isProgressive: frame.marker == 0xc2 || frame.marker == 0xca)
  }
}

extension ImageInfo {
  init(
    format: ImageFormat, width: Int, height: Int, colour: Colour, bits: Int, orientation: Int,
    isProgressive: Bool
  ) {
    self.format = format
    self.width = width
    self.height = height
    self.colour = colour
    self.bits = bits
    self.orientation = orientation
    self.isProgressive = isProgressive
  }
}

/// A big-endian number of two bytes.
func big16(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
  Int(bytes[at]) << 8 | Int(bytes[at + 1])
}

/// A big-endian number of four bytes.
func big32(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
  big16(bytes, at) << 16 | big16(bytes, at + 2)
}
