public import DSXCore
internal import Kernels

/// How pixels become float32 values: `(value * scale - mean) / deviation`, computed in float32 in this
/// order, and how they lie in memory.
public struct TensorFormat: Hashable, Sendable {
  /// The order of the values of one image.
  public enum Layout: String, CaseIterable, Sendable {
    /// One plane for each channel, as torch and MindSpore models take them.
    case chw
    /// The channels of a pixel side by side, as in the image.
    case hwc
  }

  /// The order of the values.
  public var layout: Layout
  /// What values of 0 to 255 are multiplied by, 1/255 by default.
  public var scale: Float
  /// What is taken away from each channel; one value counts for all channels.
  public var mean: [Float]
  /// What each channel is divided by; not 0.
  public var deviation: [Float]

  /// Planes of values from 0 to 1, unless told otherwise.
  public init(
    layout: Layout = .chw, scale: Float = 1.0 / 255, mean: [Float] = [0], deviation: [Float] = [1]
  ) {
    self.layout = layout
    self.scale = scale
    self.mean = mean
    self.deviation = deviation
  }

  /// The means and deviations of ImageNet's photographs, which most published models were trained with.
  public static let imageNet = TensorFormat(
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225])

  /// A format that a recipe describes: `layout` (chw, hwc), `scale`, `mean`, `deviation`, all with
  /// defaults. Throws `usage` for other parameters or values.
  public static func parse(_ parameters: JSONValue = .null) throws(DSXError) -> TensorFormat {
    let keys = ["layout", "scale", "mean", "deviation"]
    let values = try ImageParameters("to-tensor", parameters, allowed: keys)
    var format = TensorFormat()
    if let layout = values["layout"] {
      guard let known = layout.string.flatMap(Layout.init(rawValue:)) else {
        throw DSXError(.usage, "'to-tensor' has no such 'layout'", hint: "there are: chw, hwc")
      }
      format.layout = known
    }
    if let scale = try values.numbers("scale") { format.scale = Float(scale[0]) }
    if let mean = try values.numbers("mean") { format.mean = mean.map { Float($0) } }
    if let deviation = try values.numbers("deviation") {
      format.deviation = deviation.map { Float($0) }
    }
    try format.check(channels: nil)
    return format
  }

  /// Throws `usage` when the numbers of means and deviations fit no image of so many channels, or one
  /// divides by 0.
  func check(channels: Int?) throws(DSXError) {
    for (name, values) in [("mean", mean), ("deviation", deviation)] {
      let counts = channels.map { [1, $0] } ?? [1, 3]
      guard counts.contains(values.count) else {
        throw DSXError(
          .usage, "'\(name)' has \(values.count) values",
          hint: "give one, or one for each channel of the image")
      }
    }
    guard !deviation.contains(0) else { throw DSXError(.usage, "'deviation' must not be 0") }
  }

  /// The value of each byte, 256 for each channel.
  func table(channels: Int) -> [Float] {
    (0..<channels).flatMap { channel in
      let mean = mean[mean.count == 1 ? 0 : channel]
      let deviation = deviation[deviation.count == 1 ? 0 : channel]
      return (0..<256).map { (Float($0) * scale - mean) / deviation }
    }
  }
}
