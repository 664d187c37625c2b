public import DSXCore

/// lm-eval 0.4.13's `bootstrap_stderr`: chunk i of min(1000, iterations) replicates draws with
/// `random.Random(i).choices`; the error is the sample standard deviation of all replicates.
///
/// As there, iterations that are no multiple of a chunk are floored to one, and 100,000 is the
/// default; lm-eval caps BLEU, chrF and TER at 100.
public struct LMEvalBootstrap: Sendable, Equatable {
  /// Replicates asked for.
  public let iterations: Int

  /// A bootstrap of so many replicates, at least two.
  public init(iterations: Int = 100_000) { self.iterations = max(2, iterations) }

  /// How results name it.
  public var method: String { "lm-eval bootstrap, \(iterations)" }

  /// The standard error of a score of `count` examples; nil below two replicates with a score.
  public func standardError(count: Int, _ score: ([UInt32]) -> Double?) -> StandardError? {
    guard count > 0, count <= Int(UInt32.max) else { return nil }
    let chunk = min(1000, iterations)
    var results: [Double] = []
    results.reserveCapacity(iterations)
    var drawn = [UInt32](repeating: 0, count: count)
    for number in 0..<(iterations / chunk) {
      var generator = PythonRandom(seed: UInt64(number))
      for _ in 0..<chunk {
        for index in drawn.indices { drawn[index] = UInt32(generator.choice(count)) }
        if let value = score(drawn) { results.append(value) }
      }
    }
    return Moments.sampleDeviation(results).map { StandardError($0, method: method) }
  }

  /// The standard error of a table's score, rows in input order.
  public func standardError(_ table: ExampleTable) throws(DSXError) -> StandardError? {
    standardError(count: table.rows, try table.scorer())
  }
}
