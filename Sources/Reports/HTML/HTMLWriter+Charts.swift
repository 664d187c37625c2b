/// Charts as SVG whose horizontal places are per cent of the panel, so that they fit any width while
/// letters keep their size.
extension HTMLWriter {
  /// Opens a chart with its name and description for those who cannot see it.
  mutating func openChart(height: Int, named name: String, summary: String) {
    let title = id("t")
    let description = id("d")
    line(
      "<svg role=\"img\" aria-labelledby=\"\(title) \(description)\" width=\"100%\" height=\"\(height)\">"
    )
    line("<title id=\"\(title)\">\(HTMLEscape.text(name))</title>")
    line("<desc id=\"\(description)\">\(HTMLEscape.text(summary))</desc>")
  }

  /// A number for an SVG attribute: two digits at most, no exponent, no separators.
  static func number(_ value: Double) -> String {
    var digits = NumberFormat.plain(value.isFinite ? value : 0, 2)
    while digits.contains("."), digits.hasSuffix("0") || digits.hasSuffix(".") {
      let wasPoint = digits.hasSuffix(".")
      digits.removeLast()
      if wasPoint { break }
    }
    return digits == "-0" ? "0" : digits
  }

  /// Per cent for an SVG attribute.
  static func percent(_ value: Double) -> String { number(value) + "%" }

  /// Bars: names up to 33 %, bars from 34 % to 88 % of the width, numbers after the bar.
  mutating func bars(_ chart: BarChart, named name: String) {
    let scale = BarScale(chart)
    let rowHeight = 22
    openChart(height: max(1, chart.bars.count) * rowHeight, named: name, summary: chart.summary)
    line("<line class=\"axis\" x1=\"34%\" x2=\"34%\" y1=\"0\" y2=\"100%\"/>")
    for (index, bar) in chart.bars.enumerated() {
      let top = index * rowHeight
      let number = NumberFormat.fixed(bar.value, chart.decimals)
      let error = bar.standardError.map { " ± " + NumberFormat.fixed($0, chart.decimals + 1) } ?? ""
      let note = bar.note.map { ", " + $0 } ?? ""
      let marked = bar.isMarked ? " marked" : ""
      line("<g>")
      line("<title>\(HTMLEscape.text("\(bar.label): \(number)\(error)\(note)"))</title>")
      chartLabel(bar.label, y: top + 15)
      let width = Self.percent(scale.width(bar.value))
      line(
        "<rect class=\"bar\(marked)\" x=\"34%\" y=\"\(top + 4)\" width=\"\(width)\" height=\"14\" rx=\"2\"/>"
      )
      var right = scale.right(bar.value)
      if let ends = scale.whisker(bar) {
        let middle = top + 11
        line(
          "<line class=\"whisker\" x1=\"\(Self.percent(ends.0))\" x2=\"\(Self.percent(ends.1))\""
            + " y1=\"\(middle)\" y2=\"\(middle)\"/>")
        right = max(right, ends.1)
      }
      if let reference = bar.reference, reference.isFinite {
        let x = Self.percent(scale.right(reference))
        line(
          "<line class=\"reference\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(top + 1)\" y2=\"\(top + 21)\"/>"
        )
        right = max(right, scale.right(reference))
      }
      let style = bar.isMarked ? "marked-text" : "soft"
      let sign = bar.isMarked ? " ◂" : ""
      line(
        "<text class=\"\(style)\" x=\"\(Self.percent(right))\" dx=\"6\" y=\"\(top + 15)\">"
          + "\(number)\(sign)</text>")
      line("</g>")
    }
    line("</svg>")
    var legend: [String] = []
    if let meaning = chart.markMeaning, chart.bars.contains(where: \.isMarked) {
      legend.append("◂ " + meaning)
    }
    if chart.bars.contains(where: { $0.reference != nil }) {
      legend.append("┃ " + (chart.referenceMeaning ?? "reference"))
    }
    if !legend.isEmpty { line(element("p", legend.joined(separator: " · "), class: "legend")) }
  }

