public import DSXCore

/// Translation edit rate (M. Snover et al., 2006) as sacrebleu 2.6.0: edits and shifts for a
/// hundred reference words.
///
/// Edits are those to the closest reference, the length is the mean of the references'. Can exceed
/// 100. As in sacrebleu the normaliser goes over references twice and over hypotheses once.
public struct TER: Metric {
  /// Settings of the normaliser.
  public let options: TercomOptions
  private let pool: ScratchPool<TextWork>

  /// The metric.
  public init(_ options: TercomOptions = TercomOptions()) {
    self.options = options
    pool = ScratchPool { TextWork(.tercom(options)) }
  }

  /// `ter`.
  public var name: String { "ter" }
  /// false
  public var higherIsBetter: Bool { false }
  /// No example.
  public var zero: TERStatistics { TERStatistics() }
  /// sacrebleu's, as for one reference an example.
  public var signature: String { parts("1").text }
  /// sacrebleu's, with the number of references.
  public func signature(from statistics: TERStatistics) -> String {
    parts(statistics.references.text).text
  }
  private func parts(_ references: String) -> SacrebleuSignature {
    func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
    return SacrebleuSignature(
      references: references,
      [
        ("case", "c", options.isCaseSensitive ? "mixed" : "lc"), ("tok", "t", "tercom"),
        ("norm", "nr", word(options.isNormalized)),
        ("punct", "pn", word(!options.dropsPunctuation)),
        ("asian", "as", word(options.asianSupport)),
      ])
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TERStatistics {
    var one = zero
    try add(example, to: &one)
    return one
  }

  /// Adds one example.
  public func add(_ example: TextExample, to statistics: inout TERStatistics) throws(DSXError) {
    let references = try example.presentReferences()
    try pool.use { (work: TextWork) throws(DSXError) in
      if options.isNormalized || options.dropsPunctuation {
        work.readSplittingReferencesTwice(example.hypothesis, references)
      } else {
        work.read(example.hypothesis, references)
      }
      var best = Int.max
      var length = 0
      for reference in 1...references.count {
        let tokens = work.tokens(reference)
        let edits = try work.edits.count(work.tokens(0), tokens, distinct: work.index.count)
        best = min(best, edits)
        length += tokens.count
      }
      statistics.addExample(
        edits: best, length: Double(length) / Double(references.count),
        references: references.count)
      statistics.textsWithoutTokens += work.emptied
    }
  }

  /// Percent, from 0; nil without examples. 100 where edits meet references without words.
  public func score(from statistics: TERStatistics) -> Double? {
    guard statistics.count > 0 else { return nil }
    let length = statistics.referenceLength
    if length > 0 { return 100 * (Double(statistics.edits) / length) }
    return statistics.edits > 0 ? 100 : 0
  }

  /// TER, edits and reference length.
  public func scores(from statistics: TERStatistics) -> [NamedScore] {
    [
      NamedScore(name, score(from: statistics)), NamedScore("edits", Double(statistics.edits)),
      NamedScore("reference-length", statistics.referenceLength),
    ]
  }
}
