public import DSXCore

/// How answers are looked for: the parameters of transformers' `run_qa.py` with their defaults.
public struct SpanOptions: Sendable, Hashable {
  /// Tokens of one window: question, piece of the context, special tokens (`max_seq_length`). A model
  /// that takes fewer lowers it.
  public var maximumTokens: Int
  /// Tokens of the context that neighbouring windows share (`doc_stride`).
  public var stride: Int
  /// Start and end places that are tried in each window, and answers that are kept (`n_best_size`).
  public var best: Int
  /// Tokens that an answer may have (`max_answer_length`).
  public var maximumAnswerTokens: Int
  /// Whether "no answer" is one of the answers (`version_2_with_negative`).
  public var allowsNone: Bool
  /// By how much the score of no answer must exceed that of the best answer to win
  /// (`null_score_diff_threshold`).
  public var noneThreshold: Double

  /// The options.
  public init(
    maximumTokens: Int = 384, stride: Int = 128, best: Int = 20, maximumAnswerTokens: Int = 30,
    allowsNone: Bool = false, noneThreshold: Double = 0
  ) {
    self.maximumTokens = maximumTokens
    self.stride = stride
    self.best = best
    self.maximumAnswerTokens = maximumAnswerTokens
    self.allowsNone = allowsNone
    self.noneThreshold = noneThreshold
  }
}

/// An answer that is a piece of the context, or no answer (empty text, `0..<0`).
public struct SpanAnswer: Sendable, Equatable {
  /// The text.
  public var text: String
  /// Its place in the context's UTF-8 bytes.
  public var bytes: Range<Int>
  /// Start logit plus end logit.
  public var score: Double
  /// The score of answering nothing: start plus end logit of the first token, the smallest over all
  /// windows.
  public var nullScore: Double
  /// The start's logit.
  public var startLogit: Double
  /// The end's logit.
  public var endLogit: Double
  /// Softmax of the scores over the answers that were kept.
  public var probability: Double

  /// An answer.
  public init(
    text: String, bytes: Range<Int>, score: Double, nullScore: Double, startLogit: Double = 0,
    endLogit: Double = 0, probability: Double = 1
  ) {
    self.text = text
    self.bytes = bytes
    self.score = score
    self.nullScore = nullScore
    self.startLogit = startLogit
    self.endLogit = endLogit
    self.probability = probability
  }
}

/// What became of one question.
public struct SpanPrediction: Sendable, Equatable {
  /// The answer that is given; empty where there is none, or no answer won.
  public var answer: SpanAnswer
  /// The best answers, highest score first; with `allowsNone` one of them is empty.
  public var candidates: [SpanAnswer]
  /// Windows that the context was cut into.
  public var windows: Int

  /// A prediction.
  public init(answer: SpanAnswer, candidates: [SpanAnswer], windows: Int) {
    self.answer = answer
    self.candidates = candidates
    self.windows = windows
  }
}

/// Finds the answer to a question in a context; long contexts in overlapping windows.
public protocol SpanExtractor: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }
  /// For each input (`text` = question, `pair` = context) its answers.
  ///
  /// Throws for the first input that `refusals` names, before anything is computed.
  func predict(_ inputs: [TextInput], _ search: SpanOptions, _ options: ComputeOptions)
    throws(DSXError) -> [SpanPrediction]
  /// For each input why the model cannot take it (no context, a question that leaves no room), or nil.
  func refusals(of inputs: [TextInput], _ search: SpanOptions) -> [DSXError?]
}

extension SpanExtractor {
  /// None.
  public func refusals(of inputs: [TextInput], _ search: SpanOptions) -> [DSXError?] {
    inputs.map { _ in nil }
  }
}
