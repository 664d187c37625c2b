internal import DSXCore

/// Loads the tensors of an architecture by their names, checks shapes, and remembers what was used.
///
///     var loader = WeightLoader(source.store, prefix: "model.", options.computeType)
///     let norm = try loader.vector("norm.weight", width)
///     let up = try loader.linear("layers.0.mlp.up_proj", inputs: width, outputs: inner)
///     try loader.checkNothingIsLeft()
///     let memory = loader.memory    // keep it as long as the pointers
struct WeightLoader {
  /// How a matrix lies in the file.
  enum Layout {
    /// [outputs, inputs].
    case byOutput
    /// [inputs, outputs]: GPT-2's Conv1D, parts of PanGu.
    case byInput
  }

  let store: TensorStore
  /// In front of every name that is asked for, unless it is asked for as `bare`.
  let prefix: String
  /// What linear layers multiply in.
  let computeType: ComputeType
  /// Keeps what the pointers point to.
  let memory = WeightMemory()
  private(set) var used: [String] = []

  init(_ store: TensorStore, prefix: String = "", _ computeType: ComputeType = .float32) {
    self.store = store
    self.prefix = prefix
    self.computeType = computeType
    memory.file = store.files.first?.file.path
  }

  /// Parameters loaded so far.
  private(set) var parameters = 0

  /// Whether the weights hold a tensor of this name.
  func has(_ name: String, bare: Bool = false) -> Bool {
    store.entry(bare ? name : prefix + name) != nil
  }

  /// The elements of a tensor of this shape.
  ///
  /// Throws `corrupt` when it is not there, has another shape, or no elements.
  mutating func tensor(_ name: String, _ shape: [Int], bare: Bool = false) throws(DSXError)
    -> UnsafePointer<Float>
  {
    let name = bare ? name : prefix + name
    let tensor = try store.floats(name, shape: shape)
    guard let pointer = tensor.elements.baseAddress else {
      throw DSXError(.corrupt, "the tensor '\(name)' is empty")
    }
    memory.tensors.append((name, tensor))
    if store.files.count > 1 { memory.shards[name] = store.file(of: name)?.file.path }
    used.append(name)
    parameters += tensor.elements.count
    return pointer
  }

  /// A vector.
  mutating func vector(_ name: String, _ count: Int, bare: Bool = false) throws(DSXError)
    -> UnsafePointer<Float>
  {
    try tensor(name, [count], bare: bare)
  }

  /// A norm: `NAME.weight`, and `NAME.bias` unless it has none. Some formats have other endings.
  mutating func norm(
    _ name: String, _ width: Int, hasBias: Bool = true, weight: String = ".weight",
    bias: String = ".bias"
  ) throws(DSXError) -> NormWeights {
    NormWeights(
      weight: try vector(name + weight, width),
      bias: hasBias ? try vector(name + bias, width) : nil)
  }

  /// A linear layer: `NAME.weight`, and `NAME.bias` unless it has none.
  mutating func linear(
    _ name: String, inputs: Int, outputs: Int, _ layout: Layout = .byOutput, hasBias: Bool = true,
    bare: Bool = false
  ) throws(DSXError) -> Linear {
    let matrix: Linear.Matrix
    switch layout {
    case .byOutput:
      matrix = .byOutput(try tensor(name + ".weight", [outputs, inputs], bare: bare))
    case .byInput:
      matrix = .byInput(try tensor(name + ".weight", [inputs, outputs], bare: bare))
    }
    let bias = hasBias ? try vector(name + ".bias", outputs, bare: bare) : nil
    return rounded(Linear(inputs: inputs, outputs: outputs, matrix, bias: bias))
  }

  /// The layer in the compute type; as it is where the model is only described.
  private func rounded(_ linear: Linear) -> Linear {
    guard computeType == .bfloat16, store.survey == nil else { return linear }
    let packed = PackedMatrix(linear, .bfloat16)
    memory.owners.append(packed)
    var linear = linear
    linear.matrix = .bfloat16(packed.halves)
    return linear
  }

  /// A head over the word embeddings that were loaded as `tokens`: [outputs, inputs].
  func tied(_ tokens: UnsafePointer<Float>, inputs: Int, outputs: Int) -> Linear {
    rounded(Linear(inputs: inputs, outputs: outputs, .byOutput(tokens)))
  }

  /// Counts a tensor as used without loading it.
  mutating func ignore(_ name: String) { used.append(name) }

  /// A second copy of a tied matrix, which some files hold, must be the same.
  mutating func checkTied(_ name: String, to other: String) throws(DSXError) {
    guard store.entry(name) != nil,
      let first = memory.tensors.first(where: { $0.name == prefix + other })?.tensor
    else { return }
    let second = try store.floats(name, shape: first.shape)
    guard second.withElements({ $0.elementsEqual(first.elements) }) else {
      throw DSXError(
        .corrupt,
        "the configuration ties '\(name)' to '\(prefix + other)', but the file holds other numbers",
        file: store.files.first?.file.path,
        hint: "set tie_word_embeddings to false if the head is the model's own")
    }
    used.append(name)
  }

  /// Throws `corrupt` for a tensor that nobody asked for, but those that `mayStay` names.
  func checkNothingIsLeft(mayStay: (String) -> Bool = { _ in false }) throws(DSXError) {
    let used = Set(used)
    for name in store.names where !used.contains(name) && !mayStay(name) {
      throw DSXError(
        .corrupt,
        "the weights hold the tensor '\(name)', for which the configuration has no place",
        file: store.files.first?.file.path,
        hint: "the weights do not belong to this configuration")
    }
  }
}
