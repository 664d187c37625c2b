internal import DSXCore
internal import Models

/// A scorer over a model that has none of its own: every sequence is computed as a whole.
final class PlainScorer: LikelihoodScorer {
  private let model: any LanguageModel
  private let workers: Int
  private(set) var tally = ComputeTally()

  init(_ model: any LanguageModel, workers: Int) {
    self.model = model
    self.workers = workers
  }

  func score(_ requests: [LikelihoodRequest]) throws(DSXError) -> [Likelihoods] {
    let answers = try model.logLikelihoods(requests.map(\.ids), workers: workers)
    guard answers.count == requests.count else {
      throw DSXError(.internal, "the model gave another number of answers than it was asked for")
    }
    var results: [Likelihoods] = []
    for (request, values) in zip(requests, answers) {
      guard request.scored.lowerBound >= 1, request.scored.upperBound <= values.count + 1 else {
        throw DSXError(.usage, "a request asks for ids that it does not have")
      }
      tally.requestedTokens += request.ids.count - 1
      tally.computedTokens += request.ids.count - 1
      tally.logitRows += request.ids.count - 1
      results.append(
        Likelihoods(
          values: Array(values[request.scored.lowerBound - 1..<request.scored.upperBound - 1]),
          isGreedy: false))
    }
    return results
  }
}
