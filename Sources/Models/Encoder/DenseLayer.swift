internal import DSXCore
internal import Kernels

/// A linear layer of a head with its bias. Float32 whatever the encoder computes in: heads are small.
struct DenseLayer: Sendable {
  private let linear: Linear
  /// Keeps what the layer points to.
  private let memory: WeightMemory

  var inputs: Int { linear.inputs }
  var outputs: Int { linear.outputs }

  init(_ linear: Linear, _ memory: WeightMemory) {
    self.linear = linear
    self.memory = memory
  }

  /// The outputs of `count` rows that lie one after the other.
  func apply(
    _ rows: UnsafePointer<Float>, count: Int, _ activation: HeadActivation = .identity
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * outputs) { buffer, used in
      used = count * outputs
      guard let out = buffer.baseAddress, count > 0 else { return }
      linear.multiply(
        LinearInput(rows: count, floats: rows, step: inputs), columns: 0..<outputs, into: out,
        step: outputs)
      if let bias = linear.bias { dsx_add_rows(out, bias, count, outputs) }
      activation.apply(out, count: count * outputs)
    }
  }

  /// The same of an array of rows.
  func apply(_ rows: [Float], _ activation: HeadActivation = .identity) -> [Float] {
    rows.withUnsafeBufferPointer { rows in
      rows.baseAddress.map { apply($0, count: rows.count / max(1, inputs), activation) } ?? []
    }
  }
}

extension WeightLoader {
  /// A head's layer: `NAME.weight` [outputs, inputs] and `NAME.bias`. Without `outputs` the file says
  /// how many there are.
  ///
  /// Throws `corrupt` where it is missing or has another shape.
  mutating func head(_ name: String, inputs: Int, outputs: Int? = nil, hasBias: Bool = true)
    throws(DSXError) -> DenseLayer
  {
    var count = outputs ?? 0
    if outputs == nil {
      guard let entry = store.entry(name + ".weight") else {
        throw DSXError(
          .corrupt, "the weights lack the tensor '\(name).weight'",
          file: store.files.first?.file.path,
          hint: "the model has no head for this task; choose the task that it was trained for")
      }
      guard entry.shape.count == 2, entry.shape[0] > 0, entry.shape[1] == inputs else {
        throw DSXError(
          .corrupt,
          "the tensor '\(name).weight' has the shape \(entry.shape), but the head's input has the "
            + "width \(inputs)", file: store.file(of: name + ".weight")?.file.path,
          byte: entry.offset, hint: "the weights do not belong to this configuration")
      }
      count = entry.shape[0]
    }
    let matrix = try tensor(name + ".weight", [count, inputs])
    let bias = hasBias ? try vector(name + ".bias", count) : nil
    return DenseLayer(
      Linear(inputs: inputs, outputs: count, .byOutput(matrix), bias: bias), memory)
  }

  /// A norm whose file may come from TensorFlow: gamma and beta for weight and bias.
  mutating func bertNorm(_ name: String, _ width: Int) throws(DSXError) -> NormWeights {
    let isOld = !has(name + ".weight") && has(name + ".gamma")
    return try norm(
      name, width, weight: isOld ? ".gamma" : ".weight", bias: isOld ? ".beta" : ".bias")
  }

  /// Throws `corrupt` for a tensor that nobody asked for, but known extras (`EncoderNames`) and names
  /// that begin with one of `beginnings`.
  func checkNothingIsLeft(ignoring beginnings: [String]) throws(DSXError) {
    try checkNothingIsLeft { name in
      EncoderNames.isKnownExtra(name) || beginnings.contains { name.hasPrefix($0) }
    }
  }
}
