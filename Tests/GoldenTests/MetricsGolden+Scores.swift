import DSXCore
import Foundation
import Metrics

extension MetricCase {
  /// The numbers of a list.
  func numbers(_ value: JSONValue?) -> [Double] {
    (value?.array ?? []).map { Self.number($0) ?? .nan }
  }
  /// The rows of a list of lists.
  func rows(_ value: JSONValue?) -> [[Double]] { (value?.array ?? []).map { numbers($0) } }

  /// nil when two lists agree within the tolerance.
  func differs(_ path: [String], _ ours: [Double]) -> String? {
    let theirs = numbers(path.reduce(Optional(expected)) { $0?[$1] })
    guard ours.count == theirs.count else { return "\(path): \(ours.count), not \(theirs.count)" }
    for (place, (a, b)) in zip(ours, theirs).enumerated() {
      let isSame = a == b || a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(1, abs(b))
      if !isSame { return "\(path) \(place): \(a) instead of \(b)" }
    }
    return nil
  }

  /// The same where the expected member may be missing.
  func differsIfThere(_ name: String, _ ours: Double?) -> String? {
    expected[name] == nil ? nil : differs([name], ours ?? .nan)
  }

  /// Scores with the true label's place.
  func scored() -> [TopKAccuracy.Example] {
    zip(rows(inputs["probs"]), numbers(inputs["y_true"])).map {
      TopKAccuracy.Example(scores: $0, gold: Int($1))
    }
  }

  func sum<M: Metric>(_ metric: M, _ examples: [M.Example]) throws -> M.Statistics {
    try metric.statistics(of: examples)
  }
  func score<M: Metric>(_ metric: M, _ examples: [M.Example]) throws -> Double? {
    metric.score(from: try metric.statistics(of: examples))
  }
}

/// Scores, probabilities and several labels of `classification.jsonl`: scikit-learn 1.9.1, torchmetrics
/// 1.9.0.
enum ScoresGolden {
  @Sendable static func ranking(_ golden: MetricCase) throws -> String? {
    let examples = zip(
      golden.numbers(golden.inputs["y_true"]), golden.numbers(golden.inputs["y_score"])
    ).map { ScoredBinary(isPositive: $0 == 1, score: $1) }
    let state = try golden.sum(BinaryRanking(.areaUnderROC), examples)
    if let difference = golden.differs(["auroc"], state.areaUnderROC)
      ?? golden.differs(["ap"], state.averagePrecision)
      ?? golden.differs(["pr_auc_trapz"], state.trapezoidPrecisionRecall)
      ?? golden.differsIfThere("auroc_max_fpr_0.3", state.areaUnderROC(upTo: 0.3))
    {
      return difference
    }
    let thresholds = state.thresholds
    let positives = Double(state.positiveCount)
    let negatives = Double(state.count - state.positiveCount)
    let hits = thresholds.map { Double($0.truePositives) }
    let wrong = thresholds.map { Double($0.falsePositives) }
    let scores = thresholds.map(\.score)
    let precision = zip(hits, wrong).map { $0 / ($0 + $1) }
    return golden.differs(["fpr"], [0] + wrong.map { $0 / negatives })
      ?? golden.differs(["tpr"], [0] + hits.map { $0 / positives })
      ?? golden.differs(["roc_thresholds"], [.infinity] + scores)
      ?? golden.differs(["precision"], precision.reversed() + [1])
      ?? golden.differs(["recall"], hits.map { $0 / positives }.reversed() + [0])
      ?? golden.differs(["pr_thresholds"], scores.reversed())
      ?? binned(golden, examples, state)
  }

  /// The exact values lie within the stated bounds of the binned state.
  private static func binned(
    _ golden: MetricCase, _ examples: [ScoredBinary], _ exact: RankedScores
  ) -> String? {
    guard examples.allSatisfy({ (0...1).contains($0.score) }) else { return nil }
    do {
      for bins in [1, 10, 1000] {
        for kind in [BinnedRanking.Kind.areaUnderROC, .averagePrecision] {
          let metric = try BinnedRanking(kind, bins: bins)
          let state = try golden.sum(metric, examples)
          let value = kind == .areaUnderROC ? exact.areaUnderROC : exact.averagePrecision
          guard let value, let ours = metric.score(from: state),
            let bound = metric.bound(of: state),
            abs(value - ours) <= bound + 1e-12
          else { return "\(bins) bins: the exact value is outside of the bound" }
        }
      }
      return nil
    } catch { return "\(error)" }
  }

