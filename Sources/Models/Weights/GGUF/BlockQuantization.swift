/// The blocks of quantised tensors, and how they become float32.
///
/// | type | bytes of a block, d and m being binary16 | element |
/// | --- | --- | --- |
/// | Q4_0 | d, 16 x two 4-bit q | d (q - 8) |
/// | Q4_1 | d, m, 16 x two 4-bit q | d q + m |
/// | Q5_0 | d, 4 bytes of fifth bits, 16 x two 4-bit q | d (q - 16) |
/// | Q5_1 | d, m, 4 bytes of fifth bits, 16 x two 4-bit q | d q + m |
/// | Q8_0 | d, 32 signed bytes q | d q |
/// | Q4_K | d, m, 12 bytes of eight 6-bit scales s and minima n, 128 x two 4-bit q | d s q - m n |
/// | Q5_K | d, m, the same 12 bytes, 32 bytes of fifth bits, 128 x two 4-bit q | d s q - m n |
/// | Q6_K | 128 x two 4-bit low parts, 64 x four 2-bit high parts, 16 signed scales s, d | d s (q - 32) |
///
/// Low halves of the bytes come first, then the high halves. Products are rounded in the order
/// (d s) q, as ggml does it. Source: ggml's reference loops.
enum BlockQuantization {
  /// Decodes `blocks` blocks at `source`, of any alignment, into 32 or 256 times as many floats.
  static func decode(
    _ type: ElementType, _ source: UnsafeRawPointer, blocks: Int,
    into floats: UnsafeMutablePointer<Float>
  ) {
    for block in 0..<blocks {
      let bytes = source + block * type.blockBytes
      let out = floats + block * type.blockElements
      switch type {
      case .q40: nibbles(bytes + 2, half(bytes), -0.0, minus: 8, out)
      case .q41: nibbles(bytes + 4, half(bytes), half(bytes + 2), minus: 0, out)
      case .q50: fiveBits(bytes + 6, bytes + 2, half(bytes), -0.0, minus: 16, out)
      case .q51: fiveBits(bytes + 8, bytes + 4, half(bytes), half(bytes + 2), minus: 0, out)
      case .q80: wholeBytes(bytes + 2, half(bytes), out)
      case .q4k: scaled(bytes, fifthBits: nil, bytes + 16, out)
      case .q5k: scaled(bytes, fifthBits: bytes + 16, bytes + 48, out)
      case .q6k: sixBits(bytes, out)
      default: break
      }
    }
  }

  private static func half(_ place: UnsafeRawPointer) -> Float {
    Float(Float16(bitPattern: UInt16(littleEndian: place.loadUnaligned(as: UInt16.self))))
  }

  private static func byte(_ place: UnsafeRawPointer, _ index: Int) -> Int32 {
    Int32(place.load(fromByteOffset: index, as: UInt8.self))
  }

  /// `m` is -0 where the type has none: adding that leaves every number as it is, zeros' signs too.
  private static func nibbles(
    _ q: UnsafeRawPointer, _ d: Float, _ m: Float, minus: Int32, _ out: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<16 {
      let pair = byte(q, index)
      out[index] = Float((pair & 15) - minus) * d + m
      out[index + 16] = Float((pair >> 4) - minus) * d + m
    }
  }

  private static func fiveBits(
    _ q: UnsafeRawPointer, _ high: UnsafeRawPointer, _ d: Float, _ m: Float, minus: Int32,
    _ out: UnsafeMutablePointer<Float>
  ) {
    let bits = UInt32(littleEndian: high.loadUnaligned(as: UInt32.self))
    for index in 0..<16 {
      let pair = byte(q, index)
      let (low5, high5) = (Int32((bits >> index) & 1) << 4, Int32((bits >> (index + 16)) & 1) << 4)
      out[index] = Float(((pair & 15) | low5) - minus) * d + m
      out[index + 16] = Float(((pair >> 4) | high5) - minus) * d + m
    }
  }

  private static func wholeBytes(
    _ q: UnsafeRawPointer, _ d: Float, _ out: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<32 { out[index] = Float(q.load(fromByteOffset: index, as: Int8.self)) * d }
  }

  /// Q4_K and Q5_K: eight runs of 32, two from the same 32 bytes.
  private static func scaled(
    _ block: UnsafeRawPointer, fifthBits: UnsafeRawPointer?, _ q: UnsafeRawPointer,
    _ out: UnsafeMutablePointer<Float>
  ) {
    let (d, m, scales) = (half(block), half(block + 2), block + 4)
    for run in 0..<8 {
      let (scale, minimum) =
        run < 4
        ? (byte(scales, run) & 63, byte(scales, run + 4) & 63)
        : (
          (byte(scales, run + 4) & 15) | ((byte(scales, run - 4) >> 6) << 4),
          (byte(scales, run + 4) >> 4) | ((byte(scales, run) >> 6) << 4)
        )
      let (factor, offset) = (d * Float(scale), m * Float(minimum))
      let (bytes, shift) = (q + (run / 2) * 32, Int32(run % 2) * 4)
      for index in 0..<32 {
        var value = (byte(bytes, index) >> shift) & 15
        if let fifthBits { value |= ((byte(fifthBits, index) >> Int32(run)) & 1) << 4 }
        out[run * 32 + index] = factor * Float(value) - offset
      }
    }
  }

  private static func sixBits(_ block: UnsafeRawPointer, _ out: UnsafeMutablePointer<Float>) {
    let d = half(block + 208)
    for part in 0..<2 {
      let (low, high) = (block + part * 64, block + 128 + part * 32)
      let scales = block + 192 + part * 8
      for run in 0..<4 {
        for index in 0..<32 {
          let scale = Float(scales.load(fromByteOffset: run * 2 + index / 16, as: Int8.self))
          let pair = byte(low, index + (run % 2) * 32)
          let four = run < 2 ? pair & 15 : pair >> 4
          let value = (four | ((byte(high, index) >> Int32(2 * run)) & 3) << 4) - 32
          out[part * 128 + run * 32 + index] = d * scale * Float(value)
        }
      }
    }
  }
}
