internal import DSXCore

/// A label for a text or a pair of texts.
struct ClassificationStep: PipelineStep {
  private let model: any TextClassifier
  private let task: String

  init(_ model: any TextClassifier, task: String) {
    self.model = model
    self.task = task
  }

  func fields(_ defaults: EvaluationDefaults) -> [PipelineField] {
    let isPair = ["nli", "sentence-similarity", "text-ranking"].contains(task)
    return TextFields.pair(defaults, secondIsRequired: isPair)
  }

  func preprocess(_ input: PipelineInput) throws(DSXError) -> TextInput {
    try TextFields.input(input, "a text or a pair of texts")
  }

  func refusals(_ batch: [TextInput], _ options: PipelineOptions) -> [DSXError?] {
    model.refusals(of: batch, onLong: options.onLong)
  }

  func forward(_ batch: [TextInput], _ options: PipelineOptions) throws(DSXError) -> [[Float]] {
    try model.classify(batch, onLong: options.onLong, options.compute)
  }

  func postprocess(_ output: [Float], of input: TextInput, _ options: PipelineOptions)
    -> JSONValue
  {
    RankedLabels.json(output.map(Double.init), model.labels, model.scores, topK: options.topK)
  }
}

/// The columns of texts.
enum TextFields {
  /// The second text; data sets of pairs, questions and summaries name it so.
  static let second = ["text2", "sentence2", "second_sequence", "hypothesis", "context", "passage"]
  static let first = [
    "text", "text1", "sentence1", "sentence", "first_sequence", "premise", "question", "prompt",
    "content", "input",
  ]

  static func single(_ defaults: EvaluationDefaults, role: String = "text") -> [PipelineField] {
    [PipelineField(role, .text, columns: columns(defaults.firstSequence, first))]
  }

  static func pair(_ defaults: EvaluationDefaults, secondIsRequired: Bool) -> [PipelineField] {
    // Without a word on a second text a column that happens to have such a name is not taken.
    let seconds =
      secondIsRequired || defaults.secondSequence != nil || defaults.firstSequence == nil
      ? columns(defaults.secondSequence, second) : []
    return single(defaults)
      + [PipelineField("text2", .text, columns: seconds, isRequired: secondIsRequired)]
  }

  static func columns(_ own: String?, _ usual: [String]) -> [String] {
    (own.map { [$0] } ?? []) + usual.filter { $0 != own }
  }

  static func input(_ input: PipelineInput, _ wanted: String) throws(DSXError) -> TextInput {
    switch input {
    case .text(let text): return TextInput(text)
    case .pair(let text, let pair): return TextInput(text, pair: pair)
    default: throw DSXError.wrongInput(input, wanted)
    }
  }
}
