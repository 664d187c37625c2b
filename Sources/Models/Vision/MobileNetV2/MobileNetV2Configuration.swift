internal import DSXCore

/// The hyper-parameters of a MobileNetV2, with transformers' names and defaults. Weights with
/// torchvision's names were trained with torchvision's padding and epsilon, and have those as defaults.
struct MobileNetV2Configuration {
  let channels: Int
  let side: Int
  let multiplier: Double
  let divisor: Int
  let minimum: Int
  let expansion: Double
  let epsilon: Double
  /// TensorFlow's SAME padding instead of one zero all round.
  let padsSame: Bool
  /// Whether the first block expands with its 3 x 3 convolution only.
  let firstIsExpansion: Bool
  /// Whether the last convolution keeps 1,280 channels in narrow networks.
  let finegrained: Bool
  let range: VisionLayer.Range
  /// Number of labels, where the file says it.
  let labels: Int?

  init(_ config: JSONValue, isTorchvision: Bool, file: String) throws(DSXError) {
    let fields = ConfigurationFields(file: file)
    func count(_ name: String, _ standard: Int) throws(DSXError) -> Int {
      let value = try fields.count(config, name, name, least: 1) ?? standard
      guard value <= 65_536 else {
        throw DSXError(.malformed, "'\(name)' is \(value): too large", file: file)
      }
      return value
    }
    func number(_ name: String, _ standard: Double) throws(DSXError) -> Double {
      guard let value = config[name], !value.isNull else { return standard }
      guard let number = value.double, number > 0, number <= 64 else {
        throw fields.wrong(name, "a number above 0 and up to 64", value)
      }
      return number
    }
    func flag(_ name: String, _ standard: Bool) throws(DSXError) -> Bool {
      guard let value = config[name], !value.isNull else { return standard }
      guard let flag = value.bool else { throw fields.wrong(name, "true or false", value) }
      return flag
    }
    channels = try count("num_channels", 3)
    side = try count("image_size", 224)
    multiplier = try number("depth_multiplier", 1)
    divisor = try count("depth_divisible_by", 8)
    minimum = try count("min_depth", 8)
    expansion = try number("expand_ratio", 6)
    epsilon = try number("layer_norm_eps", isTorchvision ? 1e-5 : 1e-3)
    padsSame = try flag("tf_padding", !isTorchvision)
    firstIsExpansion = try flag("first_layer_is_expansion", true)
    finegrained = try flag("finegrained_output", true)
    labels = try fields.count(config, "num_labels", "num_labels", least: 1)
    switch try fields.text(config, "hidden_act", "hidden_act") ?? "relu6" {
    case "relu6": range = .relu6
    case "relu": range = .relu
    case let name:
      throw DSXError(
        .unsupported, "the activation '\(name)' is not supported", file: file,
        hint: "known: relu6, relu")
    }
    let stride = try count("output_stride", 32)
    guard stride == 32 else {
      throw DSXError(
        .unsupported, "'output_stride' is \(stride): only 32, without dilation, classifies images",
        file: file)
    }
  }

  /// A number of channels at this width of the network: `multiplier` times, rounded.
  func width(_ channels: Int) -> Int {
    divisible((Double(channels) * multiplier).rounded(.toNearestOrEven))
  }

  /// The channels inside a block.
  func expanded(_ channels: Int) -> Int {
    divisible((Double(channels) * expansion).rounded(.toNearestOrEven))
  }

  /// Channels of the last convolution.
  var last: Int { finegrained && multiplier < 1 ? 1280 : width(1280) }

  /// A multiple of `divisor`, at least `minimum`, and not more than a tenth below `value`.
  private func divisible(_ value: Double) -> Int {
    let nearest = Int(value + Double(divisor) / 2) / divisor * divisor
    let result = max(minimum, nearest)
    return Double(result) < 0.9 * value ? result + divisor : result
  }
}
