internal import DSXCore
internal import Images

/// A label for an image.
struct ImageStep: PipelineStep {
  private let model: any ImageClassifier

  init(_ model: any ImageClassifier) { self.model = model }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    [
      PipelineField(
        "image", .image,
        columns: TextFields.columns(
          defaults.firstSequence, ["image", "image:FILE", "img", "path", "file"]))
    ]
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> Image {
    guard case .image(let image) = input else {
      throw DSXError.wrongInput(input, "an image")
    }
    return image
  }

  func forward(_ batch: [Image], _ options: PipelineOptions) throws(DSXError) -> [[Float]] {
    try model.classify(batch, options.compute)
  }

  func postprocess(_ output: [Float], of input: Image, _ options: PipelineOptions) -> JSONValue {
    RankedLabels.json(output.map(Double.init), model.labels, model.scores, topK: options.topK)
  }
}

/// A label for a row of numbers.
struct TableStep: PipelineStep {
  private let model: any TableClassifier

  init(_ model: any TableClassifier) { self.model = model }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    model.features.map { PipelineField($0, .number, columns: [$0]) }
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> [Double] {
    guard case .numbers(let row) = input else {
      throw DSXError.wrongInput(input, "a row of numbers")
    }
    guard row.count == model.features.count else {
      throw DSXError(
        .usage, "the row has \(row.count) numbers, the model takes \(model.features.count)")
    }
    return row
  }

  func forward(_ batch: [[Double]], _ options: PipelineOptions) throws(DSXError) -> [[Double]] {
    try model.classify(batch, options.compute)
  }

  func postprocess(_ output: [Double], of input: [Double], _ options: PipelineOptions)
    -> JSONValue
  {
    RankedLabels.json(output, model.labels, .softmax, topK: options.topK)
  }
}
