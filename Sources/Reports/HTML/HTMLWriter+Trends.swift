/// A number over runs, large and small.
extension HTMLWriter {
  /// The trend with axis: the plot lies between 11 % and 97 % of the width.
  mutating func trend(_ chart: TrendChart, named name: String) {
    let scale = TrendScale(chart)
    openChart(height: TrendScale.height, named: name, summary: chart.summary)
    for tick in scale.ticks {
      let y = Self.number(scale.y(tick))
      line("<line class=\"grid\" x1=\"11%\" x2=\"97%\" y1=\"\(y)\" y2=\"\(y)\"/>")
      line(
        "<text class=\"soft end\" x=\"10%\" y=\"\(y)\" dy=\"4\">\(scale.text(tick))</text>")
    }
    line(
      "<svg class=\"trend plot\" x=\"11%\" y=\"0\" width=\"86%\" height=\"\(TrendScale.height)\""
        + " viewBox=\"0 0 1000 \(TrendScale.height)\" preserveAspectRatio=\"none\">")
    for band in scale.bands { line("<path class=\"band\" d=\"\(band)\"/>") }
    for path in scale.lines { line("<path class=\"line\" d=\"\(path)\"/>") }
    line("</svg>")
    var kinds: [String] = []
    for (index, point) in chart.points.enumerated() where !point.changed.isEmpty {
      let x = Self.percent(scale.x(index))
      for kind in point.changed where !kinds.contains(kind) { kinds.append(kind) }
      let letters = point.changed.map { $0.prefix(1).uppercased() }.joined()
      let words = "\(point.label): changed \(point.changed.joined(separator: ", "))"
      line("<g><title>\(HTMLEscape.text(words))</title>")
      line(
        "<line class=\"marker\" x1=\"\(x)\" x2=\"\(x)\" y1=\"18\" y2=\"\(TrendScale.base)\"/>")
      line("<text class=\"mid mark\" x=\"\(x)\" y=\"13\">\(HTMLEscape.text(letters))</text></g>")
    }
    if let baseline = chart.baseline, baseline.isFinite {
      let y = Self.number(scale.y(baseline))
      line("<line class=\"reference thin\" x1=\"11%\" x2=\"97%\" y1=\"\(y)\" y2=\"\(y)\"/>")
    }
    for (index, point) in chart.points.enumerated() {
      guard let value = point.value, value.isFinite else { continue }
      let margin =
        point.ends.map { ", \(scale.text($0.lowerBound)) to \(scale.text($0.upperBound))" }
        ?? point.margin.map { " ± " + scale.text($0) } ?? ""
      let words = HTMLEscape.text("\(point.label): \(scale.text(value))\(margin)")
      let x = scale.x(index)
      line("<g><title>\(words)</title>")
      if index == chart.points.count - 1 {
        line(shape(point.status ?? .neutral, x: x, y: scale.y(value)) + "</g>")
      } else {
        line(
          "<circle class=\"bar\" cx=\"\(Self.percent(x))\" cy=\"\(Self.number(scale.y(value)))\" r=\"2\"/></g>"
        )
      }
    }
    let base = TrendScale.base
    line("<line class=\"axis\" x1=\"11%\" x2=\"97%\" y1=\"\(base)\" y2=\"\(base)\"/>")
    for (place, index) in scale.labelled.enumerated() {
      let isLast = index == chart.points.count - 1
      let anchor = place == 0 ? "start" : isLast ? "end" : "mid wide"
      line(
        "<text class=\"soft \(anchor)\" x=\"\(Self.percent(scale.x(index)))\" y=\"\(base + 18)\">"
          + "\(HTMLEscape.text(DisplayWidth.cut(chart.points[index].label, to: 12)))</text>")
    }
    line("</svg>")
    var legend = ["band: 95 % interval of each \(chart.pointMeaning)"]
    if let baseline = chart.baseline, baseline.isFinite {
      legend.append("┅ \(chart.baselineMeaning) \(scale.text(baseline))")
    }
    legend += kinds.map { "\($0.prefix(1).uppercased()): \($0) changed" }
    line(element("p", legend.joined(separator: " · "), class: "legend"))
  }

  /// A line of 96 by 22 pixels with the last value's shape.
  func spark(_ spark: Sparkline, described words: String) -> String {
    let values = spark.values.map { $0.flatMap { $0.isFinite ? $0 : nil } }
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max(), values.count > 1 else {
      return
        "<span class=\"muted\">\(HTMLEscape.text(words.isEmpty ? NumberFormat.missing : words))</span>"
    }
    func x(_ index: Int) -> Double { 3 + 84 * Double(index) / Double(values.count - 1) }
    func y(_ value: Double) -> Double {
      high > low ? 18 - 14 * ((value - low) / (high - low)) : 11
    }
    var path = ""
    var isDrawing = false
    for (index, value) in values.enumerated() {
      guard let value else {
        isDrawing = false
        continue
      }
      path += "\(isDrawing ? "L" : "M")\(Self.number(x(index))) \(Self.number(y(value)))"
      isDrawing = true
    }
    let last = values.lastIndex { $0 != nil } ?? 0
    let mark = shape(
      spark.status, x: x(last) / 96 * 100, y: y(values[last] ?? low), size: 4)
    return "<svg class=\"spark\" role=\"img\" aria-label=\"\(HTMLEscape.text(words))\" width=\"96\""
      + " height=\"22\"><title>\(HTMLEscape.text(words))</title>"
      + "<path class=\"line \(spark.status.rawValue)\" d=\"\(path)\"/>\(mark)</svg>"
  }
}

