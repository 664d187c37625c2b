/// A decoded image: rows from the top, pixels from the left, three bytes a pixel (red, green, blue).
public struct Image: Sendable, Equatable {
  /// Pixels a row.
  public var width: Int
  /// Rows.
  public var height: Int
  /// `height * width * 3` bytes.
  public var pixels: [UInt8]

  /// An image of these pixels.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }
}
