/// Places of a histogram: x in per cent of the width (9 to 99), y in pixels.
struct HistogramScale {
  /// Room above the plot for the markers' words.
  static let top = 34
  /// The plot's height.
  static let plotHeight = 170

  private let chart: Histogram
  private let highest: Double
  /// Lines across, with their counts.
  let countTicks: [Double]
  /// Values under the axis.
  let valueTicks: [Double]
  private let valueDecimals: Int

  init(_ chart: Histogram) {
    self.chart = chart
    let largest = Double(
      max(1, chart.counts.max() ?? 1, chart.referenceCounts.max() ?? 1))
    let step = max(1, RoundScale.step(atLeast: largest / 4))
    let whole = step.rounded() == step ? step : step * 2
    let lines = Int((largest / whole).rounded(.up))
    highest = Double(lines) * whole
    countTicks = (1...max(1, lines)).map { Double($0) * whole }
    if chart.edgeLabels == nil {
      valueTicks = RoundScale.ticks(chart.lower, chart.upper, count: 5)
    } else {
      // Four bins a doubling are usual: steps of whole doublings where there are many bins.
      let bins = chart.counts.count
      let step = bins <= 8 ? max(1, (bins + 3) / 4) : (bins + 23) / 24 * 4
      valueTicks = stride(from: 0, through: bins, by: step).map(Double.init)
    }
    let gap = valueTicks.count > 1 ? valueTicks[1] - valueTicks[0] : chart.upper - chart.lower
    valueDecimals = RoundScale.decimals(ofStep: gap)
  }

  /// The place of a value, in per cent.
  func x(_ value: Double) -> Double {
    guard chart.upper > chart.lower, value.isFinite else { return 9 }
    return 9 + 90 * (value - chart.lower) / (chart.upper - chart.lower)
  }

  /// The height of a count, in pixels from the top.
  func y(_ count: Double) -> Double {
    Double(Self.top) + Double(Self.plotHeight) * (1 - count / highest)
  }

  /// The outline of the counts to compare with, in thousandths of the plot's width and pixels.
  var referenceSteps: String? {
    let counts = chart.referenceCounts
    guard counts.count == chart.counts.count, counts.contains(where: { $0 > 0 }) else { return nil }
    let width = 1000 / Double(counts.count)
    var path = "M0 \(Self.top + Self.plotHeight)"
    for (index, count) in counts.enumerated() {
      path += "V" + HTMLWriter.number(y(Double(count)))
      path += "H" + HTMLWriter.number(width * Double(index + 1))
    }
    return path + "V\(Self.top + Self.plotHeight)"
  }

  /// The width of a bar with its gap, in per cent.
  var barWidth: Double { 90 / Double(max(1, chart.counts.count)) }

  /// The left edge of a bin, as a value.
  func edge(_ index: Int) -> Double {
    chart.lower + (chart.upper - chart.lower) * Double(index) / Double(max(1, chart.counts.count))
  }

  /// A value as the axis writes it; between two ticks with up to two more digits.
  func valueText(_ value: Double) -> String {
    if let labels = chart.edgeLabels {
      let index = value.isFinite ? Int(max(0, min(value, 1e6)).rounded()) : 0
      return labels.indices.contains(index) ? labels[index] : ""
    }
    let bin = (chart.upper - chart.lower) / Double(max(1, chart.counts.count))
    let isTick = valueTicks.contains { abs($0 - value) < bin * 1e-6 }
    let decimals = isTick ? valueDecimals : RoundScale.decimals(ofStep: bin)
    return NumberFormat.fixed(value, min(decimals, 6))
  }

  /// The markers inside the axis, left to right.
  var visibleMarkers: [Histogram.Marker] {
    chart.markers.filter { (chart.lower...max(chart.lower, chart.upper)).contains($0.value) }
      .sorted { $0.value < $1.value }
  }
}
