internal import DSXCore

/// The entries of metrics over scores and probabilities.
enum ScoreEntries {
  static let scores = MetricColumn(
    "scores", .numbers, also: ["probs", "probabilities", "y_score"],
    "one number a label, in the order of the labels")
  static let score = MetricColumn(
    "score", .number, also: ["prob", "probability", "y_score"],
    "how likely the example is positive")
  static let classes = MetricParameter(
    "classes", .integer(0...LabelSet.maximumCount), default: .int(0),
    "number of labels when they are the numbers from 0")

  /// The number of labels that the options state.
  static func labelCount(_ options: MetricOptions) throws(DSXError) -> Int {
    if let labels = try LabelEntries.labelSet(options) { return labels.count }
    let count = try options.integer("classes")
    guard count > 0 else {
      throw DSXError(
        .usage, "the number of labels is not known",
        hint: "give 'labels' (names, joined by commas) or 'classes' (a number)")
    }
    return count
  }

  /// The place of a row's label: among the declared ones, or a number.
  static func place(_ row: MetricRow, _ labels: LabelSet?) throws(DSXError) -> Int {
    if let labels { return try labels.index(of: row.label("label")) }
    let place = try row.integer("label")
    guard place >= 0 else { throw DSXError(.malformed, "the label is \(place), below 0") }
    return place
  }

  static func scored(_ row: MetricRow, _ labels: LabelSet?) throws(DSXError)
    -> TopKAccuracy.Example
  { TopKAccuracy.Example(scores: try row.numbers("scores"), gold: try place(row, labels)) }

  static let scoredEdges = [
    "the label is a place from 0, or a name when 'labels' declares them",
    "another number of scores than labels, and NaN, are errors",
  ]

