internal import DSXCore

/// The hyper-parameters of a bidirectional encoder of the BERT family, from `config.json`.
struct EncoderConfiguration: Sendable, Equatable {
  /// Which names and facts hold.
  var family: EncoderFamily
  var width: Int
  var heads: Int
  /// How often a layer is applied; ALBERT applies few layers often.
  var layers: Int
  var inner: Int
  /// Rows of the position table.
  var positions: Int
  var vocabulary: Int
  /// Rows of the token type table.
  var types: Int
  /// Width of the embedding tables; ALBERT maps it to `width` with one matrix.
  var embeddingWidth: Int
  /// Layers with weights of their own: `groups` times `layersPerGroup`; as many as `layers` but for
  /// ALBERT.
  var groups: Int
  var layersPerGroup: Int
  /// The id that pads: RoBERTa counts positions from the one after it.
  var paddingID: Int
  var activation: Activation
  var epsilon: Float

  /// Reads and checks them. Missing members take the defaults of transformers, but for the sizes, which
  /// must be there.
  init(_ config: JSONValue, family: EncoderFamily) throws(DSXError) {
    let reader = ConfigurationReader(config)
    self.family = family
    width = try reader.size("hidden_size")
    heads = try reader.size("num_attention_heads")
    layers = try reader.size("num_hidden_layers", most: 1 << 12)
    inner = try reader.size("intermediate_size")
    positions = try reader.size("max_position_embeddings")
    vocabulary = try reader.size("vocab_size")
    types = try reader.size("type_vocab_size", 2)
    guard width % heads == 0 else {
      throw DSXError(
        .malformed, "'hidden_size' \(width) is not a multiple of 'num_attention_heads' \(heads)")
    }
    activation = try reader.activation("hidden_act", family == .albert ? .geluTanh : .gelu)
    epsilon = try reader.epsilon("layer_norm_eps", 1e-12)
    embeddingWidth = width
    groups = layers
    layersPerGroup = 1
    paddingID = 0
    switch family {
    case .bert: break
    case .roberta:
      paddingID = try reader.count("pad_token_id", 1)
      guard paddingID < vocabulary, paddingID + 2 < positions else {
        throw DSXError(
          .malformed,
          "'pad_token_id' \(paddingID) leaves no position of the \(positions) for a token")
      }
    case .albert:
      embeddingWidth = try reader.size("embedding_size", 128)
      groups = try reader.size("num_hidden_groups", 1, most: layers)
      layersPerGroup = try reader.size("inner_group_num", 1, most: 1 << 8)
    }
    try reader.refuse("position_embedding_type", unless: "absolute")
    for name in ["is_decoder", "add_cross_attention"] where try reader.flag(name, false) {
      throw DSXError(.unsupported, "an encoder with '\(name)' is not supported")
    }
    if let part = config["quantization_config"], !part.isNull {
      throw DSXError(.unsupported, "quantised weights ('quantization_config') are not supported")
    }
  }

  /// Width of one head.
  var headWidth: Int { width / heads }

  /// The position of a text's first token.
  var firstPosition: Int { family == .roberta ? paddingID + 1 : 0 }

  /// Tokens that a text may have, special tokens included.
  var context: Int { positions - firstPosition }

  /// The layers in the order in which they are applied, as places in the list of layers with weights of
  /// their own.
  var applied: [Int] {
    guard family == .albert else { return Array(0..<layers) }
    return (0..<layers).flatMap { index in
      // As ALBERT does it, in floating point: int(index / (layers / groups)).
      let group = Int(Double(index) / (Double(layers) / Double(groups)))
      return (0..<layersPerGroup).map { group * layersPerGroup + $0 }
    }
  }
}
