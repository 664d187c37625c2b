public import DSXCore

/// Sequences under way: their keys and values are kept, so that one more id costs one row.
///
/// Single-owner. A slot is a sequence's handle; sequences may start, grow and end at different times.
public protocol GenerationSession: AnyObject {
  /// Number of logits for each position.
  var vocabularySize: Int { get }
  /// Positions that a sequence may have.
  var context: Int { get }
  /// Starts sequences and computes their prompts in one go, shared prefixes once.
  ///
  /// Throws `usage` for an empty prompt, one longer than the context, or an id outside the vocabulary.
  func start(_ prompts: [[Int32]]) throws(DSXError) -> [Int]
  /// Appends one id to each of these sequences, in one batched pass.
  func append(_ ids: [Int32], to slots: [Int]) throws(DSXError)
  /// Lends the logits of the id that follows a sequence: `vocabularySize` finite numbers.
  func withLogits<Result>(of slot: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result
  /// A second sequence with the same ids so far, for beams.
  func copy(_ slot: Int) throws(DSXError) -> Int
  /// Gives a sequence's memory back.
  func release(_ slot: Int)
  /// Ids in a sequence.
  func length(of slot: Int) -> Int
  /// What was computed since the session was made.
  var tally: ComputeTally { get }
}
