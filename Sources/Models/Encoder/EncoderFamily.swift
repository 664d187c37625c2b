/// The encoders of the BERT family: one engine, other names and a few other facts.
enum EncoderFamily: String, Sendable, CaseIterable {
  /// BERT: learned positions from 0, token types, post-norm layers.
  case bert
  /// RoBERTa, also XLM-RoBERTa and CamemBERT: positions from the one after the padding id, one token
  /// type, a classifier of two layers without pooler.
  case roberta
  /// ALBERT: narrow embeddings with one matrix to the layers' width, layers with shared weights.
  case albert

  /// The family of a `model_type`; nil for a type that is no encoder.
  init?(modelType: String) {
    switch modelType {
    case "xlm-roberta", "camembert": self = .roberta
    default: self.init(rawValue: modelType)
    }
  }

  /// The values of `model_type`, by family.
  static let modelTypes = ["bert", "roberta", "xlm-roberta", "camembert", "albert"]
}

/// The names of one layer's tensors, without `.weight` and `.bias`.
struct EncoderLayerNames: Sendable {
  let query, key, value, projection, attentionNorm, up, down, outputNorm: String
}

/// Tensor names of one family, as transformers 5.23.0 writes them.
struct EncoderNames: Sendable {
  /// What names begin with: `bert.`, or nothing for a file of the bare encoder.
  let prefix: String
  let family: EncoderFamily

  /// What stands before the names of the encoder in a model with a head.
  static func prefix(_ family: EncoderFamily) -> String { family.rawValue + "." }

  var words: String { prefix + "embeddings.word_embeddings.weight" }
  var positions: String { prefix + "embeddings.position_embeddings.weight" }
  var types: String { prefix + "embeddings.token_type_embeddings.weight" }
  var embeddingNorm: String { prefix + "embeddings.LayerNorm" }
  /// ALBERT's matrix from the embeddings' width to the layers'.
  var mapping: String { prefix + "encoder.embedding_hidden_mapping_in" }
  var pooler: String { prefix + (family == .albert ? "pooler" : "pooler.dense") }

  /// The names of a layer with weights of its own.
  func layer(_ index: Int, layersPerGroup: Int) -> EncoderLayerNames {
    switch family {
    case .bert, .roberta:
      let name = prefix + "encoder.layer.\(index)."
      return EncoderLayerNames(
        query: name + "attention.self.query", key: name + "attention.self.key",
        value: name + "attention.self.value", projection: name + "attention.output.dense",
        attentionNorm: name + "attention.output.LayerNorm", up: name + "intermediate.dense",
        down: name + "output.dense", outputNorm: name + "output.LayerNorm")
    case .albert:
      let name =
        prefix + "encoder.albert_layer_groups.\(index / layersPerGroup)."
        + "albert_layers.\(index % layersPerGroup)."
      return EncoderLayerNames(
        query: name + "attention.query", key: name + "attention.key",
        value: name + "attention.value", projection: name + "attention.dense",
        attentionNorm: name + "attention.LayerNorm", up: name + "ffn", down: name + "ffn_output",
        outputNorm: name + "full_layer_layer_norm")
    }
  }

  /// Whether a tensor may be there without a use: position ids that old files keep, and the heads of
  /// pre-training.
  static func isKnownExtra(_ name: String) -> Bool {
    name.hasSuffix("embeddings.position_ids") || name.hasSuffix("embeddings.token_type_ids")
      || name.hasPrefix("cls.") || name.hasPrefix("lm_head.") || name.hasPrefix("predictions.")
      || name.hasPrefix("sop_classifier.")
  }
}
