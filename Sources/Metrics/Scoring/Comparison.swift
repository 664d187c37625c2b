public import DSXCore

/// Two systems on the same examples: differences with interval and test, flips, worst cases.
public struct Comparison: Sendable {
  /// Which paired test gives the p-value.
  public enum Test: String, Sendable, CaseIterable {
    /// McNemar for right-or-wrong metrics, else the paired bootstrap.
    case auto
    /// The paired bootstrap.
    case bootstrap
    /// Approximate randomisation.
    case randomisation
    /// Wilcoxon's signed-rank test of the examples' own scores.
    case wilcoxon
    /// McNemar's exact test.
    case mcnemar
  }

  /// How it is done.
  public struct Settings: Sendable {
    /// The test.
    public var test: Test = .auto
    /// Replicates of the bootstrap.
    public var replicates = 1000
    /// Trials of approximate randomisation.
    public var trials = 10_000
    /// Seed of both.
    public var seed: UInt64 = 12345
    /// Coverage of intervals.
    public var level = 0.95
    /// `sacrebleu`: its streams, single precision and p-values.
    public var compat: String?
    /// How many worst cases are listed each way.
    public var worst = 5

    /// The defaults.
    public init() {}
  }

  /// One example's scores under both systems.
  public struct Pair: Sendable {
    /// The example's name.
    public let id: JSONValue
    /// The first system's score.
    public let first: Double
    /// The second system's score.
    public let second: Double
  }

  /// One metric.
  public struct Line: Sendable {
    /// The metric's name in the files.
    public let key: String
    /// The metric.
    public let metric: AnyMetric
    /// The first system's score.
    public let first: Double?
    /// The second system's score.
    public let second: Double?
    /// Second minus first, with interval and standard error; nil when a score is not defined.
    public let interval: Interval?
    /// The test; nil when it cannot be made.
    public let test: TestResult?
    /// The p-value after Holm's correction over all metrics.
    public internal(set) var adjusted: Double?
    /// The smallest true change that this comparison finds in 4 of 5 cases at 5 percent.
    public let detectable: Double?
    /// Examples on which the second system is better, equal, worse.
    public let better: Int
    /// Examples with equal scores.
    public let equal: Int
    /// Examples on which it is worse.
    public let worse: Int
    /// Where the second system loses most, the largest loss first.
    public let losses: [Pair]
    /// Where it gains most.
    public let gains: [Pair]

    /// Second minus first.
    public var difference: Double? {
      if let first, let second { second - first } else { nil }
    }
  }

  /// Examples that both have.
  public let count: Int
  /// One line a metric.
  public let lines: [Line]
  /// Examples that only the first has.
  public let onlyFirst: [JSONValue]
  /// Examples that only the second has.
  public let onlySecond: [JSONValue]

  /// Compares two files of examples by their names; metrics that both have under the same key must have
  /// the same signature. No common example or metric is an error.
  public init(_ first: ExampleFile, _ second: ExampleFile, _ settings: Settings) throws(DSXError) {
    guard first.clusters.isEmpty == second.clusters.isEmpty else {
      throw DSXError(
        .usage,
        "the examples of the \(first.clusters.isEmpty ? "second" : "first") file have clusters, "
          + "those of the other have none",
        hint: "score both with the same --cluster")
    }
    var places: [ExactText: Int] = [:]
    for (row, id) in second.ids.enumerated() { places[ExactText(id.text())] = row }
    var rows: [(first: Int, second: Int)] = []
    var lonely: [JSONValue] = []
    for (row, id) in first.ids.enumerated() {
      if let other = places.removeValue(forKey: ExactText(id.text())) {
        rows.append((row, other))
      } else {
        lonely.append(id)
      }
    }
    onlyFirst = lonely
    onlySecond = second.ids.filter { places[ExactText($0.text())] != nil }
    guard !rows.isEmpty else {
      throw DSXError(.nothingToDo, "no example is in both", hint: "ids must be the same in both")
    }
    count = rows.count
    let ids = rows.map { first.ids[$0.first] }
    let clusters = first.clusters.isEmpty ? [] : rows.map { first.clusters[$0.first] }
    var lines: [Line] = []
    for (index, item) in first.plan.items.enumerated() {
      guard let other = second.plan.items.firstIndex(where: { $0.key == item.key }) else {
        continue
      }
      let pair = try PairedTables(
        first.tables[index].selecting(rows.map(\.first)),
        second.tables[other].selecting(rows.map(\.second)))
      lines.append(try Self.line(item, pair, ids, clusters, settings))
    }
    guard !lines.isEmpty else {
      throw DSXError(
        .usage, "both have no metric in common",
        hint: "the first has \(first.plan.items.map(\.key).joined(separator: ", "))")
    }
    let tested = lines.indices.filter { lines[$0].test != nil }
    let adjusted = Holm.adjusted(tested.map { lines[$0].test?.pValue ?? 1 })
    for (place, index) in tested.enumerated() { lines[index].adjusted = adjusted[place] }
    self.lines = lines
  }

