internal import DSXCore

/// GPT-2: learned positions, pre-norm blocks, causal attention, fused projections, Conv1D weights
/// ([in, out]), a head that is tied to the embeddings unless the configuration says otherwise.
///
/// Source: the model and weight names of transformers' `GPT2LMHeadModel`, with or without
/// `transformer.` in front. The masks `attn.bias` and `attn.masked_bias` of old files are passed over,
/// any other tensor without a place is an error.
enum GPT2 {
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError)
    -> any LanguageModel
  {
    let configuration = try GPT2Configuration(source.hyperparameters)
    var loader = WeightLoader(
      source.store, prefix: source.store.entry("wte.weight") != nil ? "" : "transformer.",
      options.computeType)
    let (width, vocabulary) = (configuration.width, configuration.vocabulary)
    let tokens = try loader.tensor("wte.weight", [vocabulary, width])
    let positions = try loader.tensor("wpe.weight", [configuration.positions, width])
    var layers: [TransformerLayer] = []
    for index in 0..<configuration.layers {
      layers.append(try layer(index, configuration, &loader))
    }
    let finalNorm = try loader.norm("ln_f", width)
    let head: Linear
    if configuration.tiesEmbeddings {
      head = loader.tied(tokens, inputs: width, outputs: vocabulary)
      try loader.checkTied("lm_head.weight", to: "wte.weight")
    } else {
      head = try loader.linear(
        "lm_head", inputs: width, outputs: vocabulary, hasBias: false, bare: true)
    }
    try loader.checkNothingIsLeft {
      $0.hasSuffix(".attn.bias") || $0.hasSuffix(".attn.masked_bias")
    }
    let transformer = Transformer(configuration.transformer, layers: layers, finalNorm: finalNorm)
    return CausalModel(
      architecture: "gpt2", source,
      CausalParts(transformer: transformer, tokens: tokens, positions: positions, head: head),
      loader)
  }

  private static func layer(
    _ index: Int, _ configuration: GPT2Configuration, _ loader: inout WeightLoader
  ) throws(DSXError) -> TransformerLayer {
    let (width, inner) = (configuration.width, configuration.inner)
    let name = "h.\(index)."
    return TransformerLayer(
      attentionNorm: try loader.norm(name + "ln_1", width),
      projections: .fused(
        try loader.linear(
          name + "attn.c_attn", inputs: width, outputs: 3 * width, .byInput)),
      output: try loader.linear(name + "attn.c_proj", inputs: width, outputs: width, .byInput),
      feedForwardNorm: try loader.norm(name + "ln_2", width),
      gate: nil,
      up: try loader.linear(name + "mlp.c_fc", inputs: width, outputs: inner, .byInput),
      down: try loader.linear(name + "mlp.c_proj", inputs: inner, outputs: width, .byInput),
      attentionScale: configuration.attentionScale(layer: index))
  }
}

extension GPT2Configuration {
  /// What the engine asks for.
  var transformer: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: heads, headWidth: headWidth, inner: inner,
      context: positions, epsilon: epsilon, activation: activation)
  }
}
