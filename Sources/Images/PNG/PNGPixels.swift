/// Turns the rows of a PNG file into RGB pixels.
struct PNGPixels {
  private let colour: ImageInfo.Colour
  private let bits: Int
  private let imageWidth: Int
  /// What each value of 8 bits or fewer becomes: red, green, blue, 256 of them.
  private let table: [UInt8]

  init(_ bytes: UnsafeRawBufferPointer, _ head: PNGHead) {
    (colour, bits, imageWidth) = (head.info.colour, head.info.bits, head.info.width)
    var table = [UInt8](repeating: 0, count: 768)
    if let palette = head.palette, colour == .palette {
      // A number without a colour is black, as with libpng and Pillow.
      for (index, byte) in bytes[palette].enumerated() { table[index] = byte }
    } else if bits <= 8 {
      let largest = (1 << bits) - 1
      for value in 0...largest {
        for channel in 0..<3 { table[value * 3 + channel] = UInt8(value * 255 / largest) }
      }
    }
    self.table = table
  }

  /// Writes row `row` of a pass into the image at `out`.
  func write(
    _ source: UnsafePointer<UInt8>, _ pass: PNGPass, _ row: Int, _ out: UnsafeMutablePointer<UInt8>
  ) {
    let line = out + (pass.top + row * pass.down) * imageWidth * 3 + pass.left * 3
    let step = pass.right * 3
    // 16 bits: the high byte comes first.
    let sample = bits == 16 ? 2 : 1
    switch colour {
    case .grey where bits == 16, .greyAlpha:
      let pixel = colour == .grey ? sample : 2 * sample
      for x in 0..<pass.width {
        let value = source[x * pixel]
        for channel in 0..<3 { line[x * step + channel] = value }
      }
    case .rgb, .rgba:
      let pixel = colour == .rgb ? 3 * sample : 4 * sample
      for x in 0..<pass.width {
        let from = source + x * pixel
        line[x * step] = from[0]
        line[x * step + 1] = from[sample]
        line[x * step + 2] = from[2 * sample]
      }
    default:
      // Grey or numbers of colours, 8 / bits of them in a byte, the first one highest.
      let perByte = 8 / bits
      let mask = 1 << bits - 1
      table.withUnsafeBufferPointer { table in
        for x in 0..<pass.width {
          let shift = 8 - bits * (x % perByte + 1)
          let value = Int(source[x / perByte]) >> shift & mask
          for channel in 0..<3 { line[x * step + channel] = table[value * 3 + channel] }
        }
      }
    }
  }
}
