public import DSXCore

/// Two systems' statistics over the same examples, row by row.
public struct PairedTables: Sendable {
  /// The first system (baseline).
  public let first: ExampleTable
  /// The second system.
  public let second: ExampleTable

  /// Tables of one metric with as many rows.
  public init(_ first: ExampleTable, _ second: ExampleTable) throws(DSXError) {
    guard first.metric.signature.hasBytes(of: second.metric.signature), first.rows == second.rows
    else {
      throw DSXError(
        .usage,
        "\(first.rows) examples of \(first.metric.name) (\(first.metric.signature)) cannot be "
          + "paired with \(second.rows) of \(second.metric.name) (\(second.metric.signature))")
    }
    self.first = first
    self.second = second
  }

  /// The difference second - first of the scores of drawn rows.
  func difference() throws(DSXError) -> ([UInt32]) -> Double? {
    let (a, b) = (try first.scorer(), try second.scorer())
    return { drawn in
      guard let a = a(drawn), let b = b(drawn) else { return nil }
      return b - a
    }
  }

  var everyRow: [UInt32] { (0..<UInt32(clamping: first.rows)).map { $0 } }
}

/// The paired bootstrap: both systems are scored on the same resampled examples.
public enum PairedBootstrap {
  /// The test and the interval of the difference.
  public struct Outcome: Sendable, Equatable {
    /// Score of the second system minus that of the first.
    public var difference: Double
    /// The test.
    public var test: TestResult
    /// The interval of the difference.
    public var interval: Interval
  }

  /// Differences that equal the observed one but for rounding count as equal: 1 less 1e-9.
  static let tieSlack = 1 - 1e-9

  /// p = (resamples whose difference is at least as far from the observed one as that is from 0, plus
  /// 1) / (resamples + 1): the bootstrap distribution moved to no difference. 1 at zero difference.
  public static func test(_ pair: PairedTables, _ bootstrap: ExampleBootstrap)
    throws(DSXError) -> Outcome?
  {
    let difference = try pair.difference()
    guard let observed = difference(pair.everyRow) else { return nil }
    let differences = bootstrap.scores(rows: pair.first.rows, difference)
    guard
      let interval = Interval.percentile(
        differences, level: bootstrap.level, method: "paired " + bootstrap.method)
    else { return nil }
    let bar = abs(observed) * Self.tieSlack
    let extreme = differences.count { abs($0 - observed) >= bar }
    let p = Double(extreme + 1) / Double(differences.count + 1)
    return Outcome(
      difference: observed,
      test: TestResult(
        statistic: observed, pValue: observed == 0 ? 1 : p,
        method: "paired bootstrap, \(bootstrap.replicates) seed \(bootstrap.seed)"),
      interval: interval)
  }

  /// sacrebleu 2.6.0's `PairedTest(test_type="bs")`: single precision, rows in input order, and
  /// p = (count(||d*| - mean |d*|| > |d|) + 1) / (n + 1), without taking the outer modulus. A system that is
  /// the baseline itself gets 1 / (n + 1), as there.
  public static func sacrebleu(_ pair: PairedTables, _ bootstrap: ExampleBootstrap)
    throws(DSXError) -> (test: TestResult, first: Interval, second: Interval)?
  {
    guard let a = pair.first.score(pair.everyRow), let b = pair.second.score(pair.everyRow) else {
      return nil
    }
    let first = bootstrap.scores(rows: pair.first.rows, try pair.first.singlePrecisionScore())
    let second = bootstrap.scores(rows: pair.second.rows, try pair.second.singlePrecisionScore())
    guard first.count == second.count, !first.isEmpty,
      let firstInterval = ExampleBootstrap.sacrebleu(
        first, level: bootstrap.level, seed: bootstrap.seed),
      let secondInterval = ExampleBootstrap.sacrebleu(
        second, level: bootstrap.level, seed: bootstrap.seed)
    else { return nil }
    let isSingle = PairwiseSum.isSingle(first + second)
    let differences = zip(first, second).map { a, b in
      abs(PairwiseSum.difference(b, a, isSingle: isSingle))
    }
    let mean = PairwiseSum.mean(differences)
    // NumPy compares single precision numbers with a Python number in single precision.
    let observed = isSingle ? Double(Float(abs(a - b))) : abs(a - b)
    let extreme = differences.count {
      PairwiseSum.difference($0, mean, isSingle: isSingle) > observed
    }
    return (
      TestResult(
        statistic: b - a, pValue: Double(extreme + 1) / Double(differences.count + 1),
        method: "sacrebleu paired bootstrap, \(bootstrap.replicates) seed \(bootstrap.seed)"),
      firstInterval, secondInterval
    )
  }
}

