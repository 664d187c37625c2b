internal import DSXCore

extension LLaMAConfiguration {
  /// Reads `config.json` of transformers' LLaMA, Mistral or Qwen2, old and new forms of the rotary
  /// members alike. Missing members take transformers' defaults, but for the sizes, which must be there.
  init(_ config: JSONValue, type: String) throws(DSXError) {
    let read = HyperParameters(config)
    width = try read.size("hidden_size")
    layers = try read.size("num_hidden_layers")
    heads = try read.size("num_attention_heads")
    keyValueHeads = try read.size("num_key_value_heads", fallback: heads)
    if config["head_dim"].map(\.isNull) ?? true, width % heads != 0 {
      throw DSXError(
        .malformed, "'hidden_size' \(width) is not a multiple of 'num_attention_heads' \(heads)")
    }
    headWidth = try read.size("head_dim", fallback: width / heads)
    inner = try read.size("intermediate_size")
    vocabulary = try read.size("vocab_size")
    epsilon = Float(try read.positive("rms_norm_eps", 1e-6))
    activation = try Activation(named: try read.text("hidden_act", "silu"))
    tiesEmbeddings = try read.flag("tie_word_embeddings", false)
    let isQwen = type == "qwen2"
    let hasBias = try read.flag("attention_bias", isQwen)
    hasProjectionBias = hasBias
    hasOutputBias = hasBias && !isQwen
    hasFeedForwardBias = try read.flag("mlp_bias", false)
    try read.refuse("quantization_config", "a model with quantised weights")
    let positions = try read.size("max_position_embeddings", fallback: 2048)
    context = try Self.context(read, type, positions)
    rotary = try Self.rotary(read, headWidth: headWidth, context: positions)
    try check()
  }

  /// Where rows see only a window of what is before them, positions beyond it are not offered: inside
  /// of the window both are the same.
  private static func context(_ read: HyperParameters, _ type: String, _ positions: Int)
    throws(DSXError) -> Int
  {
    let slides = type == "mistral" ? true : try read.flag("use_sliding_window", false)
    guard slides, let window = read.json["sliding_window"], !window.isNull else { return positions }
    return min(positions, try read.size("sliding_window"))
  }

  private static func rotary(_ read: HyperParameters, headWidth: Int, context: Int)
    throws(DSXError) -> RotaryPositions
  {
    // transformers 5 writes one object, older versions two members.
    let parameters = try read.object("rope_parameters")
    let older = try read.object("rope_scaling")
    let part = parameters ?? older
    let stating = parameters?.json["rope_theta"] == nil ? read : parameters ?? read
    let base = try stating.positive("rope_theta", 10_000)
    let share = try (parameters ?? read).positive("partial_rotary_factor", 1)
    guard share <= 1 else {
      throw DSXError(.malformed, "'partial_rotary_factor' must be at most 1, not \(share)")
    }
    var scaling = RotaryPositions.Scaling.none
    if let part { scaling = try Self.scaling(part, context: context) }
    return RotaryPositions(width: Int(Double(headWidth) * share), base: base, scaling: scaling)
  }

  private static func scaling(_ part: HyperParameters, context: Int) throws(DSXError)
    -> RotaryPositions.Scaling
  {
    let type = try part.text("rope_type", try part.text("type", "default"))
    switch type {
    case "default": return .none
    case "linear": return .linear(factor: try part.positive("factor"))
    case "llama3":
      let low = try part.positive("low_freq_factor")
      let high = try part.positive("high_freq_factor")
      guard high > low else {
        throw DSXError(
          .malformed, "'high_freq_factor' \(high) must be above 'low_freq_factor' \(low)")
      }
      return .llama3(
        factor: try part.positive("factor"), lowFrequencyFactor: low, highFrequencyFactor: high,
        originalContext: try part.positive("original_max_position_embeddings", Double(context)))
    default:
      throw DSXError(
        .unsupported, "rotary positions of the kind '\(type)' are not supported",
        hint: "known: default, linear, llama3")
    }
  }
}
