public import DSXCore

/// Edits and reference lengths that add.
public struct TERStatistics: MetricStatistics, VectorStatistics, TokenLossStatistics {
  /// Number of examples.
  public private(set) var count = 0
  /// Hypotheses and references that are not blank and have no token.
  public internal(set) var textsWithoutTokens = 0
  var references = ReferenceCounts()
  /// Edits to the closest reference.
  public private(set) var edits = 0
  /// Sum of the mean lengths of the examples' references.
  private var lengths = ExactSum()

  init() {}

  mutating func addExample(edits: Int, length: Double, references: Int) {
    count += 1
    self.edits += edits
    lengths.add(length)
    self.references.add(references)
  }

  /// Adds the numbers of other examples; counts above 2^61 are an error.
  public mutating func add(_ other: TERStatistics) throws(DSXError) {
    let (total, overflows) = count.addingReportingOverflow(other.count)
    let (edits, tooMany) = self.edits.addingReportingOverflow(other.edits)
    guard !overflows, !tooMany, total <= 1 << 61, edits <= 1 << 61 else {
      throw DSXError(.malformed, "counts above 2^61")
    }
    (count, self.edits) = (total, edits)
    textsWithoutTokens += other.textsWithoutTokens
    references.add(other.references)
    lengths.add(other.lengths)
  }

  /// Sum of the mean lengths of the examples' references.
  public var referenceLength: Double { lengths.value }

  /// Edits and reference length.
  public var components: [Double] { [Double(edits), lengths.value] }
  /// From edits and reference length.
  public init(components: [Double], count: Int) {
    self.count = count
    edits = components.first.flatMap { Int(exactly: $0) } ?? 0
    if components.count > 1 { lengths.add(components[1]) }
  }

  private enum CodingKeys: String, CodingKey {
    case count, textsWithoutTokens, references, edits, lengths
  }

  /// Reads what was stored; a negative number is an error.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try container.decode(Int.self, forKey: .count)
    textsWithoutTokens = try container.decode(Int.self, forKey: .textsWithoutTokens)
    references = try container.decode(ReferenceCounts.self, forKey: .references)
    edits = try container.decode(Int.self, forKey: .edits)
    lengths = try container.decode(ExactSum.self, forKey: .lengths)
    guard (0...(1 << 61)).contains(count), (0...(1 << 61)).contains(textsWithoutTokens),
      (0...(1 << 61)).contains(edits), lengths.value >= 0
    else { throw DSXError(.malformed, "stored edits cannot be") }
  }
}

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
