public import DSXCore

/// A sequence of ids and the positions among them whose log-likelihood is wanted.
public struct LikelihoodRequest: Sendable, Equatable {
  /// The ids: context and continuation. At least 2, at most the model's context + 1.
  public var ids: [Int32]
  /// The positions that are scored: `1...ids.count` bounds them. Logits are computed for these only.
  public var scored: Range<Int>

  /// A request.
  public init(ids: [Int32], scored: Range<Int>) {
    self.ids = ids
    self.scored = scored
  }
}

/// The answer to one request.
public struct Likelihoods: Sendable, Equatable {
  /// Number i = ln p(ids[scored.lowerBound + i] | all ids before it).
  public var values: [Double]
  /// Whether every scored id is the model's most likely one (lm-eval's `is_greedy`).
  public var isGreedy: Bool

  /// An answer.
  public init(values: [Double], isGreedy: Bool) {
    self.values = values
    self.isGreedy = isGreedy
  }

  /// The sum of the values, in order.
  public var total: Double { values.reduce(0, +) }
}

/// Scores batch after batch for one run, and remembers what the next batch can reuse: the prefix that
/// all sequences of a run share (few-shot examples) and the context that neighbours share (choices).
///
/// Single-owner. The result of a request does not depend on its batch mates beyond 1e-5, and is
/// bit-identical when the same batches are scored in the same order, whatever the number of workers.
public protocol LikelihoodScorer: AnyObject {
  /// Answers in the order of the requests.
  ///
  /// Throws `usage` for a request that the model cannot take (named by its index), `corrupt` for
  /// logits that are not finite.
  func score(_ requests: [LikelihoodRequest]) throws(DSXError) -> [Likelihoods]
  /// What was computed since the scorer was made.
  var tally: ComputeTally { get }
}
