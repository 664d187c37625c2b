public import DSXCore

/// A causal language model: always asked with batches of token sequences.
///
/// A result never depends on which other sequences are in the batch (beyond float32 rounding, 1e-5) or on
/// the number of workers (not by a bit).
public protocol LanguageModel: Sendable {
  /// Facts that reports state.
  var info: ModelInfo { get }

  /// A scorer for one run. It keeps what the next batches can reuse.
  func makeScorer(_ options: ComputeOptions) throws(DSXError) -> any LikelihoodScorer

  /// A session of sequences that grow id by id.
  func makeSession(_ options: ComputeOptions) throws(DSXError) -> any GenerationSession
}

extension LanguageModel {
  /// Per-token log-likelihoods of whole sequences, natural logarithm, by a scorer of their own.
  ///
  /// For each sequence of n ids (2 <= n <= context + 1): n - 1 numbers, number i = log p(ids[i + 1] | ids[0...i]).
  public func logLikelihoods(_ batch: [[Int32]], workers: Int) throws(DSXError) -> [[Double]] {
    let requests = batch.map { ids in
      LikelihoodRequest(ids: ids, scored: 1..<max(1, ids.count))
    }
    for (index, sequence) in batch.enumerated() where sequence.count < 2 {
      throw DSXError(
        .usage,
        "sequence \(index) has \(sequence.count) ids; this model takes 2 to \(info.context + 1)")
    }
    let scorer = try makeScorer(ComputeOptions(workers: workers))
    return try scorer.score(requests).map(\.values)
  }
}

/// What a model says of itself.
public struct ModelInfo: Sendable {
  /// The folder's name.
  public var name: String
  /// `gpt2`, ...
  public var architecture: String
  /// Number of ids that logits are computed for.
  public var vocabularySize: Int
  /// Positions that the model can see at once.
  public var context: Int
  /// Number of parameters, tied ones counted once.
  public var parameters: Int
  /// The element type of the stored weights: `f16`, `bf16`, `f32`.
  public var storedType: String
  /// SHA-256 over the weight files.
  public var fingerprint: String

  /// The facts of a model.
  public init(
    name: String, architecture: String, vocabularySize: Int, context: Int, parameters: Int,
    storedType: String, fingerprint: String
  ) {
    self.name = name
    self.architecture = architecture
    self.vocabularySize = vocabularySize
    self.context = context
    self.parameters = parameters
    self.storedType = storedType
    self.fingerprint = fingerprint
  }
}
