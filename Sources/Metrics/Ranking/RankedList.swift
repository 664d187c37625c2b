internal import DSXCore

/// What ranking metrics take from one query: a score and a relevance for each candidate.
public struct RankedList: Sendable {
  /// Higher = better; finite or infinite, not NaN.
  public var scores: [Double]
  /// The gain of each candidate, at least 0; above 0 is relevant.
  public var relevance: [Double]

  /// A query's candidates.
  public init(scores: [Double], relevance: [Double]) {
    self.scores = scores
    self.relevance = relevance
  }

  /// Throws on lists of different lengths, no candidate, NaN and negative relevance.
  func check() throws(DSXError) {
    guard scores.count == relevance.count else {
      throw DSXError(
        .malformed, "a query has \(scores.count) scores, but \(relevance.count) relevances")
    }
    guard !scores.isEmpty else { throw DSXError(.malformed, "a query has no candidate") }
    guard !scores.contains(where: \.isNaN) else {
      throw DSXError(.malformed, "a candidate's score is not a number")
    }
    guard relevance.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw DSXError(.malformed, "a candidate's relevance is negative or not finite")
    }
  }

  /// The relevances, best score first; of equal scores the earlier candidate comes first.
  var ranked: [Double] {
    scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }.map { relevance[$0] }
  }
}
