@testable import Archives
import DSXCore
@testable import Images

/// A JPEG file (or whatever the bytes say that they are).
func fuzzJPEG(_ input: UnsafeRawBufferPointer) { decode(Array(input)) }

/// A PNG file whose checksums are put right first, so that damage gets behind them.
func fuzzPNG(_ input: UnsafeRawBufferPointer) { decode(withChecksums(Array(input))) }

private func decode(_ bytes: [UInt8]) {
  var options = ImageOptions()
  // Large images take their time and are no find.
  options.maximumPixels = 1 << 14
  guard let image = try? ImageDecoder(options).decode(bytes, name: "input") else { return }
  require(image.pixels.count == image.width * image.height * 3, "pixels are missing")
  let size = 1 + image.width % 40
  let small = try? ImageResizer().resize(image, width: size, height: 41 - size, .bicubic)
  require(small?.pixels.count == size * (41 - size) * 3, "a resized image of another size")
}

/// The same PNG chunks, each with the CRC that its content has.
private func withChecksums(_ file: [UInt8]) -> [UInt8] {
  var file = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + file.dropFirst(8)
  var position = 8
  while position + 12 <= file.count {
    let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.count - position - 12 else { break }
    let crc = file[(position + 4)..<(position + 8 + length)].withUnsafeBytes {
      Inflater.crc32(0, $0)
    }
    for index in 0..<4 {
      file[position + 8 + length + index] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * index))
    }
    position += 12 + length
  }
  return file
}
