public import Images

/// One input of a pipeline. Which kinds a task takes, `ModelPipeline.fields` says.
public enum PipelineInput: Sendable {
  /// A text; of a tagging task its words are found.
  case text(String)
  /// Two texts: two sentences, or a question and its context.
  case pair(String, String)
  /// A sentence whose words are known.
  case words([String])
  /// A decoded image.
  case image(Image)
  /// The numbers of a table row, in the order of the model's features.
  case numbers([Double])

  /// What it is called in messages.
  var kind: String {
    switch self {
    case .text: "a text"
    case .pair: "a pair of texts"
    case .words: "a list of words"
    case .image: "an image"
    case .numbers: "a row of numbers"
    }
  }
}