  static let topK = MetricEntry(
    name: "top-k-accuracy", group: .classification,
    summary: "the share of examples whose label is among the k highest scores",
    formula: "examples with rank of the label <= k / n", unit: "ratio", range: 0...1,
    higherIsBetter: true,
    parameters: [
      MetricParameter("k", .integer(1...LabelSet.maximumCount), default: .int(5), "how many"),
      LabelEntries.labels,
    ], inputs: [.label, scores], reference: "scikit-learn 1.9 top_k_accuracy_score",
    edgeCases: ["of equal scores the later label ranks higher"] + scoredEdges,
    compat: ["sklearn": [:]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let labels = try LabelEntries.labelSet(options)
    return AnyMetric(try TopKAccuracy(k: options.integer("k"))) {
      (row: MetricRow) throws(DSXError) -> TopKAccuracy.Example in try scored(row, labels)
    }
  }

  private static let probabilityEdges = [
    "probabilities outside of 0...1, or that do not add up to 1 within 0.001, are errors"
  ]

  static let logLoss = MetricEntry(
    name: "log-loss", group: .classification,
    summary: "minus the logarithm of the true label's probability",
    formula: "mean of -ln p, p cut to 2^-52...1 - 2^-52", unit: "nats",
    range: 0...Double.infinity, higherIsBetter: false, parameters: [LabelEntries.labels],
    inputs: [.label, scores], reference: "scikit-learn 1.9 log_loss",
    edgeCases: probabilityEdges + scoredEdges, compat: ["sklearn": [:]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let labels = try LabelEntries.labelSet(options)
    return AnyMetric(LogLoss()) {
      (row: MetricRow) throws(DSXError) -> TopKAccuracy.Example in try scored(row, labels)
    }
  }

  static let brier = MetricEntry(
    name: "brier", group: .classification,
    summary: "squared distance of the probabilities from the truth",
    formula: "mean of sum over labels of (p - truth)²", unit: "squared probability", range: 0...2,
    higherIsBetter: false,
    parameters: [
      MetricParameter(
        "half", .flag, default: .bool(false), "half the sum: scikit-learn's form for two labels"),
      LabelEntries.labels,
    ], inputs: [.label, scores],
    reference: "lm-eval 0.4.13 brier_score; scikit-learn 1.9 brier_score_loss with half",
    edgeCases: probabilityEdges + scoredEdges,
    compat: ["lm-eval": ["half": false], "sklearn": ["half": true]]
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let labels = try LabelEntries.labelSet(options)
    return AnyMetric(BrierScore(isHalved: try options.flag("half"))) {
      (row: MetricRow) throws(DSXError) -> TopKAccuracy.Example in try scored(row, labels)
    }
  }

  static let calibration = MetricEntry(
    name: "ece", group: .classification,
    summary: "calibration error: how far confidences are from hit rates",
    formula: "sum over bins of share * |hit rate - mean confidence|", unit: "ratio", range: 0...1,
    higherIsBetter: false,
    parameters: [
      MetricParameter(
        "norm", .choice(CalibrationError.Norm.allCases.map(\.rawValue)), default: .string("l1"),
        "l1: expected, l2: root mean square, max: largest difference"),
      MetricParameter("bins", .integer(1...(1 << 20)), default: .int(15), "number of equal bins"),
      MetricParameter(
        "borders", .choice(BinBorders.allCases.map(\.rawValue)), default: .string("upper"),
        "the bin of a confidence on a border: upper [lo, hi), lower (lo, hi]"),
      MetricParameter(
        "positive", .text, default: .string("1"),
        "the positive label of examples with one score"),
      LabelEntries.labels,
    ],
    inputs: [
      .label,
      MetricColumn(
        "scores", .numbers, isOptional: true, also: ["probs", "probabilities"],
        "one probability a label"),
      MetricColumn(
        "score", .number, isOptional: true, also: ["prob", "probability"],
        "the probability of the positive label"),
    ], reference: "torchmetrics 1.9.0 calibration_error (in double precision)",
    edgeCases: [
      "with upper borders confidence 1 has a bin of its own",
      "all scores: examples, hit rate and mean confidence of each bin",
      "with 'scores' the confidence is the largest probability, with 'score' that of the positive label",
    ] + scoredEdges
  ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
    let labels = try LabelEntries.labelSet(options)
    let positive = try options.text("positive")
    let metric = try CalibrationError(
      norm: options.choice("norm"), bins: options.integer("bins"),
      borders: options.choice("borders"))
    return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> Confidence in
      if row.has("score") {
        return Confidence(
          try row.number("score"), isHit: try row.label("label").hasBytes(of: positive))
      }
      return try Confidence(scored(row, labels))
    }
  }

  // MARK: rankings

  private static let state = [
    MetricParameter("positive", .text, default: .string("1"), "the positive label"),
    MetricParameter("negative", .text, default: .string("0"), "the negative label"),
    MetricParameter(
      "state", .choice(["exact", "binned"]), default: .string("exact"),
      "exact keeps every score; binned keeps counts, and states how far off it can be"),
    MetricParameter(
      "bins", .integer(1...(1 << 24)), default: .int(16_384), "bins of the binned state"),
  ]

  private static func binary(_ row: MetricRow, _ positive: String, _ negative: String)
    throws(DSXError) -> ScoredBinary
  {
    let label = try row.label("label")
    guard label.hasBytes(of: positive) || label.hasBytes(of: negative) else {
      throw DSXError(
        .malformed, "the label '\(label)' is neither '\(positive)' nor '\(negative)'",
        hint: "the settings 'positive' and 'negative' name the labels")
    }
    return ScoredBinary(isPositive: label.hasBytes(of: positive), score: try row.number("score"))
  }

  private static func ranking(
    _ name: String, _ summary: String, _ formula: String, _ reference: String,
    _ more: [MetricParameter], _ edges: [String], binned: BinnedRanking.Kind,
    _ kind: @escaping @Sendable (MetricOptions) throws(DSXError) -> BinaryRanking.Kind
  ) -> MetricEntry {
    MetricEntry(
      name: name, group: .classification, summary: summary, formula: formula, unit: "ratio",
      range: 0...1, higherIsBetter: true, parameters: state + more, inputs: [.label, score],
      reference: "scikit-learn 1.9 " + reference,
      edgeCases: edges + [
        "ties count half", "binned: scores must lie in 0...1",
        "a label that is neither positive nor negative is an error",
      ], compat: ["sklearn": ["state": "exact"]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let (positive, negative) = (try options.text("positive"), try options.text("negative"))
      let example = {
        @Sendable (row: MetricRow) throws(DSXError) -> ScoredBinary in
        try binary(row, positive, negative)
      }
      if try options.text("state") == "binned" {
        guard try kind(options) == (binned == .areaUnderROC ? .areaUnderROC : .averagePrecision)
        else { throw DSXError(.usage, "a partial area needs the exact state") }
        return AnyMetric(
          try BinnedRanking(binned, bins: options.integer("bins")), example: example)
      }
      return AnyMetric(try BinaryRanking(kind(options)), example: example)
    }
  }

  static let areaUnderROC = ranking(
    "auroc", "area under the ROC curve: how often a positive scores above a negative",
    "(pairs in order + ties / 2) / all pairs", "roc_auc_score",
    [
      MetricParameter(
        "max-fpr", .number(0.000001...1), default: .double(1),
        "only the area below this false positive rate, standardised")
    ], ["one kind of examples only: not defined"], binned: .areaUnderROC
  ) { (options: MetricOptions) throws(DSXError) -> BinaryRanking.Kind in
    let limit = try options.number("max-fpr")
    return limit < 1 ? .partialAreaUnderROC(maximumFalsePositiveRate: limit) : .areaUnderROC
  }

  static let averagePrecision = ranking(
    "average-precision", "average precision: the area under the precision-recall curve by steps",
    "sum of (recall gained) * precision", "average_precision_score", [],
    ["no positive example: not defined"], binned: .averagePrecision
  ) { (_: MetricOptions) throws(DSXError) -> BinaryRanking.Kind in .averagePrecision }

  static let multiclass: [MetricEntry] = [
    (MulticlassRanking.Kind.oneVersusRest, "AUROC of each label against the rest", "roc_auc_score"),
    (.oneVersusOne, "AUROC of each two labels, both ways (Hand and Till)", "roc_auc_score"),
    (
      .averagePrecision, "average precision of each label against the rest",
      "average_precision_score"
    ),
  ].map { kind, summary, reference in
    MetricEntry(
      name: kind == .averagePrecision ? "average-precision-ovr" : "auroc-" + kind.rawValue,
      group: .classification, summary: summary,
      formula: "mean over labels" + (kind == .oneVersusOne ? ", over pairs of labels" : ""),
      unit: "ratio", range: 0...1, higherIsBetter: true,
      parameters: [
        LabelEntries.labels, classes,
        MetricParameter(
          "average", .choice(["macro", "weighted"]), default: .string("macro"),
          "weighted: by the examples of the labels"),
      ], inputs: [.label, scores], reference: "scikit-learn 1.9 " + reference,
      edgeCases: ["AUROC with a label that does not occur: not defined"] + scoredEdges,
      compat: ["sklearn": [:]]
    ) { (options: MetricOptions) throws(DSXError) -> AnyMetric in
      let labels = try LabelEntries.labelSet(options)
      let metric = try MulticlassRanking(
        kind, labelCount: labelCount(options),
        isWeighted: options.text("average") == "weighted")
      return AnyMetric(metric) { (row: MetricRow) throws(DSXError) -> TopKAccuracy.Example in
        try scored(row, labels)
      }
    }
  }

  static let entries =
    [topK, logLoss, brier, calibration, areaUnderROC, averagePrecision] + multiclass
}
