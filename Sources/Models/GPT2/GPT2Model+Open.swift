internal import DSXCore

extension GPT2Model {
  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError)
    -> any LanguageModel
  {
    guard options.computeType == .float32 else {
      throw DSXError(.unsupported, "this model computes in f32 only")
    }
    return try GPT2Model(
      name: source.name, config: source.hyperparameters, store: source.store)
  }
}
