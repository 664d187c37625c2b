internal import DSXCore

/// A text or sentence-pair classifier: `BertForSequenceClassification` and its relatives.
struct EncoderTextClassifier: TextClassifier {
  private let model: EncoderModel<TextClassificationHead>
  let labels: [String]
  let scores: LabelScores

  var info: ModelInfo { model.info }

  /// The model of a folder.
  static func open(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) -> OpenedModel {
    .textClassifier(try EncoderTextClassifier(source, options))
  }

  init(_ source: ModelSource, _ options: ModelOptions) throws(DSXError) {
    model = try EncoderModel(source, options) { (backbone, loader) throws(DSXError) in
      try TextClassificationHead(backbone.configuration, backbone.names, &loader)
    }
    labels = try source.labels(model.head.classifier.outputs)
    scores = try LabelScores(source.hyperparameters, outputs: labels.count)
  }

  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    try model.run(inputs, onLong: onLong, options)
  }

  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    model.refusals(of: inputs, onLong: onLong)
  }
}
