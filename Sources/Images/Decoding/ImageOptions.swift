/// How images are decoded.
public struct ImageOptions: Hashable, Sendable {
  /// Whether the orientation that a camera noted (EXIF, 1 to 8) is applied, as viewers and OpenCV do it;
  /// off (`--no-exif`), pixels come as they are stored, as Pillow and torchvision give them.
  public var appliesOrientation = true
  /// The most pixels that an image may have; checked before memory for them is asked for.
  public var maximumPixels = 100_000_000
  /// JPEG only: when set, the file is decoded at a half, a quarter or an eighth of its size as long as
  /// neither side falls below this many pixels. Quicker, and the pixels after a resize are others.
  public var reducedSide: Int?

  /// The defaults: orientation applied, 100 million pixels, full size.
  public init() {}
}