/// Approximate randomisation: the systems' outputs are swapped example by example at random.
public struct ApproximateRandomisation: Sendable, Equatable {
  /// Number of trials.
  public let trials: Int
  /// Seed of the generator.
  public let seed: UInt64

  /// 10,000 trials with seed 12345.
  public init(trials: Int = 10_000, seed: UInt64 = 12345) {
    self.trials = max(1, trials)
    self.seed = seed
  }

  /// p = (trials whose difference is at least the observed one, plus 1) / (trials + 1); nil when a score
  /// is not defined. Swaps: bits of 32-bit words of NumPy's `default_rng(seed)`, lowest first.
  public func test(_ pair: PairedTables) throws(DSXError) -> TestResult? {
    try test(pair, isStrict: false)
  }

  /// sacrebleu 2.6.0's rule: only trials *above* the observed difference count, so that a system that is
  /// the baseline itself gets 1 / (trials + 1).
  public func sacrebleu(_ pair: PairedTables) throws(DSXError) -> TestResult? {
    try test(pair, isStrict: true)
  }

  private func test(_ pair: PairedTables, isStrict: Bool) throws(DSXError) -> TestResult? {
    let rows = pair.first.rows
    guard rows > 0, rows < Int(UInt32.max) / 2, let a = pair.first.score(pair.everyRow),
      let b = pair.second.score(pair.everyRow)
    else { return nil }
    let observed = abs(a - b)
    // One table of both systems, so that a pseudo-system is a draw of rows.
    var both = pair.first
    try both.append(pair.second)
    let score = try both.scorer()
    var generator = PCG64(seed: seed)
    var bits: UInt32 = 0
    var left = 0
    var one = [UInt32](repeating: 0, count: rows)
    var other = one
    var extreme = 0
    for _ in 0..<trials {
      for row in 0..<rows {
        if left == 0 {
          bits = generator.next32()
          left = 32
        }
        let keeps = bits & 1 == 1
        bits >>= 1
        left -= 1
        one[row] = UInt32(keeps ? row : row + rows)
        other[row] = UInt32(keeps ? row + rows : row)
      }
      guard let x = score(one), let y = score(other) else { continue }
      let difference = abs(x - y)
      let isExtreme =
        isStrict ? difference > observed : difference >= observed * PairedBootstrap.tieSlack
      if isExtreme { extreme += 1 }
    }
    return TestResult(
      statistic: b - a, pValue: Double(extreme + 1) / Double(trials + 1),
      method: (isStrict ? "sacrebleu " : "") + "approximate randomisation, \(trials) seed \(seed)")
  }

  /// sacrebleu 2.6.0's `n_ar_confidence`: the interval of the second system's score from resamples that
  /// are drawn after all swaps.
  public func sacrebleuInterval(_ pair: PairedTables, replicates: Int) throws(DSXError)
    -> Interval?
  {
    var generator = PCG64(seed: seed)
    for _ in 0..<((pair.first.rows * trials + 31) / 32) { _ = generator.next32() }
    let bootstrap = ExampleBootstrap(replicates: replicates, seed: seed)
    return ExampleBootstrap.sacrebleu(
      bootstrap.scores(
        rows: pair.second.rows, &generator, try pair.second.singlePrecisionScore()),
      level: bootstrap.level, seed: seed)
  }
}
