internal import DSXCore

/// PanGu-alpha: a GPT-2 whose last layer asks with learned vectors, one for each position.
///
/// After the blocks comes the final norm, and after it the query layer, whose queries come from
/// `top_query_embedding` unnormed, whose keys and values come from the normed stream, and whose sum goes
/// on from the stream that the final norm made; no norm follows. The head is the word table.
///
/// | tensor, after a prefix such as `backbone.` | shape |
/// | --- | --- |
/// | `embedding.word_embedding.embedding_table` | [vocabulary, width] |
/// | `embedding.position_embedding.embedding_table` | [positions, width] |
/// | `top_query_embedding.embedding_table` | [positions, width] |
/// | `blocks.N.` and `top_query_layer.` each with: | |
/// | `layernorm1`, `layernorm2` `.gamma`, `.beta` | [width] |
/// | `attention.dense1`, `dense2`, `dense3` (query, key, value) `.weight` | [width, width], outputs first |
/// | `attention.projection.weight` | [width, width], inputs first |
/// | `output.mapping.weight`, `output.projection.weight` | [width, inner], [inner, width], inputs first |
/// | their `.bias` | [outputs] |
/// | `layernorm.gamma`, `.beta` | [width] |
///
/// The released weights have the three tables as `word_embedding.npy`, `position_embedding.npy` and
/// `top_query_embedding.npy` beside the checkpoint; those of a folder are taken where the checkpoint has
/// none.
///
/// Source: MindFormers 0.8.0 (`PanguAlphaModel`, `QueryLayer`); arXiv:2104.12369, section 2.2. Compared with an
/// implementation in NumPy that shares no code (`scripts/interop/pangu_reference.py`).
enum PanGu {
  /// Its names in configurations.
  static let types = ["pangu_alpha", "pangualpha", "pangu"]

  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError)
    -> any LanguageModel
  {
    let configuration = try PanGuConfiguration(source.hyperparameters)
    var loader = WeightLoader(source.store, prefix: prefix(source.store), options.computeType)
    var tables = EmbeddingTables(source)
    let (width, positions) = (configuration.width, configuration.positions)
    let words = try tables.load(
      "embedding.word_embedding.embedding_table", "word_embedding.npy",
      [configuration.vocabulary, width], &loader)
    let places = try tables.load(
      "embedding.position_embedding.embedding_table", "position_embedding.npy",
      [positions, width], &loader)
    let queries = try tables.load(
      "top_query_embedding.embedding_table", "top_query_embedding.npy", [positions, width], &loader)
    var layers: [TransformerLayer] = []
    for index in 0..<configuration.blocks {
      layers.append(try layer("blocks.\(index).", configuration, &loader))
    }
    var query = try layer("top_query_layer.", configuration, &loader)
    query.streamNorm = try norm("layernorm", configuration, &loader)
    query.positionQueries = queries
    layers.append(query)
    try loader.checkNothingIsLeft()
    let head = loader.tied(words, inputs: width, outputs: configuration.vocabulary)
    let parts = CausalParts(
      transformer: Transformer(configuration.transformer, layers: layers, finalNorm: nil),
      tokens: words, positions: places, head: head)
    let info = ModelInfo(
      name: source.name, architecture: "pangu_alpha", vocabularySize: configuration.vocabulary,
      context: positions, parameters: loader.parameters,
      storedType: source.store.storedType(of: loader.used),
      fingerprint: tables.fingerprint(source.store))
    return PanGuModel(
      CausalModel(info, parts, loader.memory), padding: configuration.padding)
  }

  /// What stands before `blocks.0.`, e.g. `backbone.`.
  private static func prefix(_ store: TensorStore) -> String {
    let known = "blocks.0.layernorm1.gamma"
    for name in store.names where name.hasSuffix(known) {
      return String(decoding: name.utf8.dropLast(known.utf8.count), as: UTF8.self)
    }
    return "backbone."
  }

  private static func norm(
    _ name: String, _ configuration: PanGuConfiguration, _ loader: inout WeightLoader
  ) throws(DSXError) -> NormWeights {
    try loader.norm(name, configuration.width, weight: ".gamma", bias: ".beta")
  }

  private static func layer(
    _ name: String, _ configuration: PanGuConfiguration, _ loader: inout WeightLoader
  ) throws(DSXError) -> TransformerLayer {
    let (width, inner) = (configuration.width, configuration.inner)
    return TransformerLayer(
      attentionNorm: try norm(name + "layernorm1", configuration, &loader),
      projections: .separate(
        query: try loader.linear(name + "attention.dense1", inputs: width, outputs: width),
        key: try loader.linear(name + "attention.dense2", inputs: width, outputs: width),
        value: try loader.linear(name + "attention.dense3", inputs: width, outputs: width)),
      output: try loader.linear(
        name + "attention.projection", inputs: width, outputs: width, .byInput),
      feedForwardNorm: try norm(name + "layernorm2", configuration, &loader),
      gate: nil,
      up: try loader.linear(name + "output.mapping", inputs: width, outputs: inner, .byInput),
      down: try loader.linear(name + "output.projection", inputs: inner, outputs: width, .byInput),
      attentionScale: configuration.attentionScale)
  }
}
