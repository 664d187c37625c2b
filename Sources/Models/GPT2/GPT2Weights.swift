internal import DSXCore

/// The weights of one layer as plain pointers: nothing is counted in the layer loop.
///
/// Matrices are [in, out] as GPT-2's Conv1D has them.
struct GPT2Layer {
  typealias Floats = UnsafePointer<Float>

  let norm1Weight, norm1Bias, qkvWeight, qkvBias, projectionWeight, projectionBias: Floats
  let norm2Weight, norm2Bias, upWeight, upBias, downWeight, downBias: Floats
}

/// All weights of a GPT-2, checked against its configuration.
///
/// Names are those of transformers, with or without `transformer.` in front; the masks `attn.bias`
/// and `attn.masked_bias` of old files are passed over, any other tensor without a place is an error.
final class GPT2Weights: @unchecked Sendable {
  private(set) var layers: [GPT2Layer] = []
  let tokens: UnsafePointer<Float>
  let positions: UnsafePointer<Float>
  let normWeight: UnsafePointer<Float>
  let normBias: UnsafePointer<Float>
  /// [vocabulary, width]: `tokens` where they are tied.
  let head: UnsafePointer<Float>
  /// Number of parameters, tied ones once.
  let parameters: Int
  /// The names of the tensors that are used.
  let names: [String]
  /// Keeps the memory of all pointers.
  private let tensors: [FloatTensor]

  init(_ configuration: GPT2Configuration, _ store: TensorStore) throws(DSXError) {
    var loader = Loader(store: store)
    let (width, inner) = (configuration.width, configuration.inner)
    tokens = try loader.load("wte.weight", [configuration.vocabulary, width])
    positions = try loader.load("wpe.weight", [configuration.positions, width])
    for index in 0..<configuration.layers {
      let name = "h.\(index)."
      layers.append(
        GPT2Layer(
          norm1Weight: try loader.load(name + "ln_1.weight", [width]),
          norm1Bias: try loader.load(name + "ln_1.bias", [width]),
          qkvWeight: try loader.load(name + "attn.c_attn.weight", [width, 3 * width]),
          qkvBias: try loader.load(name + "attn.c_attn.bias", [3 * width]),
          projectionWeight: try loader.load(name + "attn.c_proj.weight", [width, width]),
          projectionBias: try loader.load(name + "attn.c_proj.bias", [width]),
          norm2Weight: try loader.load(name + "ln_2.weight", [width]),
          norm2Bias: try loader.load(name + "ln_2.bias", [width]),
          upWeight: try loader.load(name + "mlp.c_fc.weight", [width, inner]),
          upBias: try loader.load(name + "mlp.c_fc.bias", [inner]),
          downWeight: try loader.load(name + "mlp.c_proj.weight", [inner, width]),
          downBias: try loader.load(name + "mlp.c_proj.bias", [width])))
    }
    normWeight = try loader.load("ln_f.weight", [width])
    normBias = try loader.load("ln_f.bias", [width])
    if configuration.tiesEmbeddings {
      head = tokens
      try loader.checkTied()
    } else {
      head = try loader.load("lm_head.weight", [configuration.vocabulary, width], bare: true)
    }
    try loader.checkNothingIsLeft()
    parameters = loader.tensors.reduce(0) { $0 + $1.elements.count }
    names = loader.used
    tensors = loader.tensors
  }

  /// Loads tensors by their short names and remembers which were used.
  private struct Loader {
    let store: TensorStore
    let prefix: String
    var tensors: [FloatTensor] = []
    var used: [String] = []

    init(store: TensorStore) {
      self.store = store
      prefix = store.entry("wte.weight") != nil ? "" : "transformer."
    }

    mutating func load(_ name: String, _ shape: [Int], bare: Bool = false) throws(DSXError)
      -> UnsafePointer<Float>
    {
      let name = bare ? name : prefix + name
      let tensor = try store.floats(name, shape: shape)
      guard let pointer = tensor.elements.baseAddress else {
        throw DSXError(.corrupt, "the tensor '\(name)' is empty")
      }
      tensors.append(tensor)
      used.append(name)
      return pointer
    }

    /// A tied head that is in the file all the same must be the embedding.
    mutating func checkTied() throws(DSXError) {
      let name = "lm_head.weight"
      guard store.entry(name) != nil else { return }
      let head = try store.floats(name, shape: tensors[0].shape)
      let embedding = tensors[0]
      guard head.withElements({ $0.elementsEqual(embedding.elements) }) else {
        throw DSXError(
          .corrupt,
          "the configuration ties '\(name)' to '\(used[0])', but the file holds other numbers",
          file: store.files.first?.file.path,
          hint: "set tie_word_embeddings to false if the head is the model's own")
      }
      used.append(name)
    }

    func checkNothingIsLeft() throws(DSXError) {
      let used = Set(used)
      for name in store.names where !used.contains(name) {
        if name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias") { continue }
        throw DSXError(
          .corrupt,
          "the weights hold the tensor '\(name)', for which the configuration has no place",
          file: store.files.first?.file.path,
          hint: "the weights do not belong to this configuration")
      }
    }
  }
}
