public import DSXCore

/// ModelScope 1.40.2's NED: the mean over the examples of 1 - Levenshtein distance / longer length,
/// in code points.
///
/// Its quirk is kept: where one text is empty the distance is the other's length and not 1, so that
/// the score can be negative.
public struct NormalizedEditDistance: Metric {
  private let pool = ScratchPool { TextWork(.everyCharacter) }

  /// The metric.
  public init() {}

  /// `ned`.
  public var name: String { "ned" }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: 1) }
  /// How texts become units.
  public var signature: String {
    "nrefs:1|unit:character|strip:no|empty:length|average:examples|version:1"
  }

  /// The distance of one pair as ModelScope has it.
  public func distance(_ example: TextExample) throws(DSXError) -> Double {
    let reference = try example.onlyReference()
    return try pool.use { (work: TextWork) throws(DSXError) in
      work.read(example.hypothesis, [reference])
      let (hypothesis, tokens) = (work.tokens(0), work.tokens(1))
      let longer = max(hypothesis.count, tokens.count)
      if hypothesis.isEmpty || tokens.isEmpty { return Double(longer) }
      let edits = work.alignment.distance(tokens, hypothesis, distinct: work.index.count)
      return Double(edits) / Double(longer)
    }
  }

  /// One example with one reference.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    var one = zero
    one.addExample([1 - (try distance(example))], references: 1)
    return one
  }

  /// The mean, at most 1; nil without examples.
  public func score(from statistics: TextMeans) -> Double? { statistics.mean() }
  /// The deviation of the examples' scores over the root of n.
  public func standardError(from statistics: TextMeans) -> StandardError? {
    statistics.standardError
  }
}
