internal import DSXCore

/// Loads the tensors of one model by name, checks their shapes, and remembers which were used.
struct EncoderTensors {
  let store: TensorStore
  private(set) var used: [String] = []
  private(set) var parameters = 0

  init(_ store: TensorStore) { self.store = store }

  /// Whether the weights hold a tensor.
  func has(_ name: String) -> Bool { store.entry(name) != nil }

  /// A tensor of this shape. Throws `corrupt` when it is missing or has another shape.
  mutating func load(_ name: String, _ shape: [Int]) throws(DSXError) -> FloatTensor {
    let tensor = try store.floats(name, shape: shape)
    guard tensor.elements.baseAddress != nil else {
      throw DSXError(.corrupt, "the tensor '\(name)' is empty", file: store.files.first?.file.path)
    }
    used.append(name)
    parameters += tensor.elements.count
    return tensor
  }

  /// A layer norm; files from TensorFlow say gamma and beta for weight and bias.
  mutating func norm(_ name: String, _ width: Int) throws(DSXError) -> (
    weight: FloatTensor, bias: FloatTensor
  ) {
    let isOld = !has(name + ".weight") && has(name + ".gamma")
    return (
      try load(name + (isOld ? ".gamma" : ".weight"), [width]),
      try load(name + (isOld ? ".beta" : ".bias"), [width])
    )
  }

  /// A linear layer [outputs, inputs] with its bias.
  mutating func dense(_ name: String, inputs: Int, outputs: Int) throws(DSXError) -> DenseLayer {
    let weight = try load(name + ".weight", [outputs, inputs])
    return DenseLayer(weight: weight, bias: try load(name + ".bias", [outputs]))
  }

  /// The same where the file alone knows the number of outputs.
  mutating func dense(_ name: String, inputs: Int) throws(DSXError) -> DenseLayer {
    guard let entry = store.entry(name + ".weight") else {
      throw DSXError(
        .corrupt, "the weights lack the tensor '\(name).weight'",
        file: store.files.first?.file.path,
        hint: "the model has no head of this kind; choose another task")
    }
    guard entry.shape.count == 2, entry.shape[0] > 0, entry.shape[1] == inputs else {
      throw DSXError(
        .corrupt,
        "the tensor '\(name).weight' has the shape \(entry.shape), but the head's input has the "
          + "width \(inputs)", file: store.file(of: name + ".weight")?.file.path,
        byte: entry.offset, hint: "the weights do not belong to this configuration")
    }
    return try dense(name, inputs: inputs, outputs: entry.shape[0])
  }

  /// Throws `corrupt` for a tensor that nothing used and that is no known extra; `ignoring` are names
  /// that this use of the model has no need for.
  func checkNothingIsLeft(ignoring: [String] = []) throws(DSXError) {
    let known = Set(used)
    for name in store.names where !known.contains(name) {
      if EncoderNames.isKnownExtra(name) { continue }
      if ignoring.contains(where: { name.hasPrefix($0) }) { continue }
      throw DSXError(
        .corrupt,
        "the weights hold the tensor '\(name)', for which the configuration and the task have no "
          + "place", file: store.files.first?.file.path,
        hint: "the weights do not belong to this configuration, or the task is another")
    }
  }
}
