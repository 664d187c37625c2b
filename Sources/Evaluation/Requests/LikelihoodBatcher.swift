internal import DSXCore
internal import Models

/// Hands the requests of one unit of work to a scorer, in batches of a token budget.
///
/// Groups of requests that share a context stay together. Groups go by length, the longest first, so
/// that a batch holds sequences of about one length; results come back in the order of the requests.
/// The composition of the batches depends on the requests only, not on workers or on what ran before.
struct LikelihoodBatcher {
  /// Ids in one batch, about.
  static let tokenBudget = 16384

  let scorer: any LikelihoodScorer
  let budget: Int

  /// The answers to all groups.
  func score(_ groups: [[LikelihoodRequest]]) throws(DSXError) -> [[Likelihoods]] {
    let lengths = groups.map { $0.reduce(0) { $0 + $1.ids.count } }
    let order = groups.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var results = [[Likelihoods]](repeating: [], count: groups.count)
    var start = 0
    while start < order.count {
      var end = start
      var tokens = 0
      while end < order.count, end == start || tokens + lengths[order[end]] <= budget {
        tokens += lengths[order[end]]
        end += 1
      }
      let batch = order[start..<end]
      let answers = try scorer.score(batch.flatMap { groups[$0] })
      var next = 0
      for group in batch {
        let count = groups[group].count
        guard next + count <= answers.count else {
          throw DSXError(.internal, "the model gave fewer answers than it was asked for")
        }
        results[group] = Array(answers[next..<next + count])
        next += count
        for (request, answer) in zip(groups[group], results[group])
        where request.scored.count != answer.values.count {
          throw DSXError(.internal, "the model gave another number of log-likelihoods than ids")
        }
      }
      start = end
    }
    return results
  }
}
