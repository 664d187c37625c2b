public import DSXCore

/// A pipeline in ModelScope's sense: a task and a model, from raw inputs to answers as JSON.
///
/// Each answer goes through three steps: preprocess (an input becomes what the model takes), forward (a
/// batch through the model), postprocess (numbers become labels, spans or text). The answers have
/// the shapes of ModelScope's pipelines:
///
/// | task | answer |
/// | --- | --- |
/// | text-classification and its kin, image-classification, table-classification | `{"scores": [0.9, 0.1], "labels": ["b", "a"]}`, highest first |
/// | sentence-similarity of a model without a head for pairs | `{"scores": [0.93]}`: the cosine |
/// | token-classification, named-entity-recognition, part-of-speech | `{"output": [{"type", "start", "end", "span"}], "tags": [...]}`, places in characters, a tag for each word |
/// | word-segmentation | `{"output": "words with blanks between", "tags": [...]}` |
/// | question-answering | `{"output": "answer", "score", "start", "end"}` |
/// | text-generation | `{"text": "continuation"}` |
/// | feature-extraction, sentence-embedding | `{"text_embedding": [0.1, ...]}` |
///
/// An answer does not depend on the other inputs beyond float32 rounding, and is the same bits for the
/// same batches in the same order.
public struct ModelPipeline: Sendable {
  /// The task, by one of ModelScope's names.
  public let task: String
  /// The model.
  public let model: OpenedModel
  /// How it works.
  public let options: PipelineOptions
  /// What it reads from a row.
  public let fields: [PipelineField]
  private let step: any PipelineStep

  /// A pipeline for a model folder (or GGUF file).
  ///
  /// - Parameter task: one of ModelScope's names; nil takes what the folder says.
  /// Throws as `ModelFolder.openAny` does, and `usage` for options out of range.
  public static func make(
    task: String? = nil, model path: String, _ modelOptions: ModelOptions = ModelOptions(),
    options: PipelineOptions = PipelineOptions()
  ) throws(DSXError) -> ModelPipeline {
    var modelOptions = modelOptions
    if let task { modelOptions.task = task }
    let description = try ModelDescription(path: path)
    return try ModelPipeline(
      task: modelOptions.task ?? description.task,
      model: try ModelFolder.openAny(path, modelOptions),
      defaults: try EvaluationDefaults(description), options: options)
  }

  /// A pipeline around an opened model.
  ///
  /// Throws `unsupported` when the model does not do the task.
  public init(
    task: String?, model: OpenedModel, defaults: EvaluationDefaults = EvaluationDefaults(),
    options: PipelineOptions = PipelineOptions()
  ) throws(DSXError) {
    try options.check()
    let group = model.group
    try group.require(task)
    guard options.onLong != .window || group.readsWindows else {
      throw DSXError(
        .usage, "one answer for a whole text cannot be joined from windows",
        hint: "cut long texts with --on-long truncate-left or truncate-right")
    }
    // A task that only the folder knows is the group's own.
    self.task = task.flatMap { group.tasks.contains($0) ? $0 : nil } ?? group.rawValue
    self.model = model
    self.options = options
    step = try Self.step(self.task, model, options)
    fields = step.fields(defaults)
  }

  /// The answer to one input.
  public func callAsFunction(_ input: PipelineInput) throws(DSXError) -> JSONValue {
    guard let answer = results([input]).first else {
      throw DSXError(.internal, "an input without an answer")
    }
    return try answer.get()
  }

  /// The answers to a list of inputs, in order, `batchSize` at a time; the first input that cannot be
  /// answered is thrown.
  public func callAsFunction(_ inputs: [PipelineInput]) throws(DSXError) -> [JSONValue] {
    var answers: [JSONValue] = []
    answers.reserveCapacity(inputs.count)
    for start in stride(from: 0, to: inputs.count, by: options.batchSize) {
      let end = min(inputs.count, start + options.batchSize)
      for result in results(Array(inputs[start..<end])) { answers.append(try result.get()) }
    }
    return answers
  }

  /// What becomes of one batch: for each input an answer, or why there is none.
  public func results(_ batch: [PipelineInput]) -> [Result<JSONValue, DSXError>] {
    step.answers(batch, options)
  }

  private static func step(
    _ task: String, _ model: OpenedModel, _ options: PipelineOptions
  ) throws(DSXError) -> any PipelineStep {
    switch model {
    case .language(let loaded): try GenerationStep(loaded, options)
    case .textClassifier(let model): ClassificationStep(model, task: task)
    case .tokenTagger(let model): TaggingStep(model, task: task)
    case .spanExtractor(let model): SpanStep(model)
    case .textEncoder(let model):
      task == "sentence-similarity" ? SimilarityStep(model) : EmbeddingStep(model)
    case .imageClassifier(let model): ImageStep(model)
    case .tableClassifier(let model): TableStep(model)
    }
  }
}
