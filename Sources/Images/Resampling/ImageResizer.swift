public import DSXCore
internal import Kernels

/// Resizes images, one after the other; weights and buffers of the last size are used again.
///
/// Not for several threads at once. The result depends on the image, the size and the filter alone, and
/// equals Pillow's `Image.resize` byte for byte: rows first, rounded to bytes, then columns.
public final class ImageResizer {
  private var plans: [ResamplePlan] = []
  private var scratch: [UInt8] = []
  /// Whether the plain loops are used, for tests.
  private let isPlain: Bool

  /// The largest side that an image can be resized to.
  public static let maximumSide = 65_535

  /// A resizer without any size yet.
  public init() { isPlain = false }

  init(isPlain: Bool) { self.isPlain = isPlain }

  /// The image at another size, 1 to `maximumSide` each way. The work grows with the old image's pixels.
  ///
  /// Throws `usage` for other sizes.
  public func resize(_ image: Image, width: Int, height: Int, _ filter: ResampleFilter = .bilinear)
    throws(DSXError) -> Image
  {
    let sides = 1...Self.maximumSide
    guard sides.contains(width), sides.contains(height) else {
      throw DSXError(
        .usage, "an image cannot be resized to \(width) x \(height)",
        hint: "give a width and a height between 1 and \(Self.maximumSide)")
    }
    guard image.width > 0, image.height > 0, width != image.width || height != image.height else {
      return image
    }
    if filter == .nearest { return Self.nearest(image, width, height) }
    var result = image
    if width != image.width { result = across(result, plan(image.width, width, filter)) }
    if height != image.height { result = down(result, plan(image.height, height, filter)) }
    return result
  }

  /// The plan for a direction; the last few are kept, since data sets have few sizes or many.
  private func plan(_ from: Int, _ to: Int, _ filter: ResampleFilter) -> ResamplePlan {
    if let index = plans.firstIndex(where: { $0.from == from && $0.to == to && $0.filter == filter })
    {
      let found = plans.remove(at: index)
      plans.append(found)
      return found
    }
    let plan = ResamplePlan(from: from, to: to, filter)
    if plans.count >= 8 { plans.removeFirst() }
    plans.append(plan)
    return plan
  }

  private func across(_ image: Image, _ plan: ResamplePlan) -> Image {
    let (rows, width, channels) = (image.height, image.width, image.channels)
    if scratch.count < width * 3 + 64 { scratch = [UInt8](repeating: 0, count: width * 3 + 64) }
    let count = rows * plan.to * channels
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      image.pixels.withUnsafeBufferPointer { source in
        scratch.withUnsafeMutableBufferPointer { scratch in
          plan.withKernel(isPlain: isPlain) {
            dsx_resize_across(
              $0, source.baseAddress, rows, width, channels, target.baseAddress,
              scratch.baseAddress)
          }
        }
      }
      used = count
    }
    return Image(width: plan.to, height: rows, channels: channels, pixels: pixels)
  }

  private func down(_ image: Image, _ plan: ResamplePlan) -> Image {
    let bytes = image.width * image.channels
    let count = plan.to * bytes
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { target, used in
      image.pixels.withUnsafeBufferPointer { source in
        plan.withKernel(isPlain: isPlain) {
          dsx_resize_down($0, source.baseAddress, bytes, target.baseAddress)
        }
      }
      used = count
    }
    return Image(
      width: image.width, height: plan.to, channels: image.channels, pixels: pixels)
  }

  /// Pillow adds the step up instead of multiplying it, and so does this.
  private static func nearest(_ image: Image, _ width: Int, _ height: Int) -> Image {
    func places(_ from: Int, _ to: Int) -> [Int] {
      let step = Double(from) / Double(to)
      var place = step * 0.5
      return (0..<to).map { _ in
        defer { place += step }
        return min(from - 1, Int(place))
      }
    }
    let (columns, rows) = (places(image.width, width), places(image.height, height))
    let channels = image.channels
    let pixels = image.pixels.withUnsafeBufferPointer { source in
      [UInt8](unsafeUninitializedCapacity: width * height * channels) { target, used in
        var position = 0
        for row in rows {
          let line = row * image.width
          for column in columns {
            for channel in 0..<channels {
              target[position] = source[(line + column) * channels + channel]
              position += 1
            }
          }
        }
        used = position
      }
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }
}
