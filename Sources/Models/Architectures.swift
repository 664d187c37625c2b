internal import DSXCore

/// Builds a model of one architecture from its configuration and weights.
struct Architecture: Sendable {
  /// name of the folder, `config.json`, weights.
  let build: @Sendable (String, JSONValue, TensorStore) throws(DSXError) -> any LanguageModel
}

/// The architectures that dsx knows, by the `model_type` of `config.json`.
enum Architectures {
  /// One line for each.
  static func registry() throws(DSXError) -> Registry<Architecture> {
    var registry = Registry<Architecture>(kind: "model architecture")
    try registry.register(
      "gpt2",
      Architecture { (name, config, store) throws(DSXError) in
        try GPT2Model(name: name, config: config, store: store)
      })
    return registry
  }
}
