extension Image {
  /// A part of the image, which must lie within it.
  func cropped(top: Int, left: Int, width newWidth: Int, height newHeight: Int) -> Image {
    if newWidth == width, newHeight == height { return self }
    let bytes = newWidth * channels
    let part = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: newHeight * bytes) { target, used in
        used = newHeight * bytes
        guard let base = target.baseAddress, let from = source.baseAddress else { return }
        for row in 0..<newHeight {
          let start = from + ((top + row) * width + left) * channels
          (base + row * bytes).update(from: start, count: bytes)
        }
      }
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: part)
  }

  /// The middle `width` x `height` pixels as transformers' `center_crop` takes them (its Pillow backend):
  /// half pixels round down; an image that is too small gets black pixels around it, the odd one above
  /// and to the left.
  public func middle(width newWidth: Int, height newHeight: Int) -> Image {
    let (columns, rows) = (min(width, newWidth), min(height, newHeight))
    let part = cropped(
      top: (height - rows) / 2, left: (width - columns) / 2, width: columns, height: rows)
    if columns == newWidth, rows == newHeight { return part }
    let (top, left) = ((newHeight - rows + 1) / 2, (newWidth - columns + 1) / 2)
    var bytes = [UInt8](repeating: 0, count: newHeight * newWidth * channels)
    for row in 0..<rows {
      let start = ((top + row) * newWidth + left) * channels
      let source = row * columns * channels
      bytes.replaceSubrange(
        start..<start + columns * channels,
        with: part.pixels[source..<source + columns * channels])
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: bytes)
  }

  /// The image with one channel; itself when it has one.
  public func grey() -> Image {
    guard channels == 3 else { return self }
    let count = width * height
    let values = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: count) { target, used in
        for index in 0..<count {
          let (red, green, blue) = (
            UInt32(source[3 * index]), UInt32(source[3 * index + 1]), UInt32(source[3 * index + 2])
          )
          let sum = red &* 19595 &+ green &* 38470 &+ blue &* 7471 &+ 0x8000
          target[index] = UInt8(truncatingIfNeeded: sum >> 16)
        }
        used = count
      }
    }
    return Image(width: width, height: height, channels: 1, pixels: values)
  }
}
