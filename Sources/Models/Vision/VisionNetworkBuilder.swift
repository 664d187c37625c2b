internal import DSXCore

/// Puts a network together, layer by layer; every layer checks that its input fits.
struct VisionNetworkBuilder {
  let input: PlaneShape
  private(set) var shape: PlaneShape
  private(set) var loader: TensorLoader
  private var layers: [VisionLayer] = []
  private var owned: [OwnedFloats] = []
  private var columns = 0
  private var padded = 0
  private var kept: PlaneShape?

  init(input: PlaneShape, _ store: TensorStore) {
    self.input = input
    shape = input
    loader = TensorLoader(store)
  }

  /// Statistics of a batch normalisation, folded into the convolution before it.
  struct Normalization {
    /// The tensors' names up to the dot: `<name>.weight`, `.bias`, `.running_mean`, `.running_var`.
    let name: String
    let epsilon: Double
  }

  /// How zeros are put around an image.
  enum Padding {
    case width(Int)
    case same
  }

  /// A convolution `<name>.weight`; its bias is `<name>.bias`, or what the normalisation makes.
  mutating func convolution(
    _ name: String, out: Int, kernel: Int, stride: Int = 1, padding: Padding,
    isDepthwise: Bool = false, normalization: Normalization? = nil,
    range: VisionLayer.Range = .all
  ) throws(DSXError) {
    let into = isDepthwise ? 1 : shape.channels
    let weights = try loader.load(name + ".weight", [out, into, kernel, kernel])
    let pointers: (VisionLayer.Floats, VisionLayer.Floats)
    if let normalization {
      pointers = try folded(weights, channels: out, normalization)
    } else {
      let bias = try loader.load(name + ".bias", [out])
      pointers = (try pointer(weights), try pointer(bias))
    }
    let border =
      switch padding {
      case .width(let width): VisionLayer.Border(width)
      case .same: VisionLayer.Border(same: shape, kernel: kernel, stride: stride)
      }
    let (rows, width) = (
      shape.height + border.top + border.bottom, shape.width + border.left + border.right
    )
    guard rows >= kernel, width >= kernel, PlaneShape(1, rows, width) != nil,
      let output = PlaneShape(out, (rows - kernel) / stride + 1, (width - kernel) / stride + 1)
    else {
      throw DSXError(
        .malformed, "the layer '\(name)' of \(kernel) x \(kernel) does not fit an image of \(shape)"
      )
    }
    if isDepthwise {
      padded = max(padded, rows * width)
      try append(
        .depthwise(
          kernel: kernel, stride: stride, border, weights: pointers.0, bias: pointers.1, range),
        output)
    } else {
      if kernel > 1 || stride > 1 || !border.isEmpty {
        guard let size = TensorShape.count([into, kernel, kernel, output.area]),
          size <= PlaneShape.maximumCount
        else {
          throw DSXError(.malformed, "the layer '\(name)' is too large for an image of \(shape)")
        }
        columns = max(columns, size)
      }
      try append(
        .convolution(
          kernel: kernel, stride: stride, border, weights: pointers.0, bias: pointers.1, range),
        output)
    }
  }

  /// A linear layer over all values: `<name>.weight` [out, in], `<name>.bias`.
  mutating func linear(_ name: String, out: Int, range: VisionLayer.Range = .all) throws(DSXError) {
    let weights = try loader.load(name + ".weight", [out, shape.count])
    let bias = try loader.load(name + ".bias", [out])
    guard let output = PlaneShape(out, 1, 1) else {
      throw DSXError(.malformed, "the layer '\(name)' has \(out) outputs")
    }
    try append(.linear(weights: try pointer(weights), bias: try pointer(bias), range), output)
  }

  mutating func maximum(size: Int, stride: Int) throws(DSXError) {
    guard size >= 1, stride >= 1, shape.height >= size, shape.width >= size,
      let output = PlaneShape(
        shape.channels, (shape.height - size) / stride + 1, (shape.width - size) / stride + 1)
    else {
      throw DSXError(.malformed, "a pool of \(size) x \(size) does not fit an image of \(shape)")
    }
    try append(.maximum(size: size, stride: stride), output)
  }

