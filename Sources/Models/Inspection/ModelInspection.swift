public import DSXCore

/// What a model folder holds, and whether its parts fit together.
public struct ModelInspection: Sendable {
  /// The folder or GGUF file.
  public var path: String
  /// The name in reports.
  public var name: String
  /// The model's type: `gpt2`.
  public var type: String
  /// The group of tasks that it opens for; nil where it opens for none.
  public var group: TaskGroup?
  /// The task that `configuration.json` names.
  public var task: String?
  /// Class names of transformers.
  public var classes: [String]
  /// The hyper-parameters that are single values, in the order of the file.
  public var hyperparameters: [JSONValue.Member]
  /// What `configuration.json` says of the model's own evaluation.
  public var defaults: EvaluationDefaults
  /// Kind and size of the tokenizer, or nil where the model takes no text.
  public var tokenizer: (kind: String, vocabulary: Int)?
  /// The labels, where the model has some.
  public var labels: [String]
  /// The number of parameters; nil where the model cannot be built.
  public var parameters: Int?
  /// Positions that the model sees at once, 0 where it has none.
  public var context: Int
  /// The element types of the weights.
  public var storedType: String
  /// The weight files, with their sizes in bytes.
  public var files: [(path: String, format: WeightFormat, bytes: Int)]
  /// What the weights take in memory.
  public var memory: MemoryNeed?
  /// The tensors by name.
  public var tensors: [TensorState]
  /// What keeps the model from being used, beside the tensors.
  public var problems: [DSXError]

  /// How many tensors have a finding.
  public func count(_ finding: TensorState.Finding) -> Int {
    tensors.filter { $0.finding == finding }.count
  }

  /// Whether the model can be used.
  public var isSound: Bool { problems.isEmpty && !tensors.contains { $0.finding.isProblem } }

  /// One problem more, unless it was told already.
  mutating func add(_ problem: DSXError) {
    let isKnown = problems.contains { $0.code == problem.code && $0.message == problem.message }
    if !isKnown { problems.append(problem) }
  }

  /// What comparing the weights with the architecture told.
  mutating func add(_ survey: WeightSurvey) {
    survey.problems.forEach { add($0) }
    tensors = survey.tensors
    guard let model = survey.model else { return }
    parameters = model.info.parameters
    context = model.info.context
    if !model.labels.isEmpty { labels = model.labels }
  }
}
