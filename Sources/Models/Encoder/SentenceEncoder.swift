internal import DSXCore

/// A sentence encoder: an encoder of the BERT family and what sentence-transformers' `modules.json` puts
/// behind it.
struct SentenceEncoder: TextEncoder {
  private let model: EncoderModel<SentenceHead>
  let info: ModelInfo
  let width: Int

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
    var model = try EncoderModel(
      source, options, limits: [modules.maximumTokens].compactMap { $0 },
      ignoring: [
        "bert.pooler.", "roberta.pooler.", "albert.pooler.", "pooler.", "classifier.",
        "qa_outputs.",
      ]
    ) { (_, _) throws(DSXError) in SentenceHead(modules: modules) }
    model.tokenizer.lowercases = modules.lowercases
    self.model = model
    width = modules.width(of: rows)
    var info = model.info
    info.parameters += modules.parameters
    self.info = info
  }

  func embed(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    try model.run(inputs, onLong: onLong, options)
  }

  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    model.refusals(of: inputs, onLong: onLong)
  }
}
