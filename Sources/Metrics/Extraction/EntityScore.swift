public import DSXCore

/// Precision, recall or F1 of entities, as seqeval 1.2.2 (default and strict) or MindFormers 0.8.0.
public struct EntityScore: Metric {
  /// The tags of one sequence.
  public struct Example: Sendable {
    /// The true tags.
    public var gold: [String]
    /// The predicted tags; as many.
    public var predicted: [String]

    /// A sequence.
    public init(gold: [String], predicted: [String]) {
      self.gold = gold
      self.predicted = predicted
    }
  }
  /// Which number.
  public enum Kind: String, Sendable, CaseIterable {
    /// Right among the predicted.
    case precision
    /// Right among the gold.
    case recall
    /// Their harmonic mean.
    case f1
  }
  /// Which number.
  public let kind: Kind
  /// How types become one number: micro, macro or weighted.
  public let average: LabelAverage
  /// Who reads the tags.
  public let style: EntityStyle
  /// What 0/0 counts as: 0 or 1.
  public let zeroDivision: ZeroDivision
  private let rules: TagRules
  private let finder: EntityFinder

  /// The metric. An average of one label and an undefined zero division are errors.
  public init(
    _ kind: Kind = .f1, average: LabelAverage = .micro, style: EntityStyle = .lenient,
    isSuffix: Bool = false, zeroDivision: ZeroDivision = .zero
  ) throws(DSXError) {
    guard [.micro, .macro, .weighted].contains(average), zeroDivision != .undefined else {
      throw DSXError(
        .usage, "entity scores are micro, macro or weighted, with zero division 0 or 1")
    }
    self.kind = kind
    self.average = average
    self.style = style
    self.zeroDivision = zeroDivision
    rules = TagRules(style: style, isSuffix: isSuffix)
    finder = EntityFinder(style)
  }

  /// `entity-f1`, `macro-entity-f1`, ...
  public var name: String {
    (average == .micro ? "" : average.signature + "-") + "entity-" + kind.rawValue
  }
  /// Mode, scheme, average and zero division.
  public var signature: String {
    let mode: String
    switch style {
    case .lenient: mode = "mode:default"
    case .strict(let scheme): mode = "mode:strict|scheme:" + scheme.rawValue
    case .mindformers: mode = "mode:mindformers|scheme:BIOS|round:4"
    }
    return [
      mode, "tags:" + (rules.isSuffix ? "suffix" : "prefix"), "average:" + average.signature,
      "zero_division:" + zeroDivision.signature, "version:1",
    ].joined(separator: "|")
  }
  /// true
  public var higherIsBetter: Bool { true }
  /// No sequence.
  public var zero: EntityStatistics { EntityStatistics() }

  /// One sequence.
  public func statistics(of example: Example) throws(DSXError) -> EntityStatistics {
    var one = EntityStatistics()
    try add(example, to: &one)
    return one
  }
  /// Adds one sequence.
  public func add(_ example: Example, to statistics: inout EntityStatistics) throws(DSXError) {
    var buffers = EntityBuffers()
    try statistics.add(
      gold: example.gold, predicted: example.predicted, rules, finder, &buffers)
  }

  /// Adds many sequences, in the room of one. An error names the sequence.
  public func add(
    gold: [[String]], predicted: [[String]], to statistics: inout EntityStatistics
  ) throws(DSXError) {
    guard gold.count == predicted.count else {
      throw DSXError(
        .malformed, "there are \(gold.count) gold and \(predicted.count) predicted sequences")
    }
    var buffers = EntityBuffers()
    for index in gold.indices {
      do {
        try statistics.add(
          gold: gold[index], predicted: predicted[index], rules, finder, &buffers)
      } catch {
        var placed = error
        placed.location.row = index
        throw placed
      }
    }
  }

  /// The entities of one sequence of tags.
  public func entities(in tags: [String]) throws(DSXError) -> [EntitySpan] {
    var table = TagTable()
    var numbers: [Int32] = []
    for tag in tags { numbers.append(try table.number(tag, rules)) }
    var spans: [EntityFinder.Span] = []
    finder.find(numbers, table.parsed, into: &spans)
    return spans.map {
      EntitySpan(type: table.types[Int($0.type)], start: Int($0.start), last: Int($0.last))
    }
  }

