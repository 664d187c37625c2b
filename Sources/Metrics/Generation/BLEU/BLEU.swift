public import DSXCore

/// BLEU (K. Papineni et al., 2002) as sacrebleu 2.6.0 computes it: clipped n-gram precisions of the
/// whole corpus, their geometric mean, and a penalty for short hypotheses.
///
/// Statistics of one example are whole numbers: lengths, matches, n-grams. Time is linear in tokens
/// x order.
public struct BLEU: Metric {
  /// Its settings.
  public let options: BLEUOptions
  /// One a tokenizer: two where the tokenizer is chosen from the data.
  private var pools: [ScratchPool<TextWork>]
  private let tokenizers: [MetricTokenizer]

  /// The metric.
  public init(_ options: BLEUOptions = BLEUOptions()) {
    self.options = options
    tokenizers = options.tokenizer.map { [$0] } ?? [.v13a, .chinese]
    let lowers = options.isLowercase
    pools = tokenizers.map { tokenizer in ScratchPool { TextWork(tokenizer, lowers: lowers) } }
  }

  /// `bleu`.
  public var name: String { "bleu" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: TextCounts {
    let width = BLEUCounts.width(options.maxOrder) * tokenizers.count
    return TextCounts(width: width + (options.tokenizer == nil ? 2 : 0))
  }

  /// sacrebleu's, as for one reference an example; `tok:auto` where the data choose.
  public var signature: String { parts("1", options.tokenizer?.name ?? "auto").text }
  /// sacrebleu's, with the number of references and the tokenizer that was chosen.
  public func signature(from statistics: TextCounts) -> String {
    parts(statistics.references.text, tokenizers[chosen(statistics)].name).text
  }
  /// sacrebleu's short form.
  public func shortSignature(from statistics: TextCounts) -> String {
    parts(statistics.references.text, tokenizers[chosen(statistics)].name).shortText
  }
  private func parts(_ references: String, _ tokenizer: String) -> SacrebleuSignature {
    SacrebleuSignature(
      references: references,
      [
        ("case", "c", options.isLowercase ? "lc" : "mixed"),
        ("eff", "e", options.usesEffectiveOrder ? "yes" : "no"), ("tok", "tok", tokenizer),
        ("smooth", "s", options.smoothing.text),
      ])
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pools = pools.map { $0.fresh() }
    return own
  }

  /// One example. No reference, or only null ones, is an error.
  public func statistics(of example: TextExample) throws(DSXError) -> TextCounts {
    var one = zero
    try add(example, to: &one)
    return one
  }

  /// Adds one example.
  public func add(_ example: TextExample, to statistics: inout TextCounts) throws(DSXError) {
    let references = try example.presentReferences()
    statistics.addExample(references: references.count)
    let width = BLEUCounts.width(options.maxOrder)
    for (number, pool) in pools.enumerated() {
      try pool.use { (work: TextWork) throws(DSXError) in
        work.read(example.hypothesis, references)
        // The first tokenizer's loss is counted; the second loses nothing that the first keeps.
        if number == 0 { statistics.textsWithoutTokens += work.emptied }
        statistics.values.withUnsafeMutableBufferPointer { values in
          guard let base = values.baseAddress else { return }
          Self.count(work, references.count, options.maxOrder, into: base + number * width)
        }
      }
    }
    if options.tokenizer == nil {
      let letters = ScriptCount(references)
      statistics.values[2 * width] += letters.chinese
      statistics.values[2 * width + 1] += letters.other
    }
  }

  /// Adds lengths, matches and n-grams of the example that was read.
  static func count(
    _ work: TextWork, _ references: Int, _ order: Int, into values: UnsafeMutablePointer<Int>
  ) {
    let hypothesis = work.tokens(0)
    var closest = -1
    work.matcher.start(distinct: work.distinct)
    for reference in 1...references {
      let tokens = work.tokens(reference)
      let (old, new) = (abs(closest - hypothesis.count), abs(tokens.count - hypothesis.count))
      if closest < 0 || new < old || new == old && tokens.count < closest { closest = tokens.count }
      work.matcher.add(reference: tokens, order: order)
    }
    values[0] += hypothesis.count
    values[1] += closest
    work.matcher.match(hypothesis: hypothesis, order: order, into: values + 2)
    for length in 0..<order { values[2 + order + length] += max(0, hypothesis.count - length) }
  }

  private func chosen(_ statistics: TextCounts) -> Int {
    let width = BLEUCounts.width(options.maxOrder) * 2
    guard options.tokenizer == nil, statistics.values.count == width + 2 else { return 0 }
    return statistics.values[width] > statistics.values[width + 1] ? 1 : 0
  }

  /// The score with its parts.
  public func details(from statistics: TextCounts) -> BLEUScore {
    let width = BLEUCounts.width(options.maxOrder)
    // Statistics of other settings have no score: nothing is read past their end.
    let isOwn = statistics.values.count == zero.values.count
    let values = (isOwn ? statistics : zero).values[(width * chosen(statistics))...]
    return BLEUScore(BLEUCounts(values, order: options.maxOrder), options)
  }

  /// Percent, 0 to 100; nil without examples.
  public func score(from statistics: TextCounts) -> Double? {
    guard statistics.count > 0, statistics.values.count == zero.values.count else { return nil }
    return details(from: statistics).score
  }

  /// BLEU, brevity penalty, length ratio and the precisions in percent.
  public func scores(from statistics: TextCounts) -> [NamedScore] {
    guard let score = score(from: statistics) else { return [NamedScore(name, nil)] }
    let details = details(from: statistics)
    let ratio =
      details.referenceLength > 0
      ? Double(details.hypothesisLength) / Double(details.referenceLength) : nil
    return [
      NamedScore(name, score), NamedScore("brevity-penalty", details.brevityPenalty),
      NamedScore("length-ratio", ratio),
    ]
      + details.precisions.enumerated().map { NamedScore("precision-\($0.offset + 1)", $0.element) }
  }
}
