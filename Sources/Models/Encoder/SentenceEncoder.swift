internal import DSXCore

/// A sentence encoder: an encoder of the BERT family and what sentence-transformers' `modules.json` puts
/// behind it.
struct SentenceEncoder: TextEncoder {
  private let model: EncoderModel<SentenceHead>
  private let settings: SentenceSettings
  let info: ModelInfo
  let width: Int

  var similarity: VectorSimilarity { settings.similarity }

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .textEncoder(try SentenceEncoder(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    let description = source.description
    let rows = try ConfigurationReader(source.hyperparameters).size("hidden_size")
    let modules = try SentenceModules(
      folder: description.folder, configuration: description.scope["model"] ?? .object([]),
      task: description.task, width: rows)
    settings = try SentenceSettings(folder: description.folder)
    guard settings.prompt.isEmpty || modules.includesPrompt else {
      throw DSXError(
        .unsupported, "a default prompt whose tokens are left out of the pooling is not supported",
        file: description.folder,
        hint:
          "'include_prompt' of the pooling is false; leave out 'default_prompt_name', or set it to true"
      )
    }
    var model = try EncoderModel(
      source, options, limits: [modules.maximumTokens].compactMap { $0 },
      ignoring: ["classifier.", "qa_outputs."]
    ) { (_, _) throws(DSXError) in SentenceHead(modules: modules) }
    model.tokenizer.lowercases = modules.lowercases
    self.model = model
    width = min(modules.width(of: rows), settings.truncates ?? .max)
    var info = model.info
    info.parameters += modules.parameters
    if !modules.fingerprints.isEmpty {
      info.fingerprint = SHA256.hex(
        ([info.fingerprint] + modules.fingerprints).joined(separator: "\n"))
    }
    self.info = info
  }

  func embed(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    try model.run(inputs.map(settings.prompted), onLong: onLong, options).map {
      Array($0.prefix(width))
    }
  }

  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    model.refusals(of: inputs.map(settings.prompted), onLong: onLong)
  }
}
