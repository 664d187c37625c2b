/// Judges one document by the rules that are on, in their order.
struct FilterRules {
  private let limits: [Double?]
  private let kept: [Int]
  private let needsParts: Bool
  private let needsNgrams: Bool
  private let ngramUnits: Int
  private var repetition = RepetitionScan()

  init(_ options: QualityOptions) {
    var limits = [Double?](repeating: nil, count: 256)
    for (rule, limit) in options.limits { limits[Int(rule.rawValue)] = limit }
    self.limits = limits
    kept = options.keepScripts.map(\.index)
    needsParts = Self.wantsParts(options)
    ngramUnits = options.ngramUnits
    needsNgrams = options.limits.keys.contains { $0.entry.ngram != nil }
  }

  /// Whether the scanner must hash lines and paragraphs.
  static func wantsParts(_ options: QualityOptions) -> Bool {
    let rules: [QualityRule] = [
      .maxDuplicateLines, .maxDuplicateParagraphs, .maxDuplicateLineCharacters,
      .maxDuplicateParagraphCharacters,
    ]
    return rules.contains { options.limits[$0] != nil }
  }

  /// The first rule that the document fails.
  mutating func judge(_ scanner: UnitScanner) -> DropReason? {
    if let reason = judge(scanner.measures, scanner.units) { return reason }
    if let reason = judgeRepetition(scanner) { return reason }
    return judgeScript(scanner.measures)
  }

  private func limit(_ rule: QualityRule) -> Double? { limits[Int(rule.rawValue)] }

  /// A reason when `value` is on the wrong side of the rule's limit.
  private func fails(_ rule: QualityRule, _ value: @autoclosure () -> Double) -> DropReason? {
    guard let limit = limit(rule) else { return nil }
    let value = value()
    let isBad = rule.entry.isMinimum ? value < limit : value > limit
    return isBad ? DropReason(rule, value: value) : nil
  }

  private func judge(_ m: DocumentMeasures, _ units: UnitList) -> DropReason? {
    func per(_ count: Int, _ whole: Int, empty: Double = 0) -> Double {
      whole > 0 ? Double(count) / Double(whole) : empty
    }
    if let reason = fails(.minUnits, Double(m.units)) { return reason }
    if let reason = fails(.maxUnits, Double(m.units)) { return reason }
    if let reason = fails(.minCharacters, Double(m.characters)) { return reason }
    if let reason = fails(.maxCharacters, Double(m.characters)) { return reason }
    // The words of a Chinese text are names and numbers: their length says nothing about it.
    if m.words * 2 >= m.units, m.words > 0 {
      let mean = per(m.wordCharacters, m.words)
      if let reason = fails(.minWordLength, mean) { return reason }
      if let reason = fails(.maxWordLength, mean) { return reason }
    }
    let symbols = max(m.hashes, m.ellipses)
    if let reason = fails(.maxSymbols, per(symbols, m.units, empty: symbols > 0 ? 1 : 0)) {
      return reason
    }
    if let reason = fails(.maxBulletLines, per(m.bulletLines, m.lines)) { return reason }
    if let reason = fails(.maxEllipsisLines, per(m.ellipsisLines, m.lines)) { return reason }
    if let reason = fails(.minAlphabetic, per(m.alphabeticUnits, m.units)) { return reason }
    if let reason = fails(.minLetters, per(m.letters, m.inked)) { return reason }
    if let reason = fails(.minStopWords, Double(StopWords.distinct(in: units))) { return reason }
    if let reason = fails(.minEndedLines, per(m.endedLines, m.lines)) { return reason }
    if let reason = fails(.maxShortLines, per(m.shortLines, m.lines)) { return reason }
    return fails(.maxNewLines, per(m.lineFeeds, m.units, empty: m.lineFeeds > 0 ? 1 : 0))
  }

  private mutating func judgeRepetition(_ scanner: UnitScanner) -> DropReason? {
    if needsParts {
      let lines = repetition.shares(scanner.lines)
      let paragraphs = repetition.shares(scanner.paragraphs)
      if let reason = fails(.maxDuplicateLines, lines.elements) { return reason }
      if let reason = fails(.maxDuplicateParagraphs, paragraphs.elements) { return reason }
      if let reason = fails(.maxDuplicateLineCharacters, lines.characters) { return reason }
      if let reason = fails(.maxDuplicateParagraphCharacters, paragraphs.characters) {
        return reason
      }
    }
    guard needsNgrams, scanner.units.count >= ngramUnits else { return nil }
    var reason: DropReason?
    let limits = self.limits
    repetition.ngrams(scanner.units) { n, value in
      guard let rule = QualityRule.ngram(n), let limit = limits[Int(rule.rawValue)], value > limit
      else { return false }
      reason = DropReason(rule, value: value)
      return true
    }
    return reason
  }

  private func judgeScript(_ measures: DocumentMeasures) -> DropReason? {
    let letters = measures.letters
    guard letters > 0, limit(.minScriptShare) != nil else { return nil }
    let own = kept.reduce(0) { $0 + Int(measures.scripts[$1]) }
    return fails(.minScriptShare, Double(own) / Double(letters))
  }
}
