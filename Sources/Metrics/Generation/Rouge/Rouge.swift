public import DSXCore

/// ROUGE-N, ROUGE-L or ROUGE-Lsum (C.-Y. Lin, 2004) as rouge-score 0.1.2: the mean over the
/// examples of F, and of precision and recall beside it.
///
/// Of several references the one with the best F counts.
public struct Rouge: Metric {
  /// What is counted.
  public let kind: RougeKind
  /// The tokenizer.
  public let tokenizer: MetricTokenizer
  private var pool: ScratchPool<RougeScorer>

  /// The metric.
  public init(_ kind: RougeKind, tokenizer: MetricTokenizer = .rougeCJK()) {
    self.kind = kind
    self.tokenizer = tokenizer
    pool = ScratchPool { RougeScorer([kind], tokenizer: tokenizer) }
  }

  /// `rouge-1`, `rouge-l`, ...
  public var name: String { kind.name }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: 3) }
  /// The tokenizer and how the examples are averaged.
  public var signature: String { signature("1") }
  /// The same with the number of references.
  public func signature(from statistics: TextMeans) -> String {
    signature(statistics.references.text)
  }
  private func signature(_ references: String) -> String {
    "nrefs:\(references)|tok:\(tokenizer.name)|average:examples|version:1"
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    var one = zero
    try add(example, to: &one)
    return one
  }

  /// Adds one example.
  public func add(_ example: TextExample, to statistics: inout TextMeans) throws(DSXError) {
    let references = try example.presentReferences()
    try pool.use { (scorer: RougeScorer) throws(DSXError) in
      guard let score = try scorer.scores(example.hypothesis, references).first else { return }
      statistics.addExample(
        [score.f, score.precision, score.recall], references: references.count)
      statistics.textsWithoutTokens += scorer.emptied
    }
  }

  /// The mean F, 0 to 1; nil without examples.
  public func score(from statistics: TextMeans) -> Double? { statistics.mean() }
  /// The deviation of the examples' F over the root of n.
  public func standardError(from statistics: TextMeans) -> StandardError? {
    statistics.standardError
  }
  /// Mean F, precision and recall.
  public func scores(from statistics: TextMeans) -> [NamedScore] {
    [
      NamedScore(name, statistics.mean()), NamedScore("precision", statistics.mean(1)),
      NamedScore("recall", statistics.mean(2)),
    ]
  }
}
