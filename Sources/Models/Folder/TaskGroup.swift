/// What a model is asked for: the first half of the registry's key, as ModelScope's group key.
///
/// ModelScope has many names for tasks that take and give the same; a group is one such set.
public enum TaskGroup: String, CaseIterable, Sendable {
  /// A causal language model: likelihoods and generation.
  case textGeneration = "text-generation"
  /// A label for a text or a pair of texts.
  case textClassification = "text-classification"
  /// A tag for each word.
  case tokenClassification = "token-classification"
  /// A piece of the context that answers a question.
  case questionAnswering = "question-answering"
  /// A vector for a text.
  case featureExtraction = "feature-extraction"
  /// A label for an image.
  case imageClassification = "image-classification"
  /// A label for a row of numbers.
  case tableClassification = "table-classification"

  /// Whether answers of windows can be joined to one of a longer text.
  var readsWindows: Bool { self == .tokenClassification || self == .questionAnswering }

  /// The names of its tasks, its own first.
  public var tasks: [String] {
    switch self {
    case .textGeneration: [rawValue, "chat"]
    case .textClassification:
      [
        rawValue, "sentiment-classification", "sentiment-analysis", "nli", "sentence-similarity",
        "text-ranking",
      ]
    case .tokenClassification:
      [rawValue, "word-segmentation", "named-entity-recognition", "part-of-speech"]
    case .questionAnswering:
      [rawValue, "extractive-question-answering", "machine-reading-comprehension"]
    // Two sentences are compared by their vectors where there is no head for pairs.
    case .featureExtraction:
      [rawValue, "sentence-embedding", "sentence-similarity", "backbone"]
    case .imageClassification: [rawValue]
    case .tableClassification: [rawValue, "tabular-classification"]
    }
  }

  /// The groups that know a task by this name, in order; most names have one.
  public static func groups(of task: String) -> [TaskGroup] {
    allCases.filter { $0.tasks.contains(task) }
  }

  /// The groups for a folder that is for this task: of a model that fills in masks the encoder is used.
  static func groups(ofFolder task: String) -> [TaskGroup] {
    task == "fill-mask" ? [.featureExtraction] : groups(of: task)
  }

  /// All names of tasks, without repetition.
  public static var allTasks: [String] {
    var names: [String] = []
    for name in allCases.flatMap(\.tasks) where !names.contains(name) { names.append(name) }
    return names
  }

  /// The group that a class name of transformers belongs to (`architectures` in `config.json`), e.g.
  /// `BertForSequenceClassification`; nil where the name does not say.
  static func group(ofClass name: String) -> TaskGroup? {
    let endings: [(String, TaskGroup)] = [
      ("ForCausalLM", .textGeneration), ("LMHeadModel", .textGeneration),
      ("ForSequenceClassification", .textClassification),
      ("ForTokenClassification", .tokenClassification),
      ("ForQuestionAnswering", .questionAnswering),
      ("ForImageClassification", .imageClassification),
      // The encoder below a head that dsx has no use for.
      ("ForMaskedLM", .featureExtraction), ("ForPreTraining", .featureExtraction),
      ("Model", .featureExtraction),
    ]
    return endings.first { name.hasSuffix($0.0) }?.1
  }
}
