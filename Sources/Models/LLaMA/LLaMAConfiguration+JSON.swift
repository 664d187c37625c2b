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
  /// of the window both are the same. Without a word transformers takes 4,096; `null` means none.
  private static func context(_ read: HyperParameters, _ type: String, _ positions: Int)
    throws(DSXError) -> Int
  {
    let slides = type == "mistral" ? true : try read.flag("use_sliding_window", false)
    guard slides, read.json["sliding_window"]?.isNull != true else { return positions }
    return min(positions, try read.size("sliding_window", fallback: 4096))
  }

  /// The rotary members as transformers reads them: the object `rope_scaling` (older versions) where it is there
  /// and not empty, else `rope_parameters`; what it does not say, the members beside it do.
  private static func rotary(_ read: HyperParameters, headWidth: Int, context: Int)
    throws(DSXError) -> RotaryPositions
  {
    let older = try read.object("rope_scaling")
    let part = older?.json.object?.isEmpty == false ? older : try read.object("rope_parameters")
    let parts = [part, read].compactMap { $0 }
    if let part, part.json.object?.contains(where: { $0.value.object != nil }) == true {
      throw DSXError(
        .unsupported, "rotary positions that differ from layer to layer are not supported")
    }
    for stating in parts where try stating.positive("partial_rotary_factor", 1) != 1 {
      throw DSXError(
        .unsupported,
        "rotary positions of a part of each head ('partial_rotary_factor') are not supported",
        hint: "transformers' models of these types do not read the member either; leave it out")
    }
    let stating = parts.first { $0.json["rope_theta"]?.isNull == false } ?? read
    let base = try stating.positive("rope_theta", 10_000)
    var scaling = RotaryPositions.Scaling.none
    if let part {
      let original = try read.positive(
        "original_max_position_embeddings",
        try part.positive("original_max_position_embeddings", Double(context)))
      scaling = try Self.scaling(part, originalContext: original)
    }
    return RotaryPositions(width: headWidth, base: base, scaling: scaling)
  }

  private static func scaling(_ part: HyperParameters, originalContext: Double) throws(DSXError)
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
        originalContext: originalContext)
    default:
      throw DSXError(
        .unsupported, "rotary positions of the kind '\(type)' are not supported",
        hint: "known: default, linear, llama3")
    }
  }
}
