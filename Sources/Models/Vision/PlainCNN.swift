internal import DSXCore

/// A plain convolutional network whose `config.json` lists its layers, model type `cnn2`:
///
/// | word | layer |
/// | --- | --- |
/// | `NAME IN->OUT KxK [padP] [strideS]` | a convolution with the tensors NAME.weight [OUT, IN, K, K] and NAME.bias |
/// | `NAME IN->OUT` | a linear layer, NAME.weight [OUT, IN] and NAME.bias |
/// | `relu`, `relu6` | max(x, 0), and at most 6 |
/// | `maxpoolS` | the largest of S x S values, S apart |
/// | `meanpool` | the mean of each plane |
/// | `flatten` | rows follow rows, planes follow planes: memory as it is |
enum PlainCNN {
  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    try ComputeType.float32.require(options.computeType, "cnn2")
    let config = source.hyperparameters
    let fields = ConfigurationFields(file: source.description.source)
    guard let channels = try fields.count(config, "in_channels", "in_channels", least: 1),
      let side = try fields.count(config, "image_size", "image_size", least: 1),
      let input = PlaneShape(channels, side, side)
    else {
      throw DSXError(
        .malformed, "'in_channels' and 'image_size' must say what images the network takes")
    }
    if let order = try fields.text(config, "flatten_order", "flatten_order"),
      order != "channel,row,column"
    {
      throw DSXError(
        .unsupported, "'flatten_order' is '\(order)'", hint: "known: channel,row,column")
    }
    guard let layers = config["layers"]?.array, !layers.isEmpty else {
      throw DSXError(.malformed, "'layers' must be a list of layers")
    }
    var builder = VisionNetworkBuilder(input: input, source.store)
    for layer in layers {
      guard let text = layer.string else {
        throw DSXError(.malformed, "'layers' has \(layer.text()) where a text is wanted")
      }
      try add(text, &builder)
    }
    let network = try builder.finish()
    if let count = try fields.count(config, "num_labels", "num_labels", least: 1),
      count != network.outputs
    {
      throw DSXError(
        .corrupt, "the last layer has \(network.outputs) outputs, but 'num_labels' is \(count)")
    }
    return .imageClassifier(
      try VisionClassifier(
        source, architecture: "cnn2", network: network,
        preprocessor: try ImagePreprocessor(
          source.description, channels: channels, side: (side, side)),
        parameters: builder.loader.parameters, tensors: builder.loader.names))
  }

  private static func add(_ text: String, _ builder: inout VisionNetworkBuilder) throws(DSXError) {
    let words = text.utf8.split(separator: UInt8(ascii: " ")).map {
      String(decoding: $0, as: UTF8.self)
    }
    switch words.first {
    case "relu" where words.count == 1: try builder.clamp(.relu)
    case "relu6" where words.count == 1: try builder.clamp(.relu6)
    case "meanpool" where words.count == 1: try builder.mean()
    case "flatten" where words.count == 1: break
    case let name? where words.count == 1:
      guard let size = number(name, after: "maxpool") else { throw unknown(text) }
      try builder.maximum(size: size, stride: size)
    case let name?:
      guard let (from, to) = pair(words[1], "->") else { throw unknown(text) }
      try layer(name, from, to, Array(words.dropFirst(2)), text, &builder)
    case nil: throw unknown(text)
    }
  }

  private static func layer(
    _ name: String, _ from: Int, _ to: Int, _ words: [String], _ text: String,
    _ builder: inout VisionNetworkBuilder
  ) throws(DSXError) {
    let shape = builder.shape
    guard let kernel = words.first else {
      guard from == shape.count else { throw mismatch(text, shape.count) }
      try builder.linear(name, out: to)
      return
    }
    guard let (height, width) = pair(kernel, "x"), height == width else { throw unknown(text) }
    guard from == shape.channels else { throw mismatch(text, shape.channels) }
    var (padding, stride) = (0, 1)
    for word in words.dropFirst() {
      if let value = number(word, after: "pad") {
        padding = value
      } else if let value = number(word, after: "stride"), value >= 1 {
        stride = value
      } else {
        throw unknown(text)
      }
    }
    try builder.convolution(
      name, out: to, kernel: height, stride: stride, padding: .width(padding))
  }

  private static func mismatch(_ text: String, _ have: Int) -> DSXError {
    DSXError(.malformed, "the layer '\(text)' follows a layer with \(have) outputs")
  }

  private static func unknown(_ text: String) -> DSXError {
    DSXError(
      .unsupported, "the layer '\(text)' is not known",
      hint: "known: NAME IN->OUT KxK [padP] [strideS], NAME IN->OUT, relu, relu6, maxpoolS, "
        + "meanpool, flatten")
  }

  /// The number behind a word; at most 65,536, which no layer exceeds.
  private static func number(_ text: String, after word: String) -> Int? {
    guard text.hasPrefix(word) else { return nil }
    let digits = text.utf8.dropFirst(word.utf8.count)
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }),
      let value = Int(String(decoding: digits, as: UTF8.self)), value <= 65_536
    else { return nil }
    return value
  }

  private static func pair(_ text: String, _ sign: String) -> (Int, Int)? {
    let bytes = Array(text.utf8)
    let sign = Array(sign.utf8)
    guard bytes.count > sign.count else { return nil }
    for start in 1...(bytes.count - sign.count)
    where Array(bytes[start..<start + sign.count]) == sign {
      let left = number(String(decoding: bytes[..<start], as: UTF8.self), after: "")
      let right = number(String(decoding: bytes[(start + sign.count)...], as: UTF8.self), after: "")
      guard let left, let right, left >= 1, right >= 1 else { return nil }
      return (left, right)
    }
    return nil
  }
}

extension ComputeType {
  /// Throws `unsupported` when a model that computes in this type only is asked for another.
  func require(_ asked: ComputeType, _ architecture: String) throws(DSXError) {
    guard asked != self else { return }
    throw DSXError(
      .unsupported, "a \(architecture) model computes in \(rawValue) only, not \(asked.rawValue)",
      hint: "leave --dtype away")
  }
}
