internal import DSXCore

/// A vector for a text.
struct EmbeddingStep: PipelineStep {
  private let model: any TextEncoder

  init(_ model: any TextEncoder) { self.model = model }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] { TextFields.single(defaults) }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> TextInput {
    try TextFields.input(input, "a text")
  }

  func refusals(_ batch: [TextInput], _ options: PipelineOptions) -> [DSXError?] {
    model.refusals(of: batch, onLong: options.onLong)
  }

  func forward(_ batch: [TextInput], _ options: PipelineOptions) throws(DSXError) -> [[Float]] {
    try model.embed(batch, onLong: options.onLong, options.compute)
  }

  func postprocess(_ output: [Float], of input: TextInput, _ options: PipelineOptions)
    -> JSONValue
  {
    .object([.init("text_embedding", .array(output.map { .double(Double($0)) }))])
  }
}

/// How alike two texts are, by their vectors: the cosine, unless the model's folder names another function.
struct SimilarityStep: PipelineStep {
  private let model: any TextEncoder

  init(_ model: any TextEncoder) { self.model = model }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    TextFields.pair(defaults, secondIsRequired: true)
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> TextInput {
    guard case .pair(let text, let pair) = input else {
      throw DSXError.wrongInput(input, "a pair of texts")
    }
    return TextInput(text, pair: pair)
  }

  private func halves(_ batch: [TextInput]) -> [TextInput] {
    batch.flatMap { [TextInput($0.text), TextInput($0.pair ?? "")] }
  }

  func refusals(_ batch: [TextInput], _ options: PipelineOptions) -> [DSXError?] {
    let refusals = model.refusals(of: halves(batch), onLong: options.onLong)
    return batch.indices.map { refusals[2 * $0] ?? refusals[2 * $0 + 1] }
  }

  func forward(_ batch: [TextInput], _ options: PipelineOptions) throws(DSXError) -> [Double] {
    let vectors = try model.embed(halves(batch), onLong: options.onLong, options.compute)
    guard vectors.count == 2 * batch.count else {
      throw DSXError(.internal, "\(vectors.count) vectors for \(batch.count) pairs")
    }
    return batch.indices.map { model.similarity.of(vectors[2 * $0], vectors[2 * $0 + 1]) }
  }

  func postprocess(_ output: Double, of input: TextInput, _ options: PipelineOptions)
    -> JSONValue
  {
    .object([.init("scores", .array([.double(output)]))])
  }
}