  @Sendable static func severalClasses(_ golden: MetricCase) throws -> String? {
    let examples = golden.scored()
    let k = golden.parameters["k"]?.int ?? 0
    func ranking(_ kind: MulticlassRanking.Kind, _ isWeighted: Bool) throws -> Double? {
      try golden.score(
        MulticlassRanking(kind, labelCount: k, isWeighted: isWeighted), examples)
    }
    return try golden.differs(["auroc_ovr_macro"], ranking(.oneVersusRest, false))
      ?? golden.differs(["auroc_ovr_weighted"], ranking(.oneVersusRest, true))
      ?? golden.differs(["auroc_ovo_macro"], ranking(.oneVersusOne, false))
      ?? golden.differs(["auroc_ovo_weighted"], ranking(.oneVersusOne, true))
      ?? golden.differs(["ap_macro"], ranking(.averagePrecision, false))
      ?? golden.differs(["top1"], golden.score(TopKAccuracy(k: 1), examples))
      ?? golden.differs(["top2"], golden.score(TopKAccuracy(k: 2), examples))
      ?? golden.differs(["log_loss"], golden.score(LogLoss(), examples))
      ?? golden.differs(["brier_multi_sum"], golden.score(BrierScore(), examples))
  }

  @Sendable static func calibration(_ golden: MetricCase) throws -> String? {
    let examples: [Confidence]
    if golden.inputs["probs"] != nil {
      examples = try golden.scored().map { try Confidence($0) }
    } else {
      examples = zip(
        golden.numbers(golden.inputs["y_true"]), golden.numbers(golden.inputs["y_score"])
      ).map { Confidence($1, isHit: $0 == 1) }
    }
    for bins in [10, 15] {
      for norm in CalibrationError.Norm.allCases {
        let ours = try golden.score(CalibrationError(norm: norm, bins: bins), examples)
        if let difference = golden.differs(["\(norm.rawValue)_\(bins)"], ours) { return difference }
      }
    }
    guard golden.expected["brier"] != nil else { return nil }
    let pairs = examples.map {
      TopKAccuracy.Example(scores: [1 - $0.value, $0.value], gold: $0.isHit ? 1 : 0)
    }
    let state = try golden.sum(CalibrationError(bins: 10, borders: .lower), examples)
    let filled = state.counts.indices.filter { state.counts[$0] > 0 }
    return try golden.differs(["brier"], golden.score(BrierScore(isHalved: true), pairs))
      ?? golden.differs(["log_loss"], golden.score(LogLoss(), pairs))
      ?? golden.differs(["curve_prob_true"], filled.compactMap { state.hitRate($0) })
      ?? golden.differs(["curve_prob_pred"], filled.compactMap { state.meanConfidence($0) })
  }

  @Sendable static func multilabel(_ golden: MetricCase) throws -> String? {
    func marks(_ name: String) -> [[Bool]] {
      golden.rows(golden.inputs[name]).map { $0.map { $0 == 1 } }
    }
    let gold = marks("y_true")
    let scores = golden.rows(golden.inputs["y_score"])
    let examples = zip(gold, marks("y_pred")).map { LabelMarks(gold: $0, predicted: $1) }
    let count = gold.first?.count ?? 0
    func ours(_ kind: MultilabelMetric.Kind) throws -> Double? {
      try golden.score(MultilabelMetric(kind, labelCount: count), examples)
    }
    for (name, average) in [
      ("micro", LabelAverage.micro), ("macro", .macro), ("weighted", .weighted),
    ] {
      if let difference = try golden.differs([name, "precision"], ours(.precision(average)))
        ?? golden.differs([name, "recall"], ours(.recall(average)))
        ?? golden.differs([name, "f"], ours(.f(average, beta: 1)))
      {
        return difference
      }
    }
    if let difference = try golden.differs(
      ["samples", "precision"], ours(.precisionOverExamples))
      ?? golden.differs(["samples", "recall"], ours(.recallOverExamples))
      ?? golden.differs(["samples", "f"], ours(.fOverExamples))
      ?? golden.differs(["subset_accuracy"], ours(.subsetAccuracy))
      ?? golden.differs(["hamming"], ours(.hammingLoss))
      ?? golden.differs(["jaccard_samples"], ours(.jaccardOverExamples))
    {
      return difference
    }
    let tallies = try golden.sum(
      MultilabelMetric(.subsetAccuracy, labelCount: count), examples
    ).tallies
    for label in 0..<count {
      let theirs = golden.rows(golden.expected["multilabel_confusion"]?.array?[label])
      let hits = tallies.hits[label]
      let missed = tallies.gold[label] - hits
      let wrong = tallies.predicted[label] - hits
      let table = [[Double(examples.count) - hits - missed - wrong, wrong], [missed, hits]]
      if table != theirs { return "label \(label): \(table) instead of \(theirs)" }
    }
    let ranked = zip(gold, scores).map { LabelRanking.Example(gold: $0, scores: $1) }
    if let difference = try golden.differs(
      ["lrap"], golden.score(LabelRanking(.averagePrecision), ranked))
      ?? golden.differs(["coverage"], golden.score(LabelRanking(.coverage), ranked))
      ?? golden.differs(["ranking_loss"], golden.score(LabelRanking(.loss), ranked))
    {
      return difference
    }
    return try areas(golden, gold, scores)
  }

