internal import DSXCore

/// The hyper-parameters of a LLaMA or of a model of the same build (Mistral, Qwen2), from `config.json`
/// or from the metadata of a GGUF file.
struct LLaMAConfiguration: Sendable {
  var width: Int
  var layers: Int
  var heads: Int
  var keyValueHeads: Int
  var headWidth: Int
  var inner: Int
  var context: Int
  var vocabulary: Int
  var epsilon: Float
  var activation: Activation
  var rotary: RotaryPositions
  var tiesEmbeddings: Bool
  /// Biases of the query, key and value projections, of attention's output, of the feed-forward block.
  var hasProjectionBias: Bool
  var hasOutputBias: Bool
  var hasFeedForwardBias: Bool

  /// What the engine asks for.
  var transformer: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: keyValueHeads, headWidth: headWidth, inner: inner,
      context: context, norm: .rms, epsilon: epsilon, rotary: rotary, isGated: true,
      activation: activation)
  }

  /// Throws `malformed` where sizes do not belong together.
  func check() throws(DSXError) {
    guard heads % keyValueHeads == 0 else {
      throw DSXError(
        .malformed,
        "\(heads) attention heads cannot share \(keyValueHeads) key and value heads")
    }
    guard activation.hasGate else {
      throw DSXError(
        .unsupported, "the activation function '\(activation.rawValue)' in a gated block")
    }
    guard rotary.width > 0, rotary.width % 2 == 0, rotary.width <= headWidth else {
      throw DSXError(
        .malformed, "rotary positions turn \(rotary.width) of a head's \(headWidth) numbers")
    }
    guard epsilon > 0, epsilon < 1 else {
      throw DSXError(.malformed, "the norms' epsilon must lie between 0 and 1, not \(epsilon)")
    }
  }
}
