internal import DSXCore

/// The hyper-parameters of a GPT-2, from `config.json`.
struct GPT2Configuration: Sendable, Equatable {
  var width: Int
  var heads: Int
  var layers: Int
  var positions: Int
  var vocabulary: Int
  var inner: Int
  var activation: Activation
  var epsilon: Float
  var scalesAttention: Bool
  var scalesByLayer: Bool
  var tiesEmbeddings: Bool

  /// Reads and checks them. Missing members take the defaults of transformers, but for the sizes,
  /// which must be there.
  init(_ config: JSONValue) throws(DSXError) {
    func size(_ names: [String], _ fallback: Int? = nil) throws(DSXError) -> Int {
      for name in names {
        guard let value = config[name], !value.isNull else { continue }
        guard case .int(let number) = value, number > 0, number <= 1 << 22 else {
          throw DSXError(
            .malformed, "'\(name)' must be a whole number from 1 to \(1 << 22), not \(value.text())"
          )
        }
        return Int(number)
      }
      if let fallback { return fallback }
      throw DSXError(.malformed, "the model's configuration lacks '\(names[0])'")
    }
    func flag(_ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
      guard let value = config[name], !value.isNull else { return fallback }
      guard let flag = value.bool else {
        throw DSXError(.malformed, "'\(name)' must be true or false, not \(value.text())")
      }
      return flag
    }
    width = try size(["n_embd", "hidden_size"])
    heads = try size(["n_head", "num_attention_heads"])
    layers = try size(["n_layer", "num_hidden_layers"])
    positions = try size(["n_positions", "max_position_embeddings", "n_ctx"])
    vocabulary = try size(["vocab_size"])
    inner = try size(["n_inner"], width * 4)
    guard width % heads == 0 else {
      throw DSXError(.malformed, "'n_embd' \(width) is not a multiple of 'n_head' \(heads)")
    }
    let read = HyperParameters(config)
    activation = try Activation(named: try read.text("activation_function", "gelu_new"))
    epsilon = try read.epsilon("layer_norm_epsilon", 1e-5)
    scalesAttention = try flag("scale_attn_weights", true)
    scalesByLayer = try flag("scale_attn_by_inverse_layer_idx", false)
    tiesEmbeddings = try flag("tie_word_embeddings", true)
    guard try !flag("add_cross_attention", false) else {
      throw DSXError(
        .unsupported, "a GPT-2 with cross-attention ('add_cross_attention') is not supported")
    }
    if let part = config["quantization_config"], !part.isNull {
      throw DSXError(.unsupported, "quantised weights ('quantization_config') are not supported")
    }
  }

  /// Width of one head.
  var headWidth: Int { width / heads }

  /// What the scores of layer `index` are multiplied with.
  func attentionScale(layer index: Int) -> Float {
    var scale: Float = scalesAttention ? 1 / Float(headWidth).squareRoot() : 1
    if scalesByLayer { scale /= Float(index + 1) }
    return scale
  }
}
