internal import DSXCore

/// How the models of one type are opened for one group of tasks.
enum Architecture: Sendable {
  /// A language model; its tokenizer and special ids are read alike for all types.
  case language(@Sendable (ModelSource, ModelOptions) throws(DSXError) -> any LanguageModel)
  /// Any other model.
  case model(@Sendable (ModelSource, ModelOptions) throws(DSXError) -> OpenedModel)
}

/// The architectures that dsx knows. The key is that of ModelScope's registries: the task group and the
/// type (`model_type` of `config.json`, `model.type` of `configuration.json`,
/// `general.architecture` of a GGUF file).
enum Architectures {
  /// The types whose configuration is read from a GGUF file too, sorted.
  static let embeddedTypes = ["llama", "qwen2"]

  /// One line for each.
  static func registry() throws(DSXError) -> Registry<Architecture> {
    var registry = Registry<Architecture>(kind: "model type")
    func add(_ group: TaskGroup, _ type: String, _ architecture: Architecture) throws(DSXError) {
      try registry.register(type, group: group.rawValue, architecture)
    }
    try add(.textGeneration, "gpt2", .language(GPT2.open))
    try add(.textGeneration, "llama", .language(LLaMA.open))
    try add(.textGeneration, "qwen2", .language(LLaMA.open))
    try add(.textGeneration, "mistral", .language(LLaMA.open))
    for type in EncoderFamily.modelTypes {
      try add(.textClassification, type, .model(EncoderTextClassifier.open))
      try add(.tokenClassification, type, .model(EncoderTokenTagger.open))
      try add(.questionAnswering, type, .model(EncoderSpanExtractor.open))
      try add(.featureExtraction, type, .model(SentenceEncoder.open))
    }
    try add(
      .textClassification, EmbeddingClassifier.modelType, .model(EmbeddingClassifier.open))
    try add(.imageClassification, "vit", .model(ViTClassifier.open))
    for type in PanGu.types { try add(.textGeneration, type, .language(PanGu.open)) }
    try add(.imageClassification, "cnn2", .model(PlainCNN.open))
    try add(.imageClassification, "mobilenet_v2", .model(MobileNetV2.open))
    try add(.tableClassification, "logistic_regression", .model(LogisticRegression.open))
    return registry
  }
}

extension Registry where Element == Architecture {
  /// The groups in which a type is registered.
  func groups(of type: String) -> [TaskGroup] {
    TaskGroup.allCases.filter { names(group: $0.rawValue).contains(type) }
  }

  /// All types of all groups, sorted.
  var types: [String] {
    Set(TaskGroup.allCases.flatMap { names(group: $0.rawValue) }).sorted()
  }
}
