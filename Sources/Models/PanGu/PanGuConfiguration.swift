internal import DSXCore

/// The hyper-parameters of a PanGu-alpha, by the names of MindFormers' `PanguAlphaConfig` (or those of
/// transformers for the same things).
///
/// | member | default | |
/// | --- | --- | --- |
/// | `hidden_size` | | numbers in a row of the stream |
/// | `num_layers` | | layers with the query layer: one more than there are blocks |
/// | `num_heads` | | |
/// | `vocab_size` | | |
/// | `seq_length` | | positions |
/// | `ffn_hidden_size`, or `expand_ratio` | 4 times `hidden_size` | |
/// | `pad_token_id` | 6 | the id that no other one sees |
/// | `hidden_act` | `fast_gelu` | |
struct PanGuConfiguration: Sendable, Equatable {
  var width: Int
  /// The layers before the query layer.
  var blocks: Int
  var heads: Int
  var inner: Int
  var positions: Int
  var vocabulary: Int
  var activation: Activation
  var padding: Int32
  /// MindFormers has no name for it.
  let epsilon: Float = 1e-5

  /// Reads and checks them. Throws `malformed` for what is missing or out of range.
  init(_ config: JSONValue) throws(DSXError) {
    func size(_ names: [String], least: Int = 1) throws(DSXError) -> Int? {
      for name in names {
        guard let value = config[name], !value.isNull else { continue }
        guard let number = value.int, number >= least, number <= 1 << 22 else {
          throw DSXError(
            .malformed,
            "'\(name)' must be a whole number from \(least) to \(1 << 22), not \(value.text())")
        }
        return number
      }
      return nil
    }
    func required(_ names: [String], least: Int = 1) throws(DSXError) -> Int {
      guard let number = try size(names, least: least) else {
        throw DSXError(.malformed, "the model's configuration lacks '\(names[0])'")
      }
      return number
    }
    width = try required(["hidden_size", "embedding_size", "n_embd"])
    blocks = try required(["num_layers", "num_hidden_layers", "n_layer"], least: 2) - 1
    heads = try required(["num_heads", "num_attention_heads", "n_head"])
    vocabulary = try required(["vocab_size"])
    positions = try required(["seq_length", "max_position_embeddings", "n_positions"], least: 2)
    let ratio = try size(["expand_ratio"]) ?? 4
    inner = try size(["ffn_hidden_size", "intermediate_size", "n_inner"]) ?? ratio * width
    guard width % heads == 0 else {
      throw DSXError(.malformed, "'hidden_size' \(width) is not a multiple of 'num_heads' \(heads)")
    }
    activation = try Activation(
      named: (config["hidden_act"] ?? config["activation_function"]).map { $0.string ?? $0.text() }
        ?? "fast_gelu")
    let id = try size(["pad_token_id"], least: 0) ?? 6
    guard id < vocabulary else {
      throw DSXError(
        .malformed, "'pad_token_id' is \(id), outside the vocabulary of \(vocabulary)")
    }
    padding = Int32(id)
    for name in ["use_moe", "post_layernorm_residual"] where config[name]?.bool == true {
      throw DSXError(.unsupported, "a PanGu-alpha with '\(name)' is not supported")
    }
  }

  /// What the engine asks for.
  var transformer: TransformerConfiguration {
    TransformerConfiguration(
      width: width, heads: heads, keyValueHeads: heads, headWidth: width / heads, inner: inner,
      context: positions, epsilon: epsilon, activation: activation)
  }

  /// Queries and keys are each divided by the fourth root of the head's width.
  var attentionScale: Float { 1 / Float(width / heads).squareRoot() }
}
