/// A model folder that is ready for work, by what it can be asked.
public enum OpenedModel: Sendable {
  /// A causal language model with its tokenizer.
  case language(LoadedModel)
  /// A text or sentence-pair classifier.
  case textClassifier(any TextClassifier)
  /// A tagger of words.
  case tokenTagger(any TokenTagger)
  /// An extractive question answerer.
  case spanExtractor(any SpanExtractor)
  /// A sentence encoder.
  case textEncoder(any TextEncoder)
  /// An image classifier.
  case imageClassifier(any ImageClassifier)
  /// A classifier of table rows.
  case tableClassifier(any TableClassifier)

  /// Facts that reports state.
  public var info: ModelInfo {
    switch self {
    case .language(let loaded): loaded.model.info
    case .textClassifier(let model): model.info
    case .tokenTagger(let model): model.info
    case .spanExtractor(let model): model.info
    case .textEncoder(let model): model.info
    case .imageClassifier(let model): model.info
    case .tableClassifier(let model): model.info
    }
  }

  /// The labels in the order of the logits, where the model has labels.
  public var labels: [String]? {
    switch self {
    case .textClassifier(let model): model.labels
    case .tokenTagger(let model): model.labels
    case .imageClassifier(let model): model.labels
    case .tableClassifier(let model): model.labels
    case .language, .spanExtractor, .textEncoder: nil
    }
  }
}
