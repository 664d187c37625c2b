public import DSXCore

/// A metric of documents' log-likelihoods over the sums of all documents; lower is better.
public protocol LikelihoodMetric: Metric
where Example == ScoredDocument, Statistics == LikelihoodStatistics {}

extension LikelihoodMetric {
  /// false
  public var higherIsBetter: Bool { false }
  /// true: the ratio estimator needs sums only.
  public var hasAnalyticError: Bool { true }
  /// No document.
  public var zero: LikelihoodStatistics { LikelihoodStatistics() }

  /// Throws on counts or likelihoods that cannot be.
  public func statistics(of document: ScoredDocument) throws(DSXError) -> LikelihoodStatistics {
    var one = zero
    try one.add(document)
    return one
  }
  /// Adds one document.
  public func add(_ document: ScoredDocument, to statistics: inout LikelihoodStatistics)
    throws(DSXError)
  { try statistics.add(document) }
}
