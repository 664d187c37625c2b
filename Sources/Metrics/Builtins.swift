public import DSXCore

/// The metrics that dsx knows by name: one line for each, in its group.
public enum Builtins {
  /// All of them, by name. An unknown name's error lists the known ones.
  public static func registry() throws(DSXError) -> Registry<MetricEntry> {
    var registry = Registry<MetricEntry>(kind: "metric")
    for entry in entries { try registry.register(entry.name, entry) }
    return registry
  }

  /// All of them, group by group.
  public static var entries: [MetricEntry] {
    classification + languageModel + generation + extraction + regression + ranking + image
  }

  // MARK: classification

  private static let classification: [MetricEntry] =
    [Accuracy.entry] + LabelEntries.entries + ScoreEntries.entries + MultilabelEntries.entries

  // MARK: language model

  private static let languageModel: [MetricEntry] =
    [
      Perplexity.entry(.token), Perplexity.entry(.word), Perplexity.entry(.byte),
      BitsPerByte.entry,
    ] + ChoiceEntries.entries

  // MARK: generation

  private static let generation: [MetricEntry] =
    [
      BLEU.entry, SentenceBLEU.entry, NLTKBLEU.entry, NLTKSentenceBLEU.entry, ADGEN.entry,
      ChrF.entry, ChrF.plusEntry, TER.entry,
    ] + Rouge.entries + PackageRouge.entries + ErrorRate.entries + [
      NormalizedEditDistance.entry, DistinctNGrams.entry, LengthRatio.entry, ExactMatch.entry,
    ]

  // MARK: extraction

  private static let extraction = AnswerEntries.entries + EntityEntries.entries

  // MARK: regression

  private static let regression = RegressionEntries.entries

  // MARK: ranking

  private static let ranking = RankingEntries.entries

  // MARK: image

  private static let image = ImageEntries.entries
}

// MARK: label metrics by name

extension Builtins {
  /// The metric over labels of that name.
  public static func labelMetric(_ name: String, labels: LabelSet) throws(DSXError) -> LabelMetric {
    if let kind = labelKinds[name] { return LabelMetric(kind, labels: labels) }
    throw DSXError.unknown("label metric", name, known: labelKinds.keys.sorted())
  }

  static let labelKinds: [String: LabelMetric.Kind] = [
    "macro-f1": .f(.macro, beta: 1), "micro-f1": .f(.micro, beta: 1),
    "weighted-f1": .f(.weighted, beta: 1),
    "macro-precision": .precision(.macro), "macro-recall": .recall(.macro),
    "weighted-precision": .precision(.weighted), "weighted-recall": .recall(.weighted),
    "balanced-accuracy": .balancedAccuracy, "mcc": .matthews, "kappa": .kappa,
  ]
}