  private static func line(
    _ item: ScorePlan.Item, _ pair: PairedTables, _ ids: [JSONValue], _ clusters: [String],
    _ settings: Settings
  ) throws(DSXError) -> Line {
    let metric = item.metric
    var pairs: [Pair] = []
    for (row, (a, b)) in zip(pair.first.rowScores(), pair.second.rowScores()).enumerated() {
      if let a, let b, a.isFinite, b.isFinite {
        pairs.append(Pair(id: ids[row], first: a, second: b))
      }
    }
    let sign: Double = metric.higherIsBetter ? 1 : -1
    func gain(_ pair: Pair) -> Double { sign * (pair.second - pair.first) }
    // Equal gains stand in the order of the examples.
    let order = pairs.indices.sorted { (gain(pairs[$0]), $0) < (gain(pairs[$1]), $1) }
    let losses = order.filter { gain(pairs[$0]) < 0 }.prefix(settings.worst).map { pairs[$0] }
    let gains = order.reversed().filter { gain(pairs[$0]) > 0 }.prefix(settings.worst)
      .map { pairs[$0] }

    let sampled =
      clusters.isEmpty
      ? settings.compat == nil ? try pair.canonical() : pair
      : try PairedTables(
        pair.first.clustered(by: clusters), pair.second.clustered(by: clusters)
      ).canonical()
    let bootstrap = ExampleBootstrap(
      replicates: settings.replicates, seed: settings.seed, level: settings.level)
    let resampled = try PairedBootstrap.test(sampled, bootstrap)
    let error = resampled?.interval.standardError
    return Line(
      key: item.key, metric: metric,
      first: try metric.score(from: pair.first.total()),
      second: try metric.score(from: pair.second.total()), interval: resampled?.interval,
      test: try test(settings, pair, sampled, pairs, bootstrap, resampled?.test),
      adjusted: nil,
      // Examples without any difference say nothing of how much differences vary.
      detectable: error.flatMap { $0 > 0 ? DetectableChange.smallest(standardError: $0) : nil },
      better: pairs.count { gain($0) > 0 }, equal: pairs.count { gain($0) == 0 },
      worse: pairs.count { gain($0) < 0 }, losses: Array(losses), gains: Array(gains))
  }

  private static func test(
    _ settings: Settings, _ pair: PairedTables, _ sampled: PairedTables, _ pairs: [Pair],
    _ bootstrap: ExampleBootstrap, _ resampled: TestResult?
  ) throws(DSXError) -> TestResult? {
    let isBinary = pairs.count == pair.first.rows && pair.isRightOrWrong
    var test = settings.test
    if test == .auto {
      test = isBinary && sampled.first.rows == pair.first.rows ? .mcnemar : .bootstrap
    }
    switch test {
    case .auto, .bootstrap:
      return settings.compat == "sacrebleu"
        ? try PairedBootstrap.sacrebleu(sampled, bootstrap)?.test : resampled
    case .randomisation:
      let randomisation = ApproximateRandomisation(trials: settings.trials, seed: settings.seed)
      return settings.compat == "sacrebleu"
        ? try randomisation.sacrebleu(sampled) : try randomisation.test(sampled)
    case .wilcoxon: return Wilcoxon.test(pairs.map(\.second), pairs.map(\.first))
    case .mcnemar:
      guard isBinary else {
        throw DSXError(
          .usage,
          "McNemar's test is for metrics that are right or wrong, not \(pair.first.metric.name)",
          hint: "--test bootstrap fits every metric")
      }
      return McNemar.exact(
        onlyFirst: pairs.count { $0.first > $0.second },
        onlySecond: pairs.count { $0.second > $0.first })
    }
  }
}

extension PairedTables {
  /// Whether every example is one trial that is right or wrong.
  public var isRightOrWrong: Bool {
    first.isRightOrWrong && second.isRightOrWrong
  }

  /// The same pairs in an order that depends on what they hold only.
  public func canonical() throws(DSXError) -> PairedTables {
    var keyed: [(key: [UInt8], row: Int)] = []
    for row in 0..<first.rows {
      var key: [UInt8] = []
      JSONValue.array([try first.json(row), try second.json(row)]).write(into: &key)
      keyed.append((key, row))
    }
    keyed.sort { left, right in
      left.key == right.key
        ? left.row < right.row : left.key.lexicographicallyPrecedes(right.key)
    }
    let order = keyed.map(\.row)
    return try PairedTables(first.selecting(order), second.selecting(order))
  }
}
