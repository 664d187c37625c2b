internal import DSXCore
internal import Models

/// Hands sequences to the model in batches of a token budget, in order.
///
/// The composition of the batches depends on the sequences only, not on the number of workers.
struct LikelihoodBatcher {
  /// Ids in one call of the model, about.
  static let tokenBudget = 16384

  let model: any LanguageModel
  let workers: Int

  /// The log-likelihoods of all sequences.
  func score(_ sequences: [[Int32]]) throws(DSXError) -> [[Double]] {
    var results: [[Double]] = []
    results.reserveCapacity(sequences.count)
    var start = 0
    while start < sequences.count {
      var end = start
      var tokens = 0
      while end < sequences.count, end == start || tokens + sequences[end].count <= Self.tokenBudget
      {
        tokens += sequences[end].count
        end += 1
      }
      let batch = Array(sequences[start..<end])
      let scores = try model.logLikelihoods(batch, workers: workers)
      guard scores.count == batch.count,
        zip(scores, batch).allSatisfy({ $0.count == $1.count - 1 })
      else {
        throw DSXError(.internal, "the model gave another number of log-likelihoods than ids")
      }
      results += scores
      start = end
    }
    return results
  }
}