  /// The mean of each plane.
  mutating func mean() throws(DSXError) {
    guard let output = PlaneShape(shape.channels, 1, 1) else { return }
    try append(.mean, output)
  }

  /// Clamps what the last layer gives, inside that layer where it can.
  mutating func clamp(_ range: VisionLayer.Range) throws(DSXError) {
    if let last = layers.popLast() {
      switch last.operation {
      case .convolution(let kernel, let stride, let border, let weights, let bias, let old)
      where old.low == -.infinity:
        try append(
          .convolution(
            kernel: kernel, stride: stride, border, weights: weights, bias: bias, range),
          last.output, from: last.input)
        return
      case .depthwise(let kernel, let stride, let border, let weights, let bias, let old)
      where old.low == -.infinity:
        try append(
          .depthwise(
            kernel: kernel, stride: stride, border, weights: weights, bias: bias, range),
          last.output, from: last.input)
        return
      case .linear(let weights, let bias, let old) where old.low == -.infinity:
        try append(.linear(weights: weights, bias: bias, range), last.output, from: last.input)
        return
      default: layers.append(last)
      }
    }
    try append(.clamp(range), shape)
  }

  /// Remembers the image for `add`.
  mutating func keep() throws(DSXError) {
    kept = shape
    try append(.keep, shape)
  }

  /// Adds the image that was remembered.
  mutating func add() throws(DSXError) {
    guard kept == shape else {
      throw DSXError(.internal, "a sum of images of different shapes")
    }
    kept = nil
    try append(.add, shape)
  }

  /// The network. Throws `corrupt` for tensors that no layer took.
  func finish(ignoring ignored: (String) -> Bool = { _ in false }) throws(DSXError)
    -> VisionNetwork
  {
    try loader.finish(ignoring: ignored)
    return VisionNetwork(
      input: input, layers: layers, tensors: loader.tensors, owned: owned, columns: columns,
      padded: padded)
  }

  private mutating func append(
    _ operation: VisionLayer.Operation, _ output: PlaneShape, from input: PlaneShape? = nil
  ) throws(DSXError) {
    // A network of shapes without end is a hostile configuration.
    guard layers.count < 10_000 else { throw DSXError(.malformed, "more than 10,000 layers") }
    layers.append(VisionLayer(operation: operation, input: input ?? shape, output: output))
    shape = output
  }

  private func pointer(_ tensor: FloatTensor) throws(DSXError) -> VisionLayer.Floats {
    guard let base = tensor.elements.baseAddress else {
      throw DSXError(.corrupt, "a tensor is empty")
    }
    return base
  }

  /// Weights and bias of a convolution with its normalisation in them: weight * s and
  /// beta - mean * s, with s = gamma / sqrt(variance + epsilon), computed in float64.
  private mutating func folded(
    _ weights: FloatTensor, channels: Int, _ normalization: Normalization
  ) throws(DSXError) -> (VisionLayer.Floats, VisionLayer.Floats) {
    let name = normalization.name
    let gamma = try loader.load(name + ".weight", [channels])
    let beta = try loader.load(name + ".bias", [channels])
    let mean = try loader.load(name + ".running_mean", [channels], counts: false)
    let variance = try loader.load(name + ".running_var", [channels], counts: false)
    let (folded, bias) = (
      OwnedFloats(count: weights.elements.count), OwnedFloats(count: channels)
    )
    let each = weights.elements.count / channels
    for channel in 0..<channels {
      let spread = Double(variance.elements[channel]) + normalization.epsilon
      guard spread > 0 else {
        throw DSXError(
          .corrupt,
          "the tensor '\(name).running_var' has \(variance.elements[channel]) at "
            + "\(channel): no variance")
      }
      let scale = Double(gamma.elements[channel]) / spread.squareRoot()
      for index in channel * each..<(channel + 1) * each {
        folded.values[index] = Float(Double(weights.elements[index]) * scale)
      }
      bias.values[channel] = Float(
        Double(beta.elements[channel]) - Double(mean.elements[channel]) * scale)
    }
    owned += [folded, bias]
    return (try folded.pointer(), try bias.pointer())
  }
}
