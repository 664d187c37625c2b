internal import DSXCore

/// The entries of metrics over examples with several labels each.
enum MultilabelEntries {
  private static let declared = MetricParameter(
    "labels", .list, default: .array([]), "the declared labels, in order")
  private static let gold = MetricColumn(
    "label", .labels, also: ["labels", "gold", "target"], "the names of the true labels")
  private static let predicted = MetricColumn(
    "prediction", .labels, also: ["pred", "predicted"], "the names of the predicted labels")
  private static let zero = MetricParameter(
    "zero-division", .choice(["0", "1"]), default: .string("0"), "what 0/0 counts as")
  private static let edges = [
    "'labels' must be declared; another label is an error",
    "an example may have no label at all",
  ]

  private static func labels(_ options: MetricOptions) throws(DSXError) -> LabelSet {
    if let labels = try LabelEntries.labelSet(options) { return labels }
    throw DSXError(
      .usage, "the labels are not declared",
      hint: "give the setting 'labels': their names, joined by commas")
  }

  /// Which labels a row names. A name twice is an error.
  private static func marks(_ row: MetricRow, _ role: String, _ labels: LabelSet)
    throws(DSXError) -> [Bool]
  {
    var marks = [Bool](repeating: false, count: labels.count)
    for name in try row.labels(role) {
      let place = try labels.index(of: name)
      guard !marks[place] else {
        throw DSXError(.malformed, "the \(role) names '\(name)' twice")
      }
      marks[place] = true
    }
    return marks
  }

  private static func entry(
    _ name: String, _ summary: String, _ formula: String, _ reference: String,
    higherIsBetter: Bool = true, _ more: [MetricParameter] = [],
    _ kind: @escaping @Sendable (MetricOptions) throws(DSXError) -> MultilabelMetric.Kind
  ) -> MetricEntry {
    MetricEntry(
      name: name, group: .classification, summary: summary, formula: formula, unit: "ratio",
      range: 0...1, higherIsBetter: higherIsBetter, parameters: [declared, zero] + more,
      inputs: [gold, predicted], reference: "scikit-learn 1.9 " + reference, edgeCases: edges,
      compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let labels = try labels(options)
      let metric = try MultilabelMetric(
        kind(options), labelCount: labels.count,
        zeroDivision: LabelEntries.zeroDivision(options))
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> LabelMarks in
        LabelMarks(
          gold: try marks(row, "label", labels), predicted: try marks(row, "prediction", labels))
      }
    }
  }

  private static let average = MetricParameter(
    "average", .choice(["micro", "macro", "weighted", "samples"]), default: .string("macro"),
    "over labels, or over examples (samples)")

  private static func over(_ options: MetricOptions) throws(DSXError) -> LabelAverage? {
    switch try options.text("average") {
    case "micro": .micro
    case "weighted": .weighted
    case "macro": .macro
    default: nil
    }
  }

  private static func ranked(_ row: MetricRow, _ labels: LabelSet) throws(DSXError)
    -> LabelRanking.Example
  {
    LabelRanking.Example(
      gold: try marks(row, "label", labels), scores: try row.numbers("scores"))
  }

  private static let rankings: [MetricEntry] = [
    (
      LabelRanking.Kind.averagePrecision, "ranking average precision of each example's labels",
      "mean of (true labels at or above) / rank", "label_ranking_average_precision_score", 0.0...1
    ),
    (
      .coverage, "how far down the ranking all true labels are found", "mean rank of the last",
      "coverage_error", 0...Double(LabelSet.maximumCount)
    ),
    (
      .loss, "the share of (true, other) label pairs in the wrong order", "wrong pairs / pairs",
      "label_ranking_loss", 0...1
    ),
  ].map { kind, summary, formula, reference, range in
    MetricEntry(
      name: kind.rawValue, group: .classification, summary: summary, formula: formula,
      unit: kind == .coverage ? "labels" : "ratio", range: range,
      higherIsBetter: kind == .averagePrecision, parameters: [declared],
      inputs: [gold, ScoreEntries.scores], reference: "scikit-learn 1.9 " + reference,
      edgeCases: ["of equal scores the worst order counts"] + edges, compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let labels = try labels(options)
      return AnyMetric(LabelRanking(kind)) {
        (row: MetricRow) throws(DSXError) -> LabelRanking.Example in try ranked(row, labels)
      }
    }
  }

  private static let areas: [MetricEntry] = MultilabelRanking.Kind.allCases.map { kind in
    MetricEntry(
      name: kind.rawValue, group: .classification,
      summary: (kind == .areaUnderROC ? "AUROC" : "average precision") + " over several labels",
      formula: "mean over labels; micro: of all labels' scores together", unit: "ratio",
      range: 0...1, higherIsBetter: true,
      parameters: [
        declared,
        MetricParameter(
          "average", .choice(["micro", "macro", "weighted"]), default: .string("macro"),
          "how labels become one"),
      ], inputs: [gold, ScoreEntries.scores],
      reference: "scikit-learn 1.9 "
        + (kind == .areaUnderROC ? "roc_auc_score" : "average_precision_score"),
      edgeCases: ["AUROC of a label without both kinds of examples: not defined"] + edges,
      compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let labels = try labels(options)
      let metric = try MultilabelRanking(
        kind, labelCount: labels.count, average: over(options) ?? .macro)
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> LabelRanking.Example in
        try ranked(row, labels)
      }
    }
  }

  static let entries: [MetricEntry] =
    [
      entry(
        "subset-accuracy", "the share of examples whose labels are all right", "all right / n",
        "accuracy_score"
      ) { (_) throws(DSXError) in .subsetAccuracy },
      entry(
        "hamming-loss", "the share of wrong marks", "wrong marks / (n * labels)", "hamming_loss",
        higherIsBetter: false
      ) { (_) throws(DSXError) in .hammingLoss },
      entry(
        "multilabel-f1", "F1 of several labels", "2 tp / (gold + predicted)", "f1_score",
        [average]
      ) { (options) throws(DSXError) in
        try over(options).map { .f($0, beta: 1) } ?? .fOverExamples
      },
      entry(
        "multilabel-precision", "precision of several labels", "tp / predicted",
        "precision_score", [average]
      ) { (options) throws(DSXError) in
        try over(options).map { .precision($0) } ?? .precisionOverExamples
      },
      entry(
        "multilabel-recall", "recall of several labels", "tp / gold", "recall_score", [average]
      ) { (options) throws(DSXError) in
        try over(options).map { .recall($0) } ?? .recallOverExamples
      },
      entry(
        "multilabel-jaccard", "intersection over union of several labels",
        "tp / (gold + predicted - tp)", "jaccard_score", [average]
      ) { (options) throws(DSXError) in
        try over(options).map { .jaccard($0) } ?? .jaccardOverExamples
      },
    ] + rankings + areas
}