  /// The number; nil without sequences, and for means when no type occurs.
  public func score(from statistics: EntityStatistics) -> Double? {
    guard statistics.count > 0 else { return nil }
    let value = pick(report(statistics).averages[averagePlace].scores)
    return value.isNaN ? nil : value
  }

  private var averagePlace: Int { average == .micro ? 0 : average == .macro ? 1 : 2 }
  private func pick(_ scores: PrecisionRecall) -> Double {
    switch kind {
    case .precision: scores.precision
    case .recall: scores.recall
    case .f1: scores.f
    }
  }

  /// The main number, then precision, recall and F1, the share of equal tags, and F1 of each type.
  public func scores(from statistics: EntityStatistics) -> [NamedScore] {
    let report = report(statistics)
    let scores = report.averages[averagePlace].scores
    var result = [NamedScore(name, score(from: statistics))]
    for (word, value) in [
      ("precision", scores.precision), ("recall", scores.recall), ("f1", scores.f),
    ] {
      result.append(NamedScore(word, value.isNaN ? nil : value))
    }
    result.append(NamedScore("tag-accuracy", tagAccuracy(statistics)))
    for row in report.labels { result.append(NamedScore("f1:" + row.name, row.scores.f)) }
    return result
  }

  /// Equal tags / tags; nil without tags.
  public func tagAccuracy(_ statistics: EntityStatistics) -> Double? {
    statistics.tags > 0 ? Double(statistics.equalTags) / Double(statistics.tags) : nil
  }

  /// The rows of every type and of the micro, macro and weighted averages: seqeval's
  /// `classification_report`. MindFormers' has the gold types only, and four decimals.
  public func report(_ statistics: EntityStatistics) -> ClassificationReport {
    let types = statistics.types.filter { style != .mindformers || $0.tally.gold > 0 }
    let rows = types.map { ClassificationReport.Row(name: $0.name, scores: scores($0.tally)) }
    let micro = scores(statistics.total)
    var averages = [ClassificationReport.Row(name: "micro avg", scores: micro)]
    for (name, weights) in [
      ("macro avg", types.map { _ in 1.0 }), ("weighted avg", types.map { Double($0.tally.gold) }),
    ] {
      let sum = weights.reduce(0, +)
      func mean(_ value: (PrecisionRecall) -> Double) -> Double {
        zip(rows, weights).reduce(0) { $0 + $1.1 * value($1.0.scores) } / sum
      }
      var scores = PrecisionRecall(
        precision: mean(\.precision), recall: mean(\.recall), f: mean(\.f), support: micro.support)
      if sum == 0, name == "weighted avg" {
        // Without gold entities seqeval says: 0/0 where nothing was predicted either, else 0.
        let empty = statistics.total.predicted == 0 ? zeroDivision.value : 0
        scores = PrecisionRecall(
          precision: empty, recall: zeroDivision.value, f: empty, support: 0)
      }
      averages.append(ClassificationReport.Row(name: name, scores: scores))
    }
    return ClassificationReport(labels: rows, averages: averages, style: .seqeval)
  }

  /// F is made of precision and recall here, as seqeval does: 0 when both are.
  private func scores(_ tally: EntityStatistics.Tally) -> PrecisionRecall {
    let (hits, gold, predicted) =
      (Double(tally.hits), Double(tally.gold), Double(tally.predicted))
    let precision = tally.predicted == 0 ? zeroDivision.value : hits / predicted
    let recall = tally.gold == 0 ? zeroDivision.value : hits / gold
    let sum = precision + recall
    let f = sum == 0 ? 0 : 2 * precision * recall / sum
    guard style == .mindformers else {
      return PrecisionRecall(precision: precision, recall: recall, f: f, support: gold)
    }
    func rounded(_ value: Double) -> Double {
      Double(ClassificationReport.fixed(value, 4)) ?? value
    }
    return PrecisionRecall(
      precision: rounded(precision), recall: rounded(recall), f: rounded(f), support: gold)
  }
}
