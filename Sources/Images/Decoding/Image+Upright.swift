extension Image {
  /// The image as it is seen when its EXIF orientation is `orientation`; 1 and unknown ones change nothing.
  ///
  /// | 2 | 3 | 4 | 5 | 6 | 7 | 8 |
  /// |---|---|---|---|---|---|---|
  /// | mirrored | turned by 180 | upside down | transposed | turned right by 90 | transversed | turned left by 90 |
  public func upright(_ orientation: Int) -> Image {
    guard (2...8).contains(orientation) else { return self }
    let isTurned = orientation >= 5
    let (newWidth, newHeight) = isTurned ? (height, width) : (width, height)
    // Where the pixel of row 0, column 0 comes from, and how far apart those of the next column and row are.
    let right = (width - 1) * channels
    let bottom = (height - 1) * width * channels
    let (column, row) = (channels, width * channels)
    let (start, across, down) =
      switch orientation {
      case 2: (right, -column, row)
      case 3: (right + bottom, -column, -row)
      case 4: (bottom, column, -row)
      case 5: (0, row, column)
      case 6: (bottom, -row, column)
      case 7: (right + bottom, -row, -column)
      default: (right, row, -column)
      }
    let channels = channels
    let turned = pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: source.count) { target, used in
        var position = 0
        for y in 0..<newHeight {
          var from = start + y * down
          for _ in 0..<newWidth {
            for channel in 0..<channels { target[position + channel] = source[from + channel] }
            position += channels
            from += across
          }
        }
        used = position
      }
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: turned)
  }
}
