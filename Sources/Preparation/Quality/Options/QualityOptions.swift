public import DSXCore

/// What the quality stage of a preparation does; nothing by default.
public struct QualityOptions: Hashable, Sendable {
  /// The limits of the rules that are on.
  public var limits: [QualityRule: Double] = [:]
  /// Scripts whose letters count for `script/min-share`.
  public var keepScripts: [Script] = [.han, .latin]
  /// Documents with fewer units are not judged by the rules about n-grams: in a short text some pair of
  /// words comes twice by chance.
  public var ngramUnits = 50
  /// Whether documents equal to an earlier one are dropped.
  public var dropsExactDuplicates = false
  /// How near duplicates are found; nil: they are kept.
  public var minHash: MinHashParameters?
  /// Evaluation sets (text or JSON files): documents that share an n-gram with one are dropped.
  public var evaluationSets: [String] = []
  /// Words in such an n-gram; see `WeightedWindow` for Han.
  public var contaminationWords = 13

  /// Nothing is dropped.
  public init() {}

  /// Whether anything can be dropped.
  public var isActive: Bool {
    !limits.isEmpty || !evaluationSets.isEmpty || needsSelection
  }

  /// Whether the verdict on a document depends on other documents, so that all must be scanned before
  /// the first is encoded.
  public var needsSelection: Bool { dropsExactDuplicates || minHash != nil }

  /// All that decides, in a fixed order; files of evaluation sets by name (`QualityStage.json` adds
  /// their hashes).
  public var json: JSONValue {
    var members: [JSONValue.Member] = []
    for stage in QualityStageName.allCases {
      var rules = QualityRule.rules(of: stage).compactMap { rule in
        limits[rule].map { JSONValue.Member(rule.entry.key, .double($0)) }
      }
      guard !rules.isEmpty else { continue }
      if stage == .script {
        rules.insert(.init("keep", .array(keepScripts.map { .string($0.rawValue) })), at: 0)
      }
      if stage == .repetition {
        rules.append(.init("from-units", .int(Int64(ngramUnits))))
      }
      members.append(.init(stage.rawValue, .object(rules)))
    }
    if dropsExactDuplicates { members.append(.init("exact_duplicates", true)) }
    if let minHash { members.append(.init("minhash", minHash.json)) }
    if !evaluationSets.isEmpty {
      members.append(
        .init(
          "decontamination",
          [
            "words": .int(Int64(contaminationWords)),
            "sets": .array(evaluationSets.map { .string(FilePath.split($0).name) }),
          ]))
    }
    return .object(members)
  }
}
