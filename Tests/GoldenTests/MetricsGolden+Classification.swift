import DSXCore
import Metrics

/// `classification.jsonl` against scikit-learn 1.9.1.
enum ClassificationGolden {
  @Sendable static func accuracy(_ golden: MetricCase) throws -> String? {
    let matrix = try golden.matrix().matrix
    let hits = HitCount(matrix)
    return golden.differs(["accuracy"], Accuracy().score(from: hits))
      ?? golden.differs(["balanced_accuracy"], matrix.balancedAccuracy)
      ?? golden.differs(["correct"], Double(hits.hits))
  }

  @Sendable static func confusion(_ golden: MetricCase) throws -> String? {
    let (labels, matrix) = try golden.matrix()
    guard labels.names == golden.expected["labels"]?.array?.map(MetricCase.name) else {
      return "the labels differ"
    }
    let rows = matrix.rows.map { $0.map(Double.init) }
    let (gold, predicted) = (matrix.support, matrix.predictions)
    func scaled(_ below: (Int, Int) -> Int) -> [[Double]] {
      rows.enumerated().map { row, line in
        line.enumerated().map { column, count in
          let whole = below(row, column)
          return whole == 0 ? 0 : count / Double(whole)
        }
      }
    }
    return golden.differs(["none"], rows) ?? golden.differs(
      ["true"], scaled { row, _ in gold[row] })
      ?? golden.differs(["pred"], scaled { _, column in predicted[column] })
      ?? golden.differs(["all"], scaled { _, _ in matrix.count })
  }

  /// macro, micro, weighted, or one number a label.
  @Sendable static func averages(_ golden: MetricCase) throws -> String? {
    let (_, matrix) = try golden.matrix()
    let beta = golden.parameters["beta"]?.double ?? 1
    let zero = zeroDivision(golden)
    guard let name = golden.parameters["average"]?.string else {
      return perLabel(golden, matrix.perLabel(beta: beta, zeroDivision: zero))
    }
    guard let average = average(name) else { return "the average '\(name)' is unknown" }
    return scores(golden, [], matrix.averaged(average, beta: beta, zeroDivision: zero))
  }

  @Sendable static func binary(_ golden: MetricCase) throws -> String? {
    let (labels, matrix) = try golden.matrix()
    let positive = golden.parameters["pos_label"].map(MetricCase.name) ?? "1"
    if golden.expected["error"] != nil {
      do { _ = try labels.index(of: positive) } catch { return nil }
      return "the positive label is known, an error was expected"
    }
    let place = try labels.index(of: positive)
    return scores(
      golden, [], matrix.averaged(.label(place), zeroDivision: zeroDivision(golden)))
  }

  /// Averages over chosen labels, of which one occurs nowhere.
  @Sendable static func subset(_ golden: MetricCase) throws -> String? {
    let chosen = golden.parameters["labels"]?.array ?? []
    let all = (golden.inputs["y_true"]?.array ?? []) + (golden.inputs["y_pred"]?.array ?? [])
    let labels = try LabelSet(MetricCase.sorted(all + chosen).map(MetricCase.name))
    var matrix = ConfusionMatrix(labelCount: labels.count)
    for pair in zip(golden.inputs["y_true"]?.array ?? [], golden.inputs["y_pred"]?.array ?? []) {
      try matrix.add(
        labels.pair(gold: MetricCase.name(pair.0), predicted: MetricCase.name(pair.1)))
    }
    let places = try chosen.map { try labels.index(of: MetricCase.name($0)) }
    for (name, average) in [
      ("micro", LabelAverage.micro), ("macro", .macro), ("weighted", .weighted),
    ] {
      let ours = matrix.averaged(average, zeroDivision: zeroDivision(golden), selected: places)
      if let difference = scores(golden, [name], ours) { return difference }
    }
    return nil
  }

  @Sendable static func jaccard(_ golden: MetricCase) throws -> String? {
    let matrix = try golden.matrix().matrix
    let all = matrix.jaccard()
    let support = matrix.support.map(Double.init)
    let total = Double(matrix.count)
    let hits = Double(matrix.correct)
    let weighted = zip(all, support).reduce(0) { $0 + $1.0 * $1.1 } / total
    return golden.differs(["macro"], all.reduce(0, +) / Double(all.count))
      ?? golden.differs(["weighted"], weighted)
      ?? golden.differs(["micro"], hits / (2 * total - hits))
      ?? golden.differs(["hamming"], 1 - hits / total)
  }

  @Sendable static func correlation(_ golden: MetricCase) throws -> String? {
    let matrix = try golden.matrix().matrix
    return golden.differs(["mcc"], matrix.matthews) ?? golden.differs(["kappa"], matrix.kappa())
      ?? golden.differs(["kappa_linear"], matrix.kappa(.linear))
      ?? golden.differs(["kappa_quadratic"], matrix.kappa(.quadratic))
  }

  @Sendable static func meanIntersection(_ golden: MetricCase) throws -> String? {
    let count = golden.parameters["num_classes"]?.int ?? 0
    var matrix = ConfusionMatrix(labelCount: count)
    let target = (golden.inputs["target"]?.array ?? []).flatMap { $0.array ?? [] }
    let predicted = (golden.inputs["pred"]?.array ?? []).flatMap { $0.array ?? [] }
    for (gold, said) in zip(target, predicted) {
      try matrix.add(LabelPair(gold: gold.int ?? -1, predicted: said.int ?? -1))
    }
    let each = matrix.jaccard()
    return golden.differs(["miou"], each.reduce(0, +) / Double(count))
      ?? golden.differs(["pixel_acc"], Accuracy().score(from: HitCount(matrix)))
      ?? golden.differs(["dice_macro"], matrix.averaged(.macro).f)
      ?? differs(golden, "iou", each)
  }

  private static func differs(_ golden: MetricCase, _ name: String, _ ours: [Double]) -> String? {
    let theirs = (golden.expected[name]?.array ?? []).map { MetricCase.number($0) ?? .nan }
    guard ours.count == theirs.count else { return "\(name): \(ours.count), not \(theirs.count)" }
    for (a, b) in zip(ours, theirs) where !(abs(a - b) <= golden.tolerance || a.isNaN && b.isNaN) {
      return "\(name): \(ours) instead of \(theirs)"
    }
    return nil
  }

  private static func perLabel(_ golden: MetricCase, _ ours: [PrecisionRecall]) -> String? {
    differs(golden, "precision", ours.map(\.precision))
      ?? differs(golden, "recall", ours.map(\.recall)) ?? differs(golden, "f", ours.map(\.f))
      ?? differs(golden, "support", ours.map { Double($0.support) })
  }

  private static func scores(
    _ golden: MetricCase, _ path: [String], _ ours: PrecisionRecall
  ) -> String? {
    golden.differs(path + ["precision"], ours.precision)
      ?? golden.differs(path + ["recall"], ours.recall) ?? golden.differs(path + ["f"], ours.f)
  }

  private static func average(_ name: String) -> LabelAverage? {
    switch name {
    case "micro": .micro
    case "macro": .macro
    case "weighted": .weighted
    default: nil
    }
  }

  private static func zeroDivision(_ golden: MetricCase) -> ZeroDivision {
    switch MetricCase.number(golden.parameters["zero_division"]) {
    case .some(let value) where value.isNaN: .undefined
    case 1: .one
    default: .zero
    }
  }
}
