internal import Glibc

/// A statistic and its two-sided p-value.
public struct TestResult: Sendable, Equatable {
  /// The test's statistic.
  public var statistic: Double
  /// The probability of a statistic at least as extreme if there is no difference.
  public var pValue: Double
  /// `mcnemar exact`, `wilcoxon exact`, ...
  public var method: String

  /// A result.
  public init(statistic: Double, pValue: Double, method: String) {
    self.statistic = statistic
    self.pValue = pValue
    self.method = method
  }
}

/// McNemar's exact test: of the examples that exactly one of two systems gets right, is it each half
/// of the time?
public enum McNemar {
  /// Two-sided: min(1, 2 P(X <= min)) with X binomial over the discordant examples; 1 without any.
  /// Equals scipy 1.17.1 `binomtest(min, n, 0.5)`.
  ///
  /// - Parameters:
  ///   - onlyFirst: examples that only the first system gets right.
  ///   - onlySecond: those that only the second gets right.
  public static func exact(onlyFirst: Int, onlySecond: Int) -> TestResult {
    let n = max(0, onlyFirst) + max(0, onlySecond)
    let least = min(max(0, onlyFirst), max(0, onlySecond))
    var p = 1.0
    if 2 * least < n {
      let whole = BetaDistribution.logGamma(Double(n) + 1)
      var tail = 0.0
      for k in 0...least {
        tail += exp(
          whole - BetaDistribution.logGamma(Double(k) + 1)
            - BetaDistribution.logGamma(Double(n - k) + 1) - Double(n) * M_LN2)
      }
      p = min(1, 2 * tail)
    }
    return TestResult(statistic: Double(least), pValue: p, method: "mcnemar exact")
  }
}

/// Student's t test of paired differences.
public enum PairedT {
  /// nil below two pairs. Equal pairs throughout: statistic 0, p 1; one constant difference: p 0.
  public static func test(_ first: [Double], _ second: [Double]) -> TestResult? {
    guard first.count == second.count, first.count > 1 else { return nil }
    let differences = zip(first, second).map { $0 - $1 }
    guard let mean = Moments.mean(differences), let error = Moments.meanError(differences) else {
      return nil
    }
    guard error > 0 else {
      return mean == 0
        ? TestResult(statistic: 0, pValue: 1, method: "paired t")
        : TestResult(
          statistic: mean < 0 ? -.infinity : .infinity, pValue: 0, method: "paired t")
    }
    let t = mean / error
    let freedom = Double(differences.count - 1)
    let p = BetaDistribution.cumulative(freedom / (freedom + t * t), freedom / 2, 0.5)
    return TestResult(statistic: t, pValue: p, method: "paired t")
  }
}

/// Holm's step-down correction of several p-values.
public enum Holm {
  /// The adjusted p-values in the order given: reject those below alpha, and at most a share alpha
  /// of families has a false rejection. Source: Holm (1979).
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
    var adjusted = pValues
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}

/// What a comparison of this size can show.
public enum DetectableChange {
  /// The smallest true difference that a two-sided test at `alpha` finds with probability `power`:
  /// (z(1 - alpha/2) + z(power)) × the standard error of the difference.
  public static func smallest(standardError: Double, alpha: Double = 0.05, power: Double = 0.8)
    -> Double
  {
    (NormalDistribution.quantile(1 - alpha / 2) + NormalDistribution.quantile(power))
      * standardError
  }
}
