internal import DSXCore

/// A classifier on the vectors of a sentence encoder that lies in another folder: the folder has the
/// head alone, and its `configuration.json` names the encoder's as `model.backbone`.
///
/// | file | content |
/// | --- | --- |
/// | `configuration.json` | `model.type` = `embedding-head`, `model.backbone`: a path from this folder |
/// | `head.safetensors` | `classifier.weight` [labels, width], `classifier.bias` [labels], float32 |
///
/// The labels are `model.label2id` or `model.id2label`, else the metadata entry `labels` of the weights
/// (joined by commas).
struct EmbeddingClassifier: TextClassifier {
  /// Its name in `model.type`.
  static let modelType = "embedding-head"

  private let encoder: SentenceEncoder
  private let head: DenseLayer
  let labels: [String]
  let info: ModelInfo

  /// The head of a folder with its encoder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .textClassifier(try EmbeddingClassifier(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    let path = try Self.backbone(source.description, options)
    var backbone = try ModelSource(path: path)
    try MemoryNeed(backbone.store, options.computeType).check(
      limit: options.memoryLimit, path: path)
    if let survey = source.store.survey {
      // Who only describes the head reads nothing of the encoder either.
      backbone = ModelSource(
        description: backbone.description,
        store: backbone.store.surveyed(by: TensorSurvey(readsValues: survey.readsValues)))
    }
    encoder = try SentenceEncoder(backbone, options)
    var loader = WeightLoader(source.store)
    head = try loader.head("classifier", inputs: encoder.width)
    try loader.checkNothingIsLeft()
    labels = try Self.labels(source, head.outputs)
    var info = encoder.info
    info.name = source.name
    info.parameters += loader.parameters
    info.fingerprint = SHA256.hex(
      [
        source.store.fingerprint(), info.fingerprint,
        try ModelFolder.configurationFingerprint(path),
      ].joined(separator: "\n"))
    self.info = info
  }

  /// The encoder's folder: that of the options, else what the configuration names, from its own folder.
  private static func backbone(_ description: ModelDescription, _ options: ModelOptions)
    throws(DSXError) -> String
  {
    let hint = "name the encoder's folder with --backbone DIR"
    let path: String
    if let chosen = options.backbone {
      path = chosen
    } else {
      guard let named = description.scope["model"]?["backbone"]?.string, !named.isEmpty else {
        throw DSXError(
          .missingFile, "the folder holds only a head, and names no encoder ('model.backbone')",
          file: description.source, hint: hint)
      }
      path = named.hasPrefix("/") ? named : FilePath.join(description.folder, named)
    }
    guard FilePath.isFolder(path) else {
      throw DSXError(
        .missingFile, "the head's encoder is not there", file: path,
        hint: hint + "; the README beside the head says where to get it")
    }
    return path
  }

  private static func labels(_ source: ModelSource, _ count: Int) throws(DSXError) -> [String] {
    let metadata = source.store.files.first?.metadata ?? []
    guard try source.description.labels() == nil,
      let text = metadata.first(where: { $0.name == "labels" })?.value.string
    else { return try source.labels(count) }
    let labels = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard labels.count == count else {
      throw DSXError(
        .corrupt, "the weights name \(labels.count) labels for \(count) outputs",
        file: source.store.files.first?.file.path)
    }
    return labels
  }

  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    let vectors = try encoder.embed(inputs, onLong: onLong, options)
    return vectors.map { head.apply($0) }
  }

  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    encoder.refusals(of: inputs, onLong: onLong)
  }
}