/// Places of a trend: x in per cent of the width (11 to 97), y in pixels.
struct TrendScale {
  static let height = 246
  static let base = 220
  private static let top = 24.0

  private let chart: TrendChart
  private let low: Double
  private let high: Double
  /// Values with a line across.
  let ticks: [Double]
  private let decimals: Int

  init(_ chart: TrendChart) {
    self.chart = chart
    var ends: [Double] = []
    for point in chart.points {
      guard let value = point.value, value.isFinite else { continue }
      let band = point.band(value, in: chart.range)
      ends += [band.lowerBound, band.upperBound, value]
    }
    if let baseline = chart.baseline, baseline.isFinite { ends.append(baseline) }
    var low = ends.min() ?? 0
    var high = ends.max() ?? 1
    if high - low <= abs(high) * 1e-12 {
      let pad = max(abs(high) * 0.05, 1e-9)
      (low, high) = (low - pad, high + pad)
      if chart.range.contains(high - pad) {
        low = max(low, chart.range.lowerBound)
        high = min(high, chart.range.upperBound)
      }
    }
    // Room for the marks at both ends; what the number cannot be has no tick there.
    let pad = (high - low) * 0.04
    self.low = low - pad
    self.high = high + pad
    let ticks = RoundScale.ticks(
      max(self.low, min(low, chart.range.lowerBound)),
      min(self.high, max(high, chart.range.upperBound)), count: 4)
    self.ticks = ticks
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : high - low
    decimals = min(6, RoundScale.decimals(ofStep: step))
  }

  /// The place of a run, in per cent.
  func x(_ index: Int) -> Double { 11 + 0.086 * thousandths(index) }

  private func thousandths(_ index: Int) -> Double {
    // Half a step of room at both ends keeps the last shape inside.
    15 + 970 * (chart.points.count > 1 ? Double(index) / Double(chart.points.count - 1) : 0.5)
  }

  /// The place of a value, in pixels.
  func y(_ value: Double) -> Double {
    let share = max(0, min(1, (value - low) / (high - low)))
    return Double(Self.base) - (Double(Self.base) - Self.top) * share
  }

  /// A value as the axis writes it, with one digit more where it lies between two ticks.
  func text(_ value: Double) -> String {
    if max(abs(low), abs(high)) >= 1e7 { return NumberFormat.scientific(value) }
    let isTick = ticks.contains { abs($0 - value) <= (high - low) * 1e-9 }
    return NumberFormat.fixed(value, isTick ? decimals : decimals + 1)
  }

  /// Runs of points that have a value, as indices.
  private var pieces: [[Int]] {
    var pieces: [[Int]] = [[]]
    for (index, point) in chart.points.enumerated() {
      if let value = point.value, value.isFinite {
        pieces[pieces.count - 1].append(index)
      } else if pieces.last?.isEmpty == false {
        pieces.append([])
      }
    }
    return pieces.filter { !$0.isEmpty }
  }

  private func place(_ index: Int, _ value: Double) -> String {
    HTMLWriter.number(thousandths(index)) + " " + HTMLWriter.number(y(value))
  }

  /// The lines, in thousandths of the plot's width and pixels.
  var lines: [String] {
    pieces.map { piece in
      "M" + piece.map { place($0, chart.points[$0].value ?? 0) }.joined(separator: "L")
    }
  }

  /// The bands around them.
  var bands: [String] {
    pieces.filter {
      $0.count > 1 && (chart.points[$0[0]].margin ?? chart.points[$0[0]].ends?.lowerBound) != nil
    }.map { piece in
      func edge(_ index: Int, _ sign: Double) -> String {
        let point = chart.points[index]
        let band = point.band(point.value ?? 0, in: chart.range)
        return place(index, sign > 0 ? band.upperBound : band.lowerBound)
      }
      return "M" + piece.map { edge($0, 1) }.joined(separator: "L") + "L"
        + piece.reversed().map { edge($0, -1) }.joined(separator: "L") + "Z"
    }
  }

  /// Runs with a name under the axis: the first, the last and some between.
  var labelled: [Int] {
    let last = chart.points.count - 1
    guard last > 0 else { return last == 0 ? [0] : [] }
    let parts = min(3, last)
    return (0...parts).map { $0 * last / parts }
  }
}
