public import DSXCore

/// ROUGE as the packages rouge 1.0.1 or rouge-chinese 1.0.3 give it: the mean over the examples of
/// F, and of precision and recall beside it.
public struct PackageRouge: Metric {
  /// Whose rules.
  public let package: RougePackage
  /// What is counted; `summary` is the same as `subsequence`.
  public let kind: RougeKind
  /// Whether each n-gram counts once.
  public let isExclusive: Bool
  /// What puts blanks between words first; nil takes texts as they are.
  public let tokenizer: MetricTokenizer?
  /// Whether a text without a sentence is an error, as in the packages; else it scores 0, as
  /// ModelScope counts it.
  public let refusesEmpty: Bool
  private var pool: ScratchPool<PackageRougeScorer>

  /// The metric.
  public init(
    _ package: RougePackage, _ kind: RougeKind, isExclusive: Bool = true,
    tokenizer: MetricTokenizer? = nil, refusesEmpty: Bool = false
  ) {
    self.package = package
    self.kind = kind
    self.isExclusive = isExclusive
    self.tokenizer = tokenizer
    self.refusesEmpty = refusesEmpty
    pool = ScratchPool {
      PackageRougeScorer(package, isExclusive: isExclusive, tokenizer: tokenizer)
    }
  }

  /// `py-rouge-1`, `rouge-chinese-l`, ...
  public var name: String { package.rawValue + kind.name.dropFirst("rouge".utf8.count) }
  /// true
  public var higherIsBetter: Bool { true }
  /// true
  public var hasAnalyticError: Bool { true }
  /// No example.
  public var zero: TextMeans { TextMeans(width: 3) }
  /// The package, the tokenizer and how n-grams count.
  public var signature: String {
    "nrefs:1|package:\(package.rawValue)|tok:\(tokenizer?.name ?? "none")"
      + "|ngrams:\(isExclusive ? "set" : "list")|empty:\(refusesEmpty ? "error" : "0")"
      + "|average:examples|version:1"
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example with one reference.
  public func statistics(of example: TextExample) throws(DSXError) -> TextMeans {
    var one = zero
    let reference = try example.onlyReference()
    let scores = try pool.use { (scorer: PackageRougeScorer) throws(DSXError) in
      try scorer.scores([kind], hypothesis: example.hypothesis, reference: reference)
    }
    if scores == nil, refusesEmpty {
      throw DSXError(
        .malformed, "a text without a sentence, which \(package.rawValue) refuses",
        hint: "set empty to zero, or leave the example out")
    }
    let score = scores?.first ?? .zero
    one.addExample([score.f, score.precision, score.recall], references: 1)
    return one
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
