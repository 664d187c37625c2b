/// CMYK to RGB without a colour profile, byte for byte as Pillow 13.
enum CMYK {
  /// The RGB bytes of `pixels` (four bytes each). `isInverted`: 255 is no ink, as Adobe's programs write.
  static func rgb(_ pixels: ArraySlice<UInt8>, isInverted: Bool) -> [UInt8] {
    let flip: UInt8 = isInverted ? 0xff : 0
    return pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count / 4 * 3) { target, used in
        var position = 0
        for start in stride(from: 0, to: source.count - 3, by: 4) {
          let light = 255 - Int(source[start + 3] ^ flip)
          for channel in 0..<3 {
            // ink * light / 255, rounded.
            let product = Int(source[start + channel] ^ flip) * light + 128
            let share = ((product >> 8) + product) >> 8
            target[position] = UInt8(truncatingIfNeeded: max(0, light - share))
            position += 1
          }
        }
        used = position
      }
    }
  }
}
