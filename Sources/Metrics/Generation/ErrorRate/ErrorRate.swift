public import DSXCore

/// What an error rate counts.
public enum ErrorUnit: String, Sendable, CaseIterable {
  /// Words: runs of white space of two and more become one blank, both ends are stripped, then
  /// split at blanks, as jiwer's default. A lone tab or no-break space does not part words.
  case word
  /// Code points, after white space at both ends is stripped.
  case character
}

/// Which ratio of the counts is the score.
public enum ErrorMeasure: String, Sendable, CaseIterable {
  /// Errors / reference units: WER, CER.
  case rate
  /// Errors / (errors + hits): MER.
  case match
  /// 1 - WIP.
  case informationLost = "information-lost"
  /// hits / reference units x hits / hypothesis units.
  case informationPreserved = "information-preserved"
}

/// Word or character error rate and its kin as jiwer 4.0.0 gives them, from the counts of the whole
/// corpus.
///
/// `TextCounts.values` are hits, substitutions, deletions, insertions of one optimal alignment:
/// which of several is RapidFuzz's choice. Only the rates of matches and of information depend on
/// it.
public struct ErrorRate: Metric {
  /// What is counted.
  public let unit: ErrorUnit
  /// Which ratio.
  public let measure: ErrorMeasure
  private let pool = ScratchPool { TextWork(.everyCharacter) }

  /// The metric.
  public init(_ unit: ErrorUnit, _ measure: ErrorMeasure = .rate) {
    self.unit = unit
    self.measure = measure
  }

  /// `wer`, `cer`, `mer`, `wil`, `wip`; for characters `character-mer` and so on.
  public var name: String {
    switch (measure, unit) {
    case (.rate, .word): "wer"
    case (.rate, .character): "cer"
    case (.match, .word): "mer"
    case (.informationLost, .word): "wil"
    case (.informationPreserved, .word): "wip"
    case (.match, .character): "character-mer"
    case (.informationLost, .character): "character-wil"
    case (.informationPreserved, .character): "character-wip"
    }
  }
  /// false, but for information preserved.
  public var higherIsBetter: Bool { measure == .informationPreserved }
  /// No example.
  public var zero: TextCounts { TextCounts(width: 4) }
  /// How texts become units.
  public var signature: String {
    let unit = unit == .word ? "word|split:jiwer" : "character|strip:yes"
    return "nrefs:1|unit:\(unit)|average:corpus|version:1"
  }

  /// One example with one reference.
  public func statistics(of example: TextExample) throws(DSXError) -> TextCounts {
    let reference = try example.onlyReference()
    var one = zero
    one.addExample(references: 1)
    try pool.use { (work: TextWork) throws(DSXError) in
      work.list.removeAll()
      append(example.hypothesis, work)
      append(reference, work)
      work.number()
      let counts = work.alignment.counts(
        work.tokens(1), work.tokens(0), distinct: work.index.count)
      one.values = [counts.hits, counts.substitutions, counts.deletions, counts.insertions]
    }
    return one
  }

  private func append(_ text: String, _ work: TextWork) {
    var text = text
    text.withUTF8 { utf8 in
      let bytes = PythonBlank.trimmed(UnsafeRawBufferPointer(utf8))
      switch unit {
      case .character: TextSplitter.splitCharacters(bytes, keepsBlanks: true, into: &work.list)
      case .word: Self.splitWords(bytes, into: &work.list)
      }
      work.list.endText()
    }
  }

  private static func splitWords(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    let base = list.appendBytes(text)
    var start = 0
    var index = 0
    while index < text.count {
      var end = index
      var blanks = 0
      while end < text.count {
        let length = PythonBlank.length(text, end)
        if length == 0 { break }
        end += length
        blanks += 1
      }
      if blanks > 1 || blanks == 1 && text[index] == 0x20 {
        if start < index { list.append(base + start, base + index) }
        start = end
      }
      index = max(end, index + 1)
    }
    if start < text.count { list.append(base + start, base + text.count) }
  }

  /// The measure; nil without examples. Without reference words it is the number of inserted words
  /// (WER, CER), 1 (MER, WIL) or 0 (WIP); where both sides are empty, 0, 0, 0 and 1.
  public func score(from statistics: TextCounts) -> Double? {
    guard statistics.count > 0, statistics.values.count == 4 else { return nil }
    let hits = statistics.values[0]
    let insertions = statistics.values[3]
    let errors = statistics.values[1] + statistics.values[2] + insertions
    let reference = hits + statistics.values[1] + statistics.values[2]
    let hypothesis = hits + statistics.values[1] + insertions
    switch measure {
    case .rate:
      return reference > 0 ? Double(errors) / Double(reference) : Double(insertions)
    case .match:
      return errors + hits > 0 ? Double(errors) / Double(errors + hits) : 0
    case .informationPreserved, .informationLost:
      let preserved: Double
      if reference == 0 {
        preserved = hypothesis == 0 ? 1 : 0
      } else if hypothesis == 0 {
        preserved = 0
      } else {
        preserved = (Double(hits) / Double(reference)) * (Double(hits) / Double(hypothesis))
      }
      return measure == .informationPreserved ? preserved : 1 - preserved
    }
  }

  /// The measure and the counts.
  public func scores(from statistics: TextCounts) -> [NamedScore] {
    let names = ["hits", "substitutions", "deletions", "insertions"]
    return [NamedScore(name, score(from: statistics))]
      + zip(names, statistics.values).map { NamedScore($0, Double($1)) }
  }
}
