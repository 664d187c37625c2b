public import DSXCore

/// One step from image to image, as a value: written in Swift, or named in a recipe (`parse`).
public enum ImageOperation: Hashable, Sendable {
  /// To `width` x `height`, whatever the image's shape is.
  case resize(width: Int, height: Int, ResampleFilter)
  /// The shorter side to `size`, the longer one in proportion, rounded down: as torchvision's `Resize`.
  case resizeShorter(size: Int, ResampleFilter)
  /// The middle `width` x `height` pixels; half pixels round to the even side, as torchvision's `CenterCrop`.
  case centreCrop(width: Int, height: Int)
  /// `width` x `height` pixels from anywhere, each place as likely.
  case randomCrop(width: Int, height: Int)
  /// Mirrored left to right with this probability.
  case randomFlip(probability: Double)
  /// One channel: (19595 R + 38470 G + 7471 B + 32768) / 65536, as Pillow's `convert("L")` (ITU-R 601).
  case grey

  /// Applies the step.
  ///
  /// `generator` is drawn from by the random steps alone: `randomCrop` draws twice (row, then column),
  /// `randomFlip` once. Throws `unsupported` for an image that is smaller than a crop, `usage` for a size
  /// that no image has.
  public func apply(
    _ image: Image, resizer: ImageResizer, generator: inout PCG64
  ) throws(DSXError) -> Image {
    switch self {
    case .resize(let width, let height, let filter):
      return try resizer.resize(image, width: width, height: height, filter)
    case .resizeShorter(let size, let filter):
      guard image.width > 0, image.height > 0 else { return image }
      let isWide = image.width >= image.height
      let (short, long) = isWide ? (image.height, image.width) : (image.width, image.height)
      let (product, overflows) = size.multipliedReportingOverflow(by: long)
      let other = overflows ? Int.max : product / short
      return try resizer.resize(
        image, width: isWide ? other : size, height: isWide ? size : other, filter)
    case .centreCrop(let width, let height):
      try checkRoom(image, width, height)
      func start(_ room: Int) -> Int { Int((Double(room) / 2).rounded(.toNearestOrEven)) }
      return image.cropped(
        top: start(image.height - height), left: start(image.width - width), width: width,
        height: height)
    case .randomCrop(let width, let height):
      try checkRoom(image, width, height)
      let top = Int(generator.bounded(UInt32(image.height - height + 1)))
      let left = Int(generator.bounded(UInt32(image.width - width + 1)))
      return image.cropped(top: top, left: left, width: width, height: height)
    case .randomFlip(let probability):
      return generator.unit() < probability ? image.upright(2) : image
    case .grey: return image.grey()
    }
  }

  /// Whether the step draws random numbers.
  public var isRandom: Bool {
    switch self {
    case .randomCrop, .randomFlip: true
    default: false
    }
  }

  private func checkRoom(_ image: Image, _ width: Int, _ height: Int) throws(DSXError) {
    guard width > 0, height > 0, width <= image.width, height <= image.height else {
      throw DSXError(
        .unsupported,
        "an image of \(image.width) x \(image.height) pixels cannot be cropped to \(width) x \(height)",
        hint: "resize it first (resize-shorter), or choose a smaller crop")
    }
  }
}
