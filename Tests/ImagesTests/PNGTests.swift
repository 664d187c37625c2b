import CPNG
import DSXCore
import Testing

@testable import Images

@Suite struct PNGTests {
  /// A PNG file that libpng writes, by its simplified interface.
  static func written(_ pixels: [UInt8], width: Int, height: Int, format: Int) -> [UInt8] {
    var head = png_image()
    head.version = png_uint_32(PNG_IMAGE_VERSION)
    head.width = png_uint_32(width)
    head.height = png_uint_32(height)
    head.format = png_uint_32(format)
    var size = 0
    _ = png_image_write_to_memory(&head, nil, &size, 0, pixels, 0, nil)
    var file = [UInt8](repeating: 0, count: size)
    guard png_image_write_to_memory(&head, &file, &size, 0, pixels, 0, nil) != 0 else { return [] }
    return Array(file[..<size])
  }

  /// What libpng writes is read as it was: its filters are chosen row by row.
  @Test func whatLibpngWrites() throws {
    var generator = PCG64(seed: 11)
    let decoder = ImageDecoder()
    for round in 0..<60 {
      let width = 1 + Int(generator.bounded(70))
      let height = 1 + Int(generator.bounded(40))
      // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; smooth pictures get other filters than noise.
      let channels = 1 + round % 4
      let noise = [1, 9, 256][round % 3]
      let pixels = (0..<width * height * channels).map { index -> UInt8 in
        UInt8(truncatingIfNeeded: index / channels * 3 + Int(generator.bounded(UInt32(noise))))
      }
      let format = [0, 0, PNG_FORMAT_FLAG_ALPHA, PNG_FORMAT_FLAG_COLOR, 3][channels]
      let file = Self.written(pixels, width: width, height: height, format: Int(format))
      let image = try decoder.decode(file, name: "made")
      let colours = channels < 3 ? [0, 0, 0] : [0, 1, 2]
      let expected = (0..<width * height).flatMap { pixel in
        colours.map { pixels[pixel * channels + $0] }
      }
      #expect(image == Image(width: width, height: height, pixels: expected), "round \(round)")
    }
  }

  /// Cut anywhere: an error. With any one bit changed: an error, since all bytes are under a checksum
  /// (but for the bytes after the end).
  @Test func damagedAnywhere() throws {
    let pixels = (0..<7 * 5 * 3).map { UInt8($0 * 2) }
    let file = Self.written(pixels, width: 7, height: 5, format: Int(PNG_FORMAT_FLAG_COLOR))
    let decoder = ImageDecoder()
    for end in 0..<file.count {
      #expect(throws: DSXError.self, "cut at \(end)") {
        try decoder.decode(Array(file[..<end]), name: "cut")
      }
    }
    for place in file.indices {
      for bit in 0..<8 {
        var damaged = file
        damaged[place] ^= 1 << UInt8(bit)
        #expect(throws: DSXError.self, "byte \(place) bit \(bit)") {
          try decoder.decode(damaged, name: "damaged")
        }
      }
    }
    #expect(try decoder.decode(file + [1, 2, 3], name: "more").pixels == pixels)
  }

  /// Chunks with right checksums that say wrong things.
  @Test func headsThatLie() throws {
    func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
      func four(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
      let named = Array(kind.utf8) + data
      var crc: UInt32 = 0xffff_ffff
      for byte in named {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
      }
      return four(data.count) + named + four(Int(crc ^ 0xffff_ffff))
    }
    func head(_ width: UInt8, _ bits: UInt8, _ colour: UInt8, _ rest: [UInt8] = [0, 0, 0])
      -> [UInt8]
    {
      chunk("IHDR", [0, 0, 0, width, 0, 0, 0, 1, bits, colour] + rest)
    }
    // A stored block of two bytes, 0 and 7: one row of one grey pixel.
    let data = chunk("IDAT", [0x78, 1, 1, 2, 0, 0xfd, 0xff, 0, 7, 0, 9, 0, 8])
    let end = chunk("IEND", [])
    let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]
    func code(_ chunks: [UInt8]...) -> String {
      do {
        let image = try ImageDecoder().decode(signature + chunks.flatMap { $0 }, name: "made")
        return "\(image.pixels)"
      } catch { return error.code.name }
    }
    #expect(code(head(1, 8, 0), data, end) == "[7, 7, 7]")
    #expect(code(head(0, 8, 0), data, end) == "corrupt")
    #expect(code(head(2, 8, 0), data, end) == "corrupt")
    #expect(code(head(1, 3, 0), data, end) == "corrupt")
    #expect(code(head(1, 8, 1), data, end) == "corrupt")
    #expect(code(head(1, 8, 0, [1, 0, 0]), data, end) == "corrupt")
    #expect(code(head(1, 8, 0, [0, 0, 2]), data, end) == "corrupt")
    #expect(code(head(1, 8, 0), end) == "corrupt")
    #expect(code(head(1, 8, 0), data) == "corrupt")
    #expect(code(data, head(1, 8, 0), end) == "corrupt")
    #expect(code(head(1, 8, 3), data, end) == "corrupt")
    #expect(code(head(1, 8, 3), chunk("PLTE", [1, 2]), data, end) == "corrupt")
    #expect(code(head(1, 8, 3), chunk("PLTE", [1, 2, 3]), data, end) == "[0, 0, 0]")
    #expect(code(head(1, 8, 0), chunk("ABCD", []), data, end) == "unsupported")
    #expect(code(head(1, 8, 0), chunk("abCD", []), data, end) == "[7, 7, 7]")
    #expect(code(head(1, 8, 0), data, chunk("tEXt", []), data, end) == "corrupt")
    // A filter that does not exist, and a second pixel that the size does not have.
    #expect(
      code(head(1, 8, 0), chunk("IDAT", [0x78, 1, 1, 2, 0, 0xfd, 0xff, 5, 7, 0, 19, 0, 13]), end)
        == "corrupt")
    #expect(
      code(
        head(1, 8, 0), chunk("IDAT", [0x78, 1, 1, 3, 0, 0xfc, 0xff, 0, 7, 7, 0, 23, 0, 15]), end)
        == "corrupt")
    // 100 million pixels in 13 bytes: refused before memory for them is asked for.
    let large = chunk("IHDR", [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 2, 0, 0, 0])
    #expect(code(large, data, end) == "corrupt")
    let larger = chunk("IHDR", [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x11, 8, 2, 0, 0, 0])
    #expect(code(larger, data, end) == "image-limit")
    let huge = chunk("IHDR", [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 16, 6, 0, 0, 0])
    #expect(code(huge, data, end) == "image-limit")
  }
}
