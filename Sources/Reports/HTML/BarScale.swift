/// Where bars end, in per cent of the chart's width: zero at 34 %, the maximum at 88 %.
struct BarScale {
  static let left = 34.0
  static let span = 54.0
  private let maximum: Double

  init(_ chart: BarChart) {
    let largest =
      chart.bars.map { bar in
        let error = bar.standardError ?? 0
        return (bar.value.isFinite ? bar.value : 0) + (error.isFinite ? 1.96 * error : 0)
      }.max() ?? 0
    maximum = chart.maximum ?? (largest > 0 ? largest : 1)
  }

  /// The length of a bar.
  func width(_ value: Double) -> Double {
    guard value.isFinite, value > 0, maximum > 0, maximum.isFinite else { return 0 }
    return Self.span * min(1, value / maximum)
  }

  /// The right end of a bar.
  func right(_ value: Double) -> Double { Self.left + width(value) }

  /// Both ends of the whisker of 1.96 standard errors.
  func whisker(_ bar: BarChart.Bar) -> (Double, Double)? {
    guard let error = bar.standardError, error.isFinite, error > 0, bar.value.isFinite else {
      return nil
    }
    return (right(bar.value - 1.96 * error), right(bar.value + 1.96 * error))
  }
}
