public import DSXCore
internal import Kernels

/// Images of one size as float32 values in one contiguous buffer, for a model.
public struct ImageBatch: Sendable {
  /// Pixels a row, rows and channels of each image.
  public let width: Int
  /// Rows of each image.
  public let height: Int
  /// Channels of each image: 3, or 1 for grey.
  public let channels: Int
  /// How values are computed and ordered.
  public let format: TensorFormat
  /// Images in it.
  public private(set) var count = 0
  /// The values of all images, one image after the other.
  public private(set) var values: [Float] = []
  private let table: [Float]

  /// An empty batch with room for `capacity` images.
  ///
  /// Throws `usage` when the format does not fit the number of channels.
  public init(
    width: Int, height: Int, channels: Int = 3, format: TensorFormat, capacity: Int = 0
  ) throws(DSXError) {
    try format.check(channels: channels)
    self.width = width
    self.height = height
    self.channels = channels
    self.format = format
    table = format.table(channels: channels)
    values.reserveCapacity(capacity * width * height * channels)
  }

  /// The shape of `values`: images, then channels, rows, columns (chw) or rows, columns, channels (hwc).
  public var shape: [Int] {
    format.layout == .chw ? [count, channels, height, width] : [count, height, width, channels]
  }

  /// Adds an image. Throws `unsupported` for one of another size.
  public mutating func append(_ image: Image, name: String? = nil) throws(DSXError) {
    guard image.width == width, image.height == height, image.channels == channels else {
      throw DSXError(
        .unsupported,
        "an image of \(image.width) x \(image.height) x \(image.channels) does not fit into a batch "
          + "of \(width) x \(height) x \(channels)",
        file: name, hint: "resize and crop all images to one size first")
    }
    let (start, size, pixels) = (values.count, width * height * channels, width * height)
    values.append(contentsOf: repeatElement(0, count: size))
    values.withUnsafeMutableBufferPointer { target in
      image.pixels.withUnsafeBufferPointer { source in
        table.withUnsafeBufferPointer { table in
          guard let base = target.baseAddress else { return }
          if format.layout == .chw {
            dsx_image_planes(
              source.baseAddress, pixels, channels, table.baseAddress, base + start)
          } else {
            dsx_image_floats(
              source.baseAddress, pixels, channels, table.baseAddress, base + start)
          }
        }
      }
    }
    count += 1
  }

  /// Empties the batch and keeps its memory.
  public mutating func removeAll() {
    count = 0
    values.removeAll(keepingCapacity: true)
  }
}
