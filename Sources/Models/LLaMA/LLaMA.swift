internal import DSXCore

/// LLaMA and models of the same build: rotary positions, root-mean-square norms, gated feed-forward
/// blocks (SwiGLU), key and value heads that several query heads share.
///
/// Source: transformers' `LlamaForCausalLM`, `MistralForCausalLM`, `Qwen2ForCausalLM`; GGUF files of the
/// types `llama` and `qwen2`.
enum LLaMA {
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError)
    -> any LanguageModel
  {
    let type = source.description.architecture
    let gguf = source.description.gguf
    let configuration: LLaMAConfiguration
    if let gguf {
      configuration = try LLaMAConfiguration(gguf, type: type, source.store)
    } else {
      configuration = try LLaMAConfiguration(source.hyperparameters, type: type)
    }
    let names = gguf == nil ? LLaMANames.transformers : .gguf
    var loader = WeightLoader(source.store, options.computeType)
    let (width, vocabulary) = (configuration.width, configuration.vocabulary)
    let tokens = try loader.tensor(names.tokens, [vocabulary, width])
    var layers: [TransformerLayer] = []
    for index in 0..<configuration.layers {
      layers.append(try layer(index, configuration, names, &loader))
    }
    let finalNorm = try loader.norm(names.finalNorm, width, hasBias: false)
    let head: Linear
    if configuration.tiesEmbeddings {
      head = loader.tied(tokens, inputs: width, outputs: vocabulary)
      try loader.checkTied(names.head + ".weight", to: names.tokens)
    } else {
      head = try loader.linear(names.head, inputs: width, outputs: vocabulary, hasBias: false)
    }
    try loader.checkNothingIsLeft(mayStay: names.mayStay)
    let transformer = Transformer(configuration.transformer, layers: layers, finalNorm: finalNorm)
    return CausalModel(
      architecture: type, source,
      CausalParts(transformer: transformer, tokens: tokens, positions: nil, head: head), loader)
  }

  private static func layer(
    _ index: Int, _ configuration: LLaMAConfiguration, _ names: LLaMANames,
    _ loader: inout WeightLoader
  ) throws(DSXError) -> TransformerLayer {
    let (width, inner) = (configuration.width, configuration.inner)
    let engine = configuration.transformer
    let name = names.layer(index)
    func linear(_ part: String, _ inputs: Int, _ outputs: Int, _ hasBias: Bool)
      throws(DSXError) -> Linear
    {
      try loader.linear(name + part, inputs: inputs, outputs: outputs, hasBias: hasBias)
    }
    let (queries, keys) = (engine.queryWidth, engine.keyValueWidth)
    return TransformerLayer(
      attentionNorm: try loader.norm(name + names.attentionNorm, width, hasBias: false),
      projections: .separate(
        query: try linear(names.query, width, queries, configuration.hasProjectionBias),
        key: try linear(names.key, width, keys, configuration.hasProjectionBias),
        value: try linear(names.value, width, keys, configuration.hasProjectionBias)),
      output: try linear(names.output, queries, width, configuration.hasOutputBias),
      feedForwardNorm: try loader.norm(name + names.feedForwardNorm, width, hasBias: false),
      gate: try linear(names.gate, width, inner, configuration.hasFeedForwardBias),
      up: try linear(names.up, width, inner, configuration.hasFeedForwardBias),
      down: try linear(names.down, inner, width, configuration.hasFeedForwardBias),
      attentionScale: 1 / Float(configuration.headWidth).squareRoot())
  }
}
