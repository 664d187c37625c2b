internal import DSXCore

/// The entries of scores over named labels.
enum LabelEntries {
  static let labels = MetricParameter(
    "labels", .list, default: .array([]),
    "the declared labels, in order; none: those that occur")
  static let zeroDivision = MetricParameter(
    "zero-division", .choice(["0", "1", "nan"]), default: .string("0"),
    "what 0/0 counts as; nan leaves such labels out of means")
  static let absent = MetricParameter(
    "absent", .choice(AbsentLabels.allCases.map(\.rawValue)), default: .string("count"),
    "whether declared labels that never occur enter averages")
  static let average = MetricParameter(
    "average", .choice(["binary", "micro", "macro", "weighted"]), default: .string("macro"),
    "how the scores of labels become one")
  static let positive = MetricParameter(
    "positive", .text, default: .string("1"), "the positive label of the binary average")
  static let weight = MetricColumn(
    "weight", .number, isOptional: true, also: ["sample_weight"], "how much the example counts")
  static let edges = [
    "labels are compared as text: a whole number counts as its digits",
    "a label outside of the declared ones is an error",
    "without declared labels averages range over the labels seen on either side",
    "no example: not defined",
  ]

  static func labelSet(_ options: MetricOptions) throws(DSXError) -> LabelSet? {
    let names = try options.list("labels")
    return names.isEmpty ? nil : try LabelSet(names)
  }
  static func zeroDivision(_ options: MetricOptions) throws(DSXError) -> ZeroDivision {
    switch try options.text("zero-division") {
    case "1": .one
    case "nan": .undefined
    default: .zero
    }
  }

  /// One entry. `average` nil: a parameter, or nothing to average.
  private static func entry(
    _ name: String, _ summary: String, formula: String, range: ClosedRange<Double> = 0...1,
    reference: String, parameters: [MetricParameter], edges: [String] = [],
    kind: @escaping @Sendable (MetricOptions) throws(DSXError) -> NamedLabelMetric.Kind,
    average: @escaping @Sendable (MetricOptions) throws(DSXError) -> NamedLabelMetric.Average
  ) -> MetricEntry {
    MetricEntry(
      name: name, group: .classification, summary: summary, formula: formula, unit: "ratio",
      range: range, higherIsBetter: true, parameters: parameters + [labels],
      inputs: [.label, .prediction, weight], reference: "scikit-learn 1.9 " + reference,
      edgeCases: edges + LabelEntries.edges, compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let isAveraged = parameters.contains(zeroDivision)
      let metric = NamedLabelMetric(
        name, try kind(options), average: try average(options), labels: try labelSet(options),
        zeroDivision: isAveraged ? try zeroDivision(options) : .zero,
        absent: isAveraged ? try options.choice("absent") : .count)
      return AnyMetric(metric) {
        (row: MetricRow) throws(DSXError) -> NamedLabelMetric.Example in
        NamedLabelMetric.Example(
          gold: try row.label("label"), predicted: try row.label("prediction"),
          weight: row.has("weight") ? try row.number("weight") : nil)
      }
    }
  }

  private static func chosenAverage(_ options: MetricOptions) throws(DSXError)
    -> NamedLabelMetric.Average
  {
    switch try options.text("average") {
    case "binary": .binary(positive: try options.text("positive"))
    case "micro": .of(.micro)
    case "weighted": .of(.weighted)
    default: .of(.macro)
    }
  }

  private typealias Kind = NamedLabelMetric.Kind
  private static let averaging = [average, positive, zeroDivision, absent]
  private static let beta = MetricParameter(
    "beta", .number(0.001...1000), default: .double(1), "how much recall weighs against precision")

