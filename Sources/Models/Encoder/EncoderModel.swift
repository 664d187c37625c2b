internal import DSXCore

/// An encoder with a tokenizer and a head: what the classifiers of the BERT family are made of.
struct EncoderModel<Head: EncoderHead>: Sendable {
  let info: ModelInfo
  let backbone: EncoderBackbone
  let head: Head
  var tokenizer: EncoderTokenizer

  /// Opens the model of a folder.
  ///
  /// `makeHead` loads the head's tensors; `ignoring` are beginnings of names that this use of the model
  /// has no need for.
  init(
    _ source: ModelSource, _ options: ModelOptions, limits: [Int] = [], ignoring: [String] = [],
    _ makeHead: (EncoderBackbone, inout WeightLoader) throws(DSXError) -> Head
  ) throws(DSXError) {
    let description = source.description
    guard let family = description.types.compactMap(EncoderFamily.init(modelType:)).first else {
      throw DSXError(
        .unsupported, "'\(description.architecture)' is no encoder that dsx knows",
        file: description.source, hint: "known: " + EncoderFamily.modelTypes.joined(separator: ", ")
      )
    }
    let configuration: EncoderConfiguration
    do throws(DSXError) {
      configuration = try EncoderConfiguration(source.hyperparameters, family: family)
    } catch { throw error.inFile(description.source) }
    let stated = limits + [try description.maximumLength(at: 4)].compactMap { $0 }
    tokenizer = try EncoderTokenizer(
      folder: description.folder, vocabulary: configuration.vocabulary,
      context: configuration.context, limits: stated)
    var loader = WeightLoader(source.store, options.computeType)
    backbone = try EncoderBackbone(configuration, &loader)
    head = try makeHead(backbone, &loader)
    try loader.checkNothingIsLeft(ignoring: ignoring)
    info = ModelInfo(
      name: source.name, architecture: description.architecture,
      vocabularySize: configuration.vocabulary, context: tokenizer.maximum,
      parameters: loader.parameters, storedType: source.store.storedType(of: loader.used),
      fingerprint: source.store.fingerprint())
  }

  /// The head's numbers for each input.
  func run(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions) throws(DSXError)
    -> [[Float]]
  {
    var sequences: [EncoderSequence] = []
    for result in tokenizer.encode(inputs, onLong: onLong) {
      sequences.append(try result.get())
    }
    return try backbone.run(sequences, head, options)
  }

  /// Why an input cannot be taken.
  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    tokenizer.encode(inputs, onLong: onLong).map(\.failure)
  }
}

extension Result {
  /// The error, or nil.
  var failure: Failure? {
    switch self {
    case .success: nil
    case .failure(let error): error
    }
  }
}

extension ModelSource {
  /// The labels of a classifier with so many outputs: those of the folder, else LABEL_0, LABEL_1, ...
  ///
  /// Throws `corrupt` for another number of labels.
  func labels(_ count: Int) throws(DSXError) -> [String] {
    guard let labels = try description.labels() else {
      return (0..<count).map { "LABEL_\($0)" }
    }
    guard labels.count == count else {
      throw DSXError(
        .corrupt,
        "the folder names \(labels.count) labels, but the classifier has \(count) outputs",
        file: description.source, hint: "label2id or id2label belongs to another model")
    }
    return labels
  }
}
