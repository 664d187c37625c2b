/// What a task asks of the model.
public enum RequestKind: String, CaseIterable, Sendable {
  /// The log-likelihood of each choice; the choice with the smallest loss is the answer.
  case logLikelihood = "log_likelihood"
  /// The log-likelihood of every token of a document, in windows of the model's context.
  case rollingLogLikelihood = "rolling_log_likelihood"
  /// Text behind a prompt, until a stop text or a number of tokens.
  case generateUntil = "generate_until"
  /// A label from a classifier's head, for a text or a pair of texts.
  case classify
  /// A tag for every word of a sentence.
  case tag
  /// A piece of a context that answers a question.
  case span
  /// The similarity of two texts: the cosine of their vectors.
  case embed
  /// A label for an image.
  case imageClassify = "image_classify"
  /// A label for a row of numbers.
  case tableClassify = "table_classify"
  /// Nothing: predictions are given, and metrics read the columns that the task names.
  case given

  /// Whether the answer is one of several labels.
  public var hasLabels: Bool {
    switch self {
    case .logLikelihood, .classify, .imageClassify, .tableClassify: true
    default: false
    }
  }

  /// The kind of model that can answer, as error messages call it.
  public var modelWord: String {
    switch self {
    case .logLikelihood, .rollingLogLikelihood, .generateUntil: "language model"
    case .classify: "text classifier"
    case .tag: "token tagger"
    case .span: "span extractor"
    case .embed: "sentence encoder"
    case .imageClassify: "image classifier"
    case .tableClassify: "table classifier"
    case .given: "file of predictions"
    }
  }
}