  /// Macro and micro AUROC and average precision of several labels.
  private static func areas(
    _ golden: MetricCase, _ gold: [[Bool]], _ scores: [[Double]]
  ) throws -> String? {
    for kind in MultilabelRanking.Kind.allCases {
      for average in [LabelAverage.macro, .micro] {
        let name =
          (kind == .areaUnderROC ? "auroc_" : "ap_") + (average == .macro ? "macro" : "micro")
        let metric = try MultilabelRanking(
          kind, labelCount: gold.first?.count ?? 0, average: average)
        let examples = zip(gold, scores).map { LabelRanking.Example(gold: $0, scores: $1) }
        if let difference = golden.differsIfThere(name, try golden.score(metric, examples)) {
          return difference
        }
      }
    }
    return nil
  }

  @Sendable static func report(_ golden: MetricCase) throws -> String? {
    let (labels, matrix) = try golden.matrix()
    let report = ClassificationReport(matrix, names: labels.names)
    if report.text(digits: 4) != golden.expected["text"]?.string { return "the texts differ" }
    for row in report.labels + report.averages {
      guard row.name != "accuracy" else {
        if let difference = golden.differs(["dict", "accuracy"], row.scores.f) {
          return difference
        }
        continue
      }
      if let difference = same(golden, ["dict"], row) { return difference }
    }
    let members = golden.expected["dict"]?.object?.count ?? 0
    return members == report.labels.count + report.averages.count ? nil : "the rows differ"
  }

  /// One row of a report.
  static func same(
    _ golden: MetricCase, _ path: [String], _ row: ClassificationReport.Row
  ) -> String? {
    let path = path + [row.name]
    return golden.differs(path + ["precision"], row.scores.precision)
      ?? golden.differs(path + ["recall"], row.scores.recall)
      ?? golden.differs(path + ["f1-score"], row.scores.f)
      ?? golden.differs(path + ["support"], row.scores.support)
  }

  @Sendable static func weighted(_ golden: MetricCase) throws -> String? {
    let (labels, pairs) = try golden.pairs()
    let weights = golden.numbers(golden.inputs["sample_weight"])
    let examples = zip(pairs, weights).map { WeightedLabelMetric.Example($0, weight: $1) }
    func ours(_ kind: LabelMetric.Kind) throws -> Double? {
      try golden.score(WeightedLabelMetric(LabelMetric(kind, labels: labels)), examples)
    }
    let counts = try golden.sum(
      WeightedLabelMetric(LabelMetric(.accuracy, labels: labels)), examples
    ).counts
    let rows = (0..<labels.count).map { row in
      (0..<labels.count).map { counts[gold: row, predicted: $0] }
    }
    return try golden.differs(["accuracy"], ours(.accuracy))
      ?? golden.differs(["precision"], ours(.precision(.weighted)))
      ?? golden.differs(["recall"], ours(.recall(.weighted)))
      ?? golden.differs(["f"], ours(.f(.weighted, beta: 1)))
      ?? golden.differs(["mcc"], ours(.matthews)) ?? golden.differs(["confusion"], rows)
  }

  @Sendable static func images(_ golden: MetricCase) throws -> String? {
    func image(_ name: String) -> [[[Double]]] {
      (golden.inputs[name]?.array ?? []).map { golden.rows($0) }
    }
    let pair = try ImagePair(gold: image("target"), predicted: image("pred"))
    let errors = try SignalToNoise().statistics(of: pair)
    return try golden.differs(["psnr"], SignalToNoise().score(from: errors))
      ?? golden.differs(["mse"], errors.meanSquare)
      ?? golden.differs(["ssim"], StructuralSimilarity().value(of: pair))
  }
}
