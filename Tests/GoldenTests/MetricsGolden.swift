import DSXCore
import Metrics

/// The cases of `metrics/*.jsonl`: those that dsx computes are checked at their tolerance, every other
/// group is counted as skipped by name.
enum MetricsGolden {
  static let files = [
    "bleu", "chrf_ter", "classification", "lm", "ner", "qa", "regression_ranking", "rouge", "stats",
    "tokenizers", "wer_cer",
  ]

  @Sendable static func walk(_ run: GoldenRun) throws {
    for file in files {
      for json in try run.jsonLines(file + ".jsonl") {
        let golden = MetricCase(json)
        let kind = file + "/" + golden.group
        guard let check = checks[golden.group] ?? GenerationGolden.checks[golden.group] else {
          run.skip(kind, golden.id)
          continue
        }
        run.check(kind, golden.id) { try check(golden) }
      }
    }
  }

  /// One check a group; nil when everything agrees.
  static let checks: [String: @Sendable (MetricCase) throws -> String?] = [
    "accuracy": ClassificationGolden.accuracy, "confusion": ClassificationGolden.confusion,
    "fbeta": ClassificationGolden.averages, "prf": ClassificationGolden.averages,
    "prf-binary": ClassificationGolden.binary,
    "prf-labels-subset": ClassificationGolden.subset,
    "jaccard-hamming": ClassificationGolden.jaccard, "mcc-kappa": ClassificationGolden.correlation,
    "mean-iou": ClassificationGolden.meanIntersection,
    "auroc-ap": ScoresGolden.ranking, "multiclass-scores": ScoresGolden.severalClasses,
    "ece-binary": ScoresGolden.calibration, "ece-multiclass": ScoresGolden.calibration,
    "multilabel": ScoresGolden.multilabel, "report": ScoresGolden.report,
    "prf-sample-weight": ScoresGolden.weighted, "psnr-ssim": ScoresGolden.images,
    "squad-normalize": ExtractionGolden.normalised, "squad-v1": ExtractionGolden.squad,
    "squad-v2": ExtractionGolden.squadV2, "cmrc2018": ExtractionGolden.chinese,
    "cmrc2018-real": ExtractionGolden.chinese, "cmrc2018-pair": ExtractionGolden.chinesePair,
    "mindformers-emf1": ExtractionGolden.mindFormersAnswers,
    "exact-match": ExtractionGolden.exactMatch, "seqeval": ExtractionGolden.seqeval,
    "seqeval-edge": ExtractionGolden.seqeval,
    "mindformers-entityscore": ExtractionGolden.mindFormersEntities,
    "regression": RegressionGolden.regression, "regression-edge": RegressionGolden.regression,
    "ndcg": RegressionGolden.gain, "retrieval": RegressionGolden.retrieval,
    "multiple-choice": ChoicesGolden.multipleChoice, "prompt-acc": ChoicesGolden.prompts,
    "ppl-from-logits": ChoicesGolden.logits,
    "rolling-perplexity": LikelihoodGolden.rolling,
    "ppl-from-logprobs": LikelihoodGolden.fromLogProbabilities,
    "rng-pcg64": LikelihoodGolden.generator,
    "rng-mt19937": StatisticsGolden.python, "rng-randomstate": StatisticsGolden.randomState,
    "tests": StatisticsGolden.tests, "group-aggregate": StatisticsGolden.groups,
    "lm-eval-bootstrap": StatisticsGolden.lmEval,
    "lm-eval-bootstrap-cls": StatisticsGolden.lmEvalLabels,
    "sacrebleu-bootstrap": ResamplingGolden.bootstrap,
    "sacrebleu-paired-bs": ResamplingGolden.paired,
    "sacrebleu-paired-ar": ResamplingGolden.paired, "rouge-bootstrap": ResamplingGolden.rouge,
  ]
}

/// One golden case.
struct MetricCase {
  let id: String
  let group: String
  let tolerance: Double
  let parameters: JSONValue
  let inputs: JSONValue
  let expected: JSONValue

  init(_ json: JSONValue) {
    id = json["id"]?.string ?? "?"
    group = json["metric"]?.string ?? "?"
    tolerance = json["tol"]?.double ?? 0
    parameters = json["params"] ?? .object([])
    inputs = json["inputs"] ?? .object([])
    expected = json["expected"] ?? .object([])
  }

  /// Labels as names: the sorted union of truth and prediction (numbers by value), as scikit-learn.
  func pairs() throws -> (labels: LabelSet, pairs: [LabelPair]) {
    let gold = inputs["y_true"]?.array ?? []
    let predicted = inputs["y_pred"]?.array ?? []
    guard gold.count == predicted.count, !gold.isEmpty else {
      throw DSXError(.malformed, "a case without labels")
    }
    let set = try LabelSet(Self.sorted(gold + predicted).map(Self.name))
    let pairs = try zip(gold, predicted).map {
      try set.pair(gold: Self.name($0), predicted: Self.name($1))
    }
    return (set, pairs)
  }

  func matrix() throws -> (labels: LabelSet, matrix: ConfusionMatrix) {
    let (labels, pairs) = try pairs()
    return (labels, try LabelMetric.macroF1(labels).statistics(of: pairs))
  }

  static func sorted(_ values: [JSONValue]) -> [JSONValue] {
    Array(Set(values)).sorted { left, right in
      if let a = left.double, let b = right.double { return a < b }
      return Array((left.string ?? "").unicodeScalars.map(\.value)).lexicographicallyPrecedes(
        Array((right.string ?? "").unicodeScalars.map(\.value)))
    }
  }

  static func name(_ value: JSONValue) -> String { value.string ?? value.text() }

  /// A number of the golden file, non-finite ones as strings.
  static func number(_ value: JSONValue?) -> Double? {
    switch value?.string {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: value?.double
    }
  }

  /// nil when the number is the expected one within the tolerance (relative above 1).
  func differs(_ path: [String], _ ours: Double?) -> String? {
    let value = path.reduce(Optional(expected)) { $0?[$1] }
    guard let theirs = Self.number(value) else { return "\(path) is not in the case" }
    guard let ours else { return "\(path): nil instead of \(theirs)" }
    if ours.isNaN && theirs.isNaN || ours == theirs { return nil }
    let isClose = abs(ours - theirs) <= tolerance * max(1, abs(theirs))
    return isClose ? nil : "\(path): \(ours) instead of \(theirs)"
  }

  func differs(_ path: [String], _ ours: [[Double]]) -> String? {
    let rows = path.reduce(Optional(expected)) { $0?[$1] }?.array ?? []
    guard rows.count == ours.count else { return "\(path): \(ours.count) rows, not \(rows.count)" }
    for (row, line) in rows.enumerated() {
      let theirs = (line.array ?? []).map { Self.number($0) ?? .nan }
      guard theirs.count == ours[row].count else { return "\(path) row \(row): length" }
      for (a, b) in zip(ours[row], theirs) where !(abs(a - b) <= tolerance) {
        return "\(path) row \(row): \(a) instead of \(b)"
      }
    }
    return nil
  }
}