  static let entries: [MetricEntry] =
    [
      entry(
        "f1", "F1, or F-beta, of labels", formula: "(1 + b²) tp / (b² gold + predicted)",
        reference: "fbeta_score", parameters: averaging + [beta],
        edges: ["binary: not defined when the positive label does not occur"],
        kind: { (options) throws(DSXError) in .f(beta: try options.number("beta")) },
        average: { (options) throws(DSXError) in try chosenAverage(options) }),
      entry(
        "precision", "precision of labels", formula: "tp / predicted",
        reference: "precision_score", parameters: averaging,
        kind: { (_) throws(DSXError) in .precision },
        average: { (options) throws(DSXError) in try chosenAverage(options) }),
      entry(
        "recall", "recall of labels", formula: "tp / gold", reference: "recall_score",
        parameters: averaging, kind: { (_) throws(DSXError) in .recall },
        average: { (options) throws(DSXError) in try chosenAverage(options) }),
      entry(
        "jaccard", "intersection over union of labels", formula: "tp / (gold + predicted - tp)",
        reference: "jaccard_score", parameters: averaging,
        kind: { (_) throws(DSXError) in .jaccard },
        average: { (options) throws(DSXError) in try chosenAverage(options) }),
    ]
    + [
      (
        "macro-f1", LabelAverage.macro, Kind.f(beta: 1), "the mean F1 of the labels",
        "mean of 2 tp / (gold + predicted)", "f1_score"
      ),
      (
        "micro-f1", .micro, .f(beta: 1),
        "F1 of all labels' counts together: accuracy for single labels",
        "2 sum tp / (sum gold + sum predicted)", "f1_score"
      ),
      (
        "weighted-f1", .weighted, .f(beta: 1),
        "the mean F1 of the labels, weighted by their gold examples",
        "mean of 2 tp / (gold + predicted), weighted by gold", "f1_score"
      ),
      (
        "macro-precision", .macro, .precision, "the mean precision of the labels",
        "mean of tp / predicted", "precision_score"
      ),
      (
        "macro-recall", .macro, .recall, "the mean recall of the labels", "mean of tp / gold",
        "recall_score"
      ),
      (
        "weighted-precision", .weighted, .precision,
        "the mean precision, weighted by gold examples", "mean of tp / predicted, weighted by gold",
        "precision_score"
      ),
      (
        "weighted-recall", .weighted, .recall, "the mean recall, weighted by gold examples",
        "mean of tp / gold, weighted by gold", "recall_score"
      ),
    ].map { name, average, kind, summary, formula, reference in
      entry(
        name, summary, formula: formula, reference: reference,
        parameters: [zeroDivision, absent], kind: { (_) throws(DSXError) in kind },
        average: { (_) throws(DSXError) in .of(average) })
    }
    + [
      entry(
        "balanced-accuracy", "the mean recall of the labels that occur",
        formula: "mean of tp / gold over labels with gold examples",
        reference: "balanced_accuracy_score", parameters: [],
        kind: { (_) throws(DSXError) in .balancedAccuracy },
        average: { (_) throws(DSXError) in .of(.macro) }),
      entry(
        "mcc", "Matthews' correlation coefficient",
        formula:
          "(n sum tp - sum gold predicted) / sqrt(n² - sum gold²) / sqrt(n² - sum predicted²)",
        range: -1...1, reference: "matthews_corrcoef", parameters: [],
        edges: ["a side that is constant: 0"], kind: { (_) throws(DSXError) in .matthews },
        average: { (_) throws(DSXError) in .of(.macro) }),
      entry(
        "kappa", "Cohen's kappa", formula: "1 - observed / expected disagreement", range: -1...1,
        reference: "cohen_kappa_score",
        parameters: [
          MetricParameter(
            "weights", .choice(KappaWeights.allCases.map(\.rawValue)), default: .string("none"),
            "how far apart two labels count, by their order")
        ], edges: ["both sides one and the same label: not defined"],
        kind: { (options) throws(DSXError) in .kappa(try options.choice("weights")) },
        average: { (_) throws(DSXError) in .of(.macro) }),
    ]
}