  /// A name left of a chart: with less room a shorter one.
  mutating func chartLabel(_ label: String, y: Int) {
    let language = HTMLEscape.language(label)
    let long = DisplayWidth.cut(label, to: 21)
    let short = DisplayWidth.cut(label, to: 14)
    if long != short {
      line(
        "<text class=\"end wide\" x=\"33%\" y=\"\(y)\"\(language)>\(HTMLEscape.text(long))</text>")
    }
    let style = long == short ? "end" : "end narrow"
    line(
      "<text class=\"\(style)\" x=\"33%\" y=\"\(y)\"\(language)>\(HTMLEscape.text(short))</text>")
  }

  /// A histogram: the plot lies between 9 % and 99 % of the width.
  mutating func histogram(_ chart: Histogram, named name: String) {
    let scale = HistogramScale(chart)
    let plot = HistogramScale.plotHeight
    openChart(height: plot + 46 + HistogramScale.top, named: name, summary: chart.summary)
    let base = HistogramScale.top + plot
    for tick in scale.countTicks {
      let y = Self.number(scale.y(tick))
      line("<line class=\"grid\" x1=\"9%\" x2=\"99%\" y1=\"\(y)\" y2=\"\(y)\"/>")
      line(
        "<text class=\"soft end\" x=\"8%\" y=\"\(y)\" dy=\"4\">\(NumberFormat.fixed(tick, 0))</text>"
      )
    }
    for (index, count) in chart.counts.enumerated() where count > 0 {
      let from = scale.valueText(scale.edge(index))
      let to = scale.valueText(scale.edge(index + 1))
      let y = scale.y(Double(count))
      line(
        "<rect class=\"bar\" x=\"\(Self.percent(scale.x(scale.edge(index)) + 0.1))\""
          + " y=\"\(Self.number(y))\" width=\"\(Self.percent(scale.barWidth - 0.2))\""
          + " height=\"\(Self.number(Double(base) - y))\">"
          + "<title>\(HTMLEscape.text("\(from) to \(to): \(NumberFormat.grouped(count)) \(chart.unit)"))"
          + "</title></rect>")
    }
    if let steps = scale.referenceSteps {
      line(
        "<svg class=\"plot\" x=\"9%\" y=\"0\" width=\"90%\" height=\"\(base)\""
          + " viewBox=\"0 0 1000 \(base)\" preserveAspectRatio=\"none\">"
          + "<path class=\"steps\" d=\"\(steps)\"/></svg>")
    }
    line("<line class=\"axis\" x1=\"9%\" x2=\"99%\" y1=\"\(base)\" y2=\"\(base)\"/>")
    for tick in scale.valueTicks {
      let x = Self.percent(scale.x(tick))
      line("<line class=\"axis\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(base)\" y2=\"\(base + 4)\"/>")
      // A last tick at the very end would stand half outside: it ends at its place instead.
      let anchor = scale.x(tick) > 96 ? "end" : "mid"
      line(
        "<text class=\"soft \(anchor)\" x=\"\(x)\" y=\"\(base + 18)\">\(scale.valueText(tick))</text>"
      )
    }
    for (index, marker) in scale.visibleMarkers.enumerated() {
      let x = scale.x(marker.value)
      let isRight = x > 60
      let y = 12 + index % 2 * 15
      line(
        "<line class=\"marker\" x1=\"\(Self.percent(x))\" x2=\"\(Self.percent(x))\" y1=\"\(y - 8)\""
          + " y2=\"\(base)\"/>")
      line(
        "<text class=\"\(isRight ? "end" : "start")\" x=\"\(Self.percent(x))\""
          + " dx=\"\(isRight ? -5 : 5)\" y=\"\(y)\"\(HTMLEscape.language(marker.label))>"
          + "\(HTMLEscape.text(marker.label))</text>")
    }
    line(
      "<text class=\"soft mid\" x=\"54%\" y=\"\(base + 38)\">\(HTMLEscape.text(chart.axis))</text>")
    line("</svg>")
    if scale.referenceSteps != nil {
      line(element("p", "bars: this run · line: \(chart.referenceMeaning)", class: "legend"))
    }
    if chart.outside > 0 {
      line(
        element(
          "p", "\(NumberFormat.grouped(chart.outside)) \(chart.unit) outside", class: "legend"))
    }
  }
}
