public import DSXCore

/// Settings of chrF.
public struct ChrFOptions: Sendable, Equatable {
  /// The highest order of character n-grams, 1 to 16.
  public var characterOrder: Int
  /// The highest order of word n-grams, 0 to 16: 2 is chrF++.
  public var wordOrder: Int
  /// The weight of recall against precision.
  public var beta: Int
  /// Lowers texts first.
  public var isLowercase: Bool
  /// Counts white space as characters.
  public var keepsWhitespace: Bool
  /// 1e-16 for a precision or recall of zero, averaged over all orders, as chrF++.py, Moses and
  /// NLTK; otherwise orders that a side is too short for are left out.
  public var usesEpsilon: Bool

  /// Settings; the defaults are sacrebleu's.
  public init(
    characterOrder: Int = 6, wordOrder: Int = 0, beta: Int = 2, isLowercase: Bool = false,
    keepsWhitespace: Bool = false, usesEpsilon: Bool = false
  ) {
    self.characterOrder = min(16, max(1, characterOrder))
    self.wordOrder = min(16, max(0, wordOrder))
    self.beta = min(1000, max(1, beta))
    self.isLowercase = isLowercase
    self.keepsWhitespace = keepsWhitespace
    self.usesEpsilon = usesEpsilon
  }

  var order: Int { characterOrder + wordOrder }
}

/// chrF (M. Popović, 2015) and chrF++ (2017) as sacrebleu 2.6.0: the F score of character and word
/// n-grams, precision and recall averaged over the orders, from counts of the whole corpus.
///
/// An example counts with the reference that gives it the best F. `TextCounts.values` are n-grams
/// of the hypothesis, of the reference and matches, by turns for each order. Time is linear in
/// characters x order.
public struct ChrF: Metric {
  /// Its settings.
  public let options: ChrFOptions
  private var pool = ScratchPool { CharacterWork() }

  /// The metric.
  public init(_ options: ChrFOptions = ChrFOptions()) { self.options = options }

  /// `chrF2`, `chrF2++`: beta, and a plus for each order of words.
  public var name: String {
    "chrF\(options.beta)" + String(repeating: "+", count: options.wordOrder)
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No example.
  public var zero: TextCounts { TextCounts(width: 3 * options.order) }
  /// sacrebleu's, as for one reference an example.
  public var signature: String { parts("1").text }
  /// sacrebleu's, with the number of references.
  public func signature(from statistics: TextCounts) -> String {
    parts(statistics.references.text).text
  }
  private func parts(_ references: String) -> SacrebleuSignature {
    SacrebleuSignature(
      references: references,
      [
        ("case", "c", options.isLowercase ? "lc" : "mixed"),
        ("eff", "e", options.usesEpsilon ? "no" : "yes"),
        ("nc", "nc", String(options.characterOrder)), ("nw", "nw", String(options.wordOrder)),
        ("space", "s", options.keepsWhitespace ? "yes" : "no"),
      ])
  }

  /// The same settings, with tables of its own.
  public func withOwnScratch() -> Self {
    var own = self
    own.pool = pool.fresh()
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
    try pool.use { (work: CharacterWork) throws(DSXError) in
      work.read(example.hypothesis, references, options)
      var best: [Int] = []
      var bestScore = -1.0
      for reference in 1...references.count {
        let counts = counts(work, reference)
        let score = references.count > 1 ? fScore(counts) : 0
        if score > bestScore { (best, bestScore) = (counts, score) }
      }
      for (index, count) in best.enumerated() { statistics.values[index] += count }
    }
  }

  private func counts(_ work: CharacterWork, _ reference: Int) -> [Int] {
    var matches = [Int](repeating: 0, count: options.order)
    var counts: [Int] = []
    counts.reserveCapacity(3 * options.order)
    matches.withUnsafeMutableBufferPointer { matches in
      guard let matches = matches.baseAddress else { return }
      let (own, theirs) = work.withCharacters(reference) { theirs in
        work.matcher.start(distinct: work.distinct)
        work.matcher.add(reference: theirs, order: options.characterOrder)
        return work.withCharacters(0) { own in
          work.matcher.match(hypothesis: own, order: options.characterOrder, into: matches)
          return (own.count, theirs.count)
        }
      }
      Self.append(own, theirs, matches, options.characterOrder, to: &counts)
      guard options.wordOrder > 0 else { return }
      let (hypothesis, words) = (work.wordNumbers(0), work.wordNumbers(reference))
      let wordMatches = matches + options.characterOrder
      work.matcher.start(distinct: work.distinctWords)
      work.matcher.add(reference: words, order: options.wordOrder)
      work.matcher.match(hypothesis: hypothesis, order: options.wordOrder, into: wordMatches)
      Self.append(hypothesis.count, words.count, wordMatches, options.wordOrder, to: &counts)
    }
    return counts
  }

  /// n-grams of a hypothesis do not count where the reference has none of that order.
  private static func append(
    _ own: Int, _ theirs: Int, _ matches: UnsafeMutablePointer<Int>, _ order: Int,
    to counts: inout [Int]
  ) {
    for length in 0..<order {
      let reference = max(0, theirs - length)
      counts.append(reference > 0 ? max(0, own - length) : 0)
      counts.append(reference)
      counts.append(matches[length])
    }
  }

  /// Percent, from n-grams and matches.
  private func fScore(_ counts: [Int]) -> Double {
    let tiny = 1e-16
    let factor = Double(options.beta * options.beta)
    var (score, precisions, recalls) = (0.0, 0.0, 0.0)
    var effective = 0
    for order in 0..<options.order {
      let (own, theirs) = (counts[3 * order], counts[3 * order + 1])
      let matched = Double(counts[3 * order + 2])
      let precision = own > 0 ? matched / Double(own) : tiny
      let recall = theirs > 0 ? matched / Double(theirs) : tiny
      let weight = factor * precision + recall
      score += weight > 0 ? (1 + factor) * precision * recall / weight : tiny
      if own > 0, theirs > 0 {
        precisions += precision
        recalls += recall
        effective += 1
      }
    }
    if options.usesEpsilon { return 100 * score / Double(options.order) }
    guard effective > 0, precisions + recalls > 0 else { return 0 }
    let (precision, recall) = (precisions / Double(effective), recalls / Double(effective))
    return 100 * ((1 + factor) * precision * recall / (factor * precision + recall))
  }

  /// Percent, 0 to 100; nil without examples.
  public func score(from statistics: TextCounts) -> Double? {
    guard statistics.count > 0, statistics.values.count == 3 * options.order else { return nil }
    return fScore(statistics.values)
  }
}
