public import DSXCore
public import Images

/// Gives each text (or pair) a logit for every label.
public protocol TextClassifier: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The labels in the order of the logits.
  var labels: [String] { get }
  /// What the logits become.
  var scores: LabelScores { get }
  /// For each input its logits, in the order of `labels`. Ragged batches, no padding.
  ///
  /// Throws for the first input that `refusals` names, before anything is computed.
  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  /// For each input why the model cannot take it (too long, ...), or nil: lets a run mark single
  /// examples as failed instead of losing a batch.
  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?]
}

extension TextClassifier {
  /// Of one label a probability of its own, of several those of one choice.
  public var scores: LabelScores { labels.count == 1 ? .sigmoid : .softmax }
  /// None.
  public func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    inputs.map { _ in nil }
  }
}

/// Gives each word of a sentence a logit for every tag.
public protocol TokenTagger: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The tags in the order of the logits.
  var labels: [String] { get }
  /// For each sentence (a list of words, or of characters), for each word its logits: those of the
  /// word's first token. A word without one (only control characters, or cut off by `onLong`) has an
  /// empty list. `window` reads long sentences in overlapping windows; each word counts where it has
  /// the most context.
  ///
  /// Throws for the first sentence that `refusals` names, before anything is computed.
  func tag(_ sentences: [[String]], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[[Float]]]
  /// For each sentence why the model cannot take it, or nil.
  func refusals(of sentences: [[String]], onLong: LongInput) -> [DSXError?]
}

extension TokenTagger {
  /// None.
  public func refusals(of sentences: [[String]], onLong: LongInput) -> [DSXError?] {
    sentences.map { _ in nil }
  }
}

/// Turns texts into vectors.
public protocol TextEncoder: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// Numbers in a vector.
  var width: Int { get }
  /// How two of its vectors are compared.
  var similarity: VectorSimilarity { get }
  /// For each input its vector, pooled and normalised as the model folder says.
  ///
  /// Throws for the first input that `refusals` names, before anything is computed.
  func embed(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  /// For each input why the model cannot take it, or nil.
  func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?]
}

extension TextEncoder {
  /// By their angle.
  public var similarity: VectorSimilarity { .cosine }
  /// None.
  public func refusals(of inputs: [TextInput], onLong: LongInput) -> [DSXError?] {
    inputs.map { _ in nil }
  }
}

/// Gives each image a logit for every label.
public protocol ImageClassifier: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// The labels in the order of the logits.
  var labels: [String] { get }
  /// What the logits become.
  var scores: LabelScores { get }
  /// For each decoded image its logits; resize, crop and normalise are the model folder's.
  func classify(_ images: [Image], _ options: ComputeOptions) throws(DSXError) -> [[Float]]
}

extension ImageClassifier {
  /// Of one label a probability of its own, of several those of one choice.
  public var scores: LabelScores { labels.count == 1 ? .sigmoid : .softmax }
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
