public import DSXCore

/// Tokens of the hypotheses / tokens of the references, over the whole corpus.
///
/// Of several references the one closest in length counts, the shorter of two, as in BLEU's brevity
/// penalty.
public struct LengthRatio: Metric {
  /// The tokenizer.
  public let tokenizer: MetricTokenizer
  private var pool: ScratchPool<TextWork>

  /// The metric.
  public init(tokenizer: MetricTokenizer = .chinese) {
    self.tokenizer = tokenizer
    pool = ScratchPool { TextWork(tokenizer) }
  }

  /// `length-ratio`.
  public var name: String { "length-ratio" }
  /// true, though the best value is 1.
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: TextCounts { TextCounts(width: 2) }
  /// The tokenizer, as for one reference an example.
  public var signature: String { "nrefs:1|tok:\(tokenizer.name)|average:corpus|version:1" }
  /// The same with the number of references.
  public func signature(from statistics: TextCounts) -> String {
    "nrefs:\(statistics.references.text)|tok:\(tokenizer.name)|average:corpus|version:1"
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
    return own
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TextCounts {
    let references = try example.presentReferences()
    var one = zero
    one.addExample(references: references.count)
    try pool.use { (work: TextWork) throws(DSXError) in
      work.list.removeAll()
      work.splitter.append(example.hypothesis, to: &work.list)
      for reference in references { work.splitter.append(reference, to: &work.list) }
      let lengths = work.list.ends.indices.map { work.list.tokens(ofText: $0).count }
      let closest = lengths.dropFirst().min {
        (abs($0 - lengths[0]), $0) < (abs($1 - lengths[0]), $1)
      }
      one.values = [lengths[0], closest ?? 0]
    }
    return one
  }

  /// The ratio; nil without reference tokens.
  public func score(from statistics: TextCounts) -> Double? {
    guard statistics.values.count == 2, statistics.values[1] > 0 else { return nil }
    return Double(statistics.values[0]) / Double(statistics.values[1])
  }
  /// The ratio and both lengths.
  public func scores(from statistics: TextCounts) -> [NamedScore] {
    let names = ["hypothesis-length", "reference-length"]
    return [NamedScore(name, score(from: statistics))]
      + zip(names, statistics.values).map { NamedScore($0, Double($1)) }
  }
}
