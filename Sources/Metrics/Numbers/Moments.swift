/// Mean and deviation of a list of numbers.
public enum Moments {
  /// The mean; nil without values.
  public static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// sqrt(sum (x - mean)² / (n - 1)), in two passes; nil below two values.
  public static func sampleDeviation(_ values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(values) else { return nil }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// The standard error of the mean, deviation / sqrt(n), as lm-eval's `mean_stderr`.
  public static func meanError(_ values: [Double]) -> Double? {
    sampleDeviation(values).map { $0 / Double(values.count).squareRoot() }
  }
}
