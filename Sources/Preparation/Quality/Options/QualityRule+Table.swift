extension QualityRule {
  /// What a rule is called, where it belongs, and when a document fails it.
  struct Entry: Sendable {
    var stage: QualityStageName?
    var key: String
    /// The limit when its stage is on; nil: off until given.
    var limit: Double?
    /// Whether values below the limit fail; otherwise those above do.
    var isMinimum: Bool
    /// The n of a rule about n-grams.
    var ngram: Int?
  }

  /// The rule about n-grams of that length.
  static func ngram(_ n: Int) -> QualityRule? {
    switch n {
    case 2: .maxTop2
    case 3: .maxTop3
    case 4: .maxTop4
    case 5: .maxDuplicate5
    case 6: .maxDuplicate6
    case 7: .maxDuplicate7
    case 8: .maxDuplicate8
    case 9: .maxDuplicate9
    case 10: .maxDuplicate10
    default: nil
    }
  }

  var entry: Entry {
    switch self {
    case .minUnits: Entry(stage: .length, key: "min-units", limit: 50, isMinimum: true)
    case .maxUnits: Entry(stage: .length, key: "max-units", limit: 100_000, isMinimum: false)
    case .minCharacters: Entry(stage: .length, key: "min-chars", limit: nil, isMinimum: true)
    case .maxCharacters: Entry(stage: .length, key: "max-chars", limit: nil, isMinimum: false)
    case .minWordLength: Entry(stage: .length, key: "min-word", limit: 3, isMinimum: true)
    case .maxWordLength: Entry(stage: .length, key: "max-word", limit: 10, isMinimum: false)
    case .maxSymbols: Entry(stage: .symbols, key: "symbols", limit: 0.1, isMinimum: false)
    case .maxBulletLines: Entry(stage: .symbols, key: "bullets", limit: 0.9, isMinimum: false)
    case .maxEllipsisLines: Entry(stage: .symbols, key: "ellipses", limit: 0.3, isMinimum: false)
    case .minAlphabetic: Entry(stage: .symbols, key: "alphabetic", limit: 0.8, isMinimum: true)
    case .minLetters: Entry(stage: .symbols, key: "letters", limit: 0.5, isMinimum: true)
    case .minStopWords: Entry(stage: .symbols, key: "stop-words", limit: nil, isMinimum: true)
    case .minEndedLines: Entry(stage: .lines, key: "ended", limit: 0.12, isMinimum: true)
    case .maxShortLines: Entry(stage: .lines, key: "short", limit: 0.67, isMinimum: false)
    case .maxNewLines: Entry(stage: .lines, key: "new-lines", limit: 0.3, isMinimum: false)
    case .maxDuplicateLines:
      Entry(stage: .repetition, key: "dup-lines", limit: 0.3, isMinimum: false)
    case .maxDuplicateParagraphs:
      Entry(stage: .repetition, key: "dup-paras", limit: 0.3, isMinimum: false)
    case .maxDuplicateLineCharacters:
      Entry(stage: .repetition, key: "dup-line-chars", limit: 0.2, isMinimum: false)
    case .maxDuplicateParagraphCharacters:
      Entry(stage: .repetition, key: "dup-para-chars", limit: 0.2, isMinimum: false)
    case .maxTop2: Entry(stage: .repetition, key: "top-2", limit: 0.2, isMinimum: false, ngram: 2)
    case .maxTop3: Entry(stage: .repetition, key: "top-3", limit: 0.18, isMinimum: false, ngram: 3)
    case .maxTop4: Entry(stage: .repetition, key: "top-4", limit: 0.16, isMinimum: false, ngram: 4)
    case .maxDuplicate5:
      Entry(stage: .repetition, key: "dup-5", limit: 0.15, isMinimum: false, ngram: 5)
    case .maxDuplicate6:
      Entry(stage: .repetition, key: "dup-6", limit: 0.14, isMinimum: false, ngram: 6)
    case .maxDuplicate7:
      Entry(stage: .repetition, key: "dup-7", limit: 0.13, isMinimum: false, ngram: 7)
    case .maxDuplicate8:
      Entry(stage: .repetition, key: "dup-8", limit: 0.12, isMinimum: false, ngram: 8)
    case .maxDuplicate9:
      Entry(stage: .repetition, key: "dup-9", limit: 0.11, isMinimum: false, ngram: 9)
    case .maxDuplicate10:
      Entry(stage: .repetition, key: "dup-10", limit: 0.1, isMinimum: false, ngram: 10)
    case .minScriptShare: Entry(stage: .script, key: "min-share", limit: 0.5, isMinimum: true)
    case .contamination: Entry(stage: nil, key: "contamination", limit: nil, isMinimum: false)
    case .exactDuplicate: Entry(stage: nil, key: "duplicate/exact", limit: nil, isMinimum: false)
    case .nearDuplicate: Entry(stage: nil, key: "duplicate/near", limit: nil, isMinimum: false)
    }
  }

  /// Its name in reports, e.g. `repetition/dup-lines`.
  public var name: String {
    let entry = entry
    return entry.stage.map { $0.rawValue + "/" + entry.key } ?? entry.key
  }

  /// The rules of a stage, in the order in which they are judged.
  static func rules(of stage: QualityStageName) -> [QualityRule] {
    allCases.filter { $0.entry.stage == stage }
  }

  /// The rule of that name in reports.
  public init?(name: String) {
    guard let rule = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = rule
  }
}
