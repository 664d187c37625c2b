/// A decoded image: rows from the top, pixels from the left, one byte a channel.
///
/// Three channels (red, green, blue) unless it was turned grey. Values are those of the file: no colour
/// profile and no gamma is applied.
public struct Image: Sendable, Hashable {
  /// Pixels a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// Bytes a pixel: 3, or 1 for a grey image.
  public var channels: Int
  /// `height * width * channels` bytes.
  public var pixels: [UInt8]

  /// An image of these pixels, `height * width * channels` of them.
  public init(width: Int, height: Int, channels: Int = 3, pixels: [UInt8]) {
    precondition(pixels.count == width * height * channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }
}
