public import DSXCore
public import Images

/// Gives each text (or pair) a logit for every label.
public protocol TextClassifier: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The labels in the order of the logits.
  var labels: [String] { get }
  /// For each input its logits, in the order of `labels`. Ragged batches, no padding.
  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
}

/// Gives each word of a sentence a logit for every tag.
public protocol TokenTagger: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The tags in the order of the logits.
  var labels: [String] { get }
  /// For each sentence (a list of words, or of characters), for each word its logits: those of the
  /// word's first token.
  func tag(_ sentences: [[String]], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[[Float]]]
}

/// An answer that is a piece of the context.
public struct SpanAnswer: Sendable, Equatable {
  /// The text.
  public var text: String
  /// Its place in the context's UTF-8 bytes.
  public var bytes: Range<Int>
  /// Start logit plus end logit.
  public var score: Double
  /// The score of answering nothing: start plus end logit of the first token.
  public var nullScore: Double

  /// An answer.
  public init(text: String, bytes: Range<Int>, score: Double, nullScore: Double) {
    self.text = text
    self.bytes = bytes
    self.score = score
    self.nullScore = nullScore
  }
}

/// Finds the answer to a question in a context; long contexts in overlapping windows.
public protocol SpanExtractor: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// For each input (`text` = question, `pair` = context) the best answer.
  func answer(
    _ inputs: [TextInput], maximumTokens: Int, stride: Int, _ options: ComputeOptions
  ) throws(DSXError) -> [SpanAnswer]
}

/// Turns texts into vectors.
public protocol TextEncoder: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// Numbers in a vector.
  var width: Int { get }
  /// For each input its vector, pooled and normalised as the model folder says.
  func embed(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
}

/// Gives each image a logit for every label.
public protocol ImageClassifier: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The labels in the order of the logits.
  var labels: [String] { get }
  /// For each decoded image its logits; resize, crop and normalise are the model folder's.
  func classify(_ images: [Image], _ options: ComputeOptions) throws(DSXError) -> [[Float]]
}

/// Gives each row of numbers a logit for every label.
public protocol TableClassifier: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The columns that a row has, in order.
  var features: [String] { get }
  /// The labels in the order of the logits.
  var labels: [String] { get }
  /// For each row its logits, in float64 as the model was trained.
  func classify(_ rows: [[Double]], _ options: ComputeOptions) throws(DSXError) -> [[Double]]
}
