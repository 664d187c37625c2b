/// Forest plot and reliability diagram. Shapes say what colours say: a triangle up for better, down for
/// worse, a circle for the same, an open diamond where nobody can tell.
extension HTMLWriter {
  /// The shape of a status around a point whose x is in per cent: drawn in a nested frame, because
  /// paths know no per cent.
  func shape(_ status: Status, x: Double, y: Double, size: Double = 5) -> String {
    let s = Self.number(size)
    let half = Self.number(size * 0.85)
    let path =
      switch status {
      case .good: "M0 -\(s)L\(s) \(half)H-\(s)Z"
      case .bad: "M0 \(s)L\(s) -\(half)H-\(s)Z"
      case .neutral: "M-\(half) 0A\(half) \(half) 0 1 1 \(half) 0A\(half) \(half) 0 1 1 -\(half) 0Z"
      case .warning, .unsure: "M0 -\(s)L\(s) 0L0 \(s)L-\(s) 0Z"
      }
    return
      "<svg class=\"point\" x=\"\(Self.percent(x))\" y=\"\(Self.number(y))\" width=\"1\" height=\"1\">"
      + "<path class=\"shape \(status.rawValue)\" d=\"\(path)\"/></svg>"
  }

  /// Two lines a change: its name and the outcome's word, below them the plot over the whole width.
  mutating func forest(_ chart: ForestPlot, named name: String) {
    let rowHeight = 36
    let left = 2.0
    let right = 98.0
    let base = max(1, chart.rows.count) * rowHeight + 2
    // Changes beyond the edge are drawn at the edge, with an arrow; ten errors are plenty.
    let ends = chart.rows.flatMap { [abs($0.low), abs($0.high)] }.filter(\.isFinite)
    let edge = min(10, max(4, (ends.max() ?? 4).rounded(.up)))
    func x(_ value: Double) -> Double {
      let place = value.isFinite ? max(-edge, min(edge, value)) : value > 0 ? edge : -edge
      return left + (right - left) * (place + edge) / (2 * edge)
    }
    openChart(height: base + 40, named: name, summary: chart.summary)
    line(
      "<rect class=\"noise\" x=\"\(Self.percent(x(-chart.noise)))\" y=\"0\""
        + " width=\"\(Self.percent(x(chart.noise) - x(-chart.noise)))\" height=\"\(base)\"/>")
    let zero = Self.percent(x(0))
    line("<line class=\"axis\" x1=\"\(zero)\" x2=\"\(zero)\" y1=\"0\" y2=\"\(base)\"/>")
    for (index, row) in chart.rows.enumerated() {
      let top = index * rowHeight
      let middle = top + 26
      line("<g>")
      line("<title>\(HTMLEscape.text("\(row.label): \(row.note)"))</title>")
      let label = HTMLEscape.text(DisplayWidth.cut(row.label, to: 30))
      line(
        "<text class=\"halo\" x=\"0\" y=\"\(top + 15)\"\(HTMLEscape.language(row.label))>\(label)</text>"
      )
      let word = HTMLEscape.text(DisplayWidth.cut(row.outcome, to: 11))
      line(
        "<text class=\"halo end tone \(row.status.rawValue)\" x=\"100%\" y=\"\(top + 15)\">\(word)</text>"
      )
      line(
        "<line class=\"interval \(row.status.rawValue)\" x1=\"\(Self.percent(x(row.low)))\""
          + " x2=\"\(Self.percent(x(row.high)))\" y1=\"\(middle)\" y2=\"\(middle)\"/>")
      line(shape(row.status, x: x(row.change), y: Double(middle)))
      if abs(row.change) > edge {
        let isRight = row.change > 0
        line(
          "<text class=\"\(isRight ? "end" : "start")\" x=\"\(isRight ? 100 : 0)%\""
            + " y=\"\(middle + 4)\">\(isRight ? "▸" : "◂")</text>")
      }
      line("</g>")
    }
    line("<line class=\"axis\" x1=\"0\" x2=\"100%\" y1=\"\(base)\" y2=\"\(base)\"/>")
    let step = edge > 6 ? 4.0 : 2.0
    let last = (edge / step).rounded(.down) * step
    for tick in stride(from: -last, through: last, by: step) {
      let place = Self.percent(x(tick))
      line(
        "<line class=\"axis\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(base)\" y2=\"\(base + 4)\"/>")
      line(
        "<text class=\"soft mid\" x=\"\(place)\" y=\"\(base + 17)\">\(NumberFormat.signed(tick, 0))</text>"
      )
    }
    line(
      "<text class=\"soft mid\" x=\"50%\" y=\"\(base + 35)\">standard errors, right is better</text>"
    )
    line("</svg>")
    line(
      "<p class=\"legend\">▲ better · ● same · ▼ worse · ◇ cannot tell · shaded: within noise</p>")
  }

  /// Accuracy over confidence; a point's size says how many answers, the line to the diagonal how far.
  mutating func reliability(_ chart: ReliabilityDiagram, named name: String) {
    let top = 10.0
    let height = 220.0
    let base = top + height
    func x(_ share: Double) -> Double { 9 + 89 * max(0, min(1, share.isFinite ? share : 0)) }
    func y(_ share: Double) -> Double {
      base - height * max(0, min(1, share.isFinite ? share : 0))
    }
    let most = Double(max(1, chart.bins.map(\.count).max() ?? 1))
    openChart(height: Int(base) + 112, named: name, summary: chart.summary)
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      let place = Self.number(y(tick))
      line("<line class=\"grid\" x1=\"9%\" x2=\"98%\" y1=\"\(place)\" y2=\"\(place)\"/>")
      line(
        "<text class=\"soft end\" x=\"8%\" y=\"\(place)\" dy=\"4\">\(NumberFormat.fixed(tick, 2))</text>"
      )
    }
    line(
      "<line class=\"marker\" x1=\"\(Self.percent(x(0)))\" y1=\"\(Self.number(y(0)))\""
        + " x2=\"\(Self.percent(x(1)))\" y2=\"\(Self.number(y(1)))\"/>")
    let floor = base + 66
    for bin in chart.bins {
      let place = Self.percent(x(bin.confidence))
      let words =
        "said \(NumberFormat.percent(bin.confidence)), right \(NumberFormat.percent(bin.accuracy)), "
        + "\(NumberFormat.grouped(bin.count)) answers"
      line("<g><title>\(HTMLEscape.text(words))</title>")
      line(
        "<line class=\"gap\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.number(y(bin.confidence)))\""
          + " y2=\"\(Self.number(y(bin.accuracy)))\"/>")
      let radius = 3 + 4 * (Double(bin.count) / most).squareRoot()
      line(
        "<circle class=\"bar\" cx=\"\(place)\" cy=\"\(Self.number(y(bin.accuracy)))\" r=\"\(Self.number(radius))\"/>"
      )
      let bar = 50 * Double(bin.count) / most
      line(
        "<rect class=\"bar faint\" x=\"\(Self.percent(x(bin.lower) + 0.3))\" y=\"\(Self.number(floor - bar))\""
          + " width=\"\(Self.percent(max(0.2, x(bin.upper) - x(bin.lower) - 0.6)))\" height=\"\(Self.number(bar))\"/></g>"
      )
    }
    // Over the bars: beside them a narrow page has no room.
    line("<text class=\"soft\" x=\"9%\" y=\"\(Self.number(floor - 54))\">answers</text>")
    line(
      "<line class=\"axis\" x1=\"9%\" x2=\"98%\" y1=\"\(Self.number(floor))\" y2=\"\(Self.number(floor))\"/>"
    )
    for tick in [0, 0.25, 0.5, 0.75, 1] {
      line(
        "<text class=\"soft \(tick == 1 ? "end" : "mid")\" x=\"\(Self.percent(tick == 1 ? 98.5 : x(tick)))\""
          + " y=\"\(Self.number(floor + 18))\">\(NumberFormat.fixed(tick, 2))</text>")
    }
    line(
      "<text class=\"soft mid\" x=\"54%\" y=\"\(Self.number(floor + 38))\">confidence</text>")
    line("</svg>")
    line(
      "<p class=\"legend\">height: share of right answers · dashed: as sure as right · bars: answers"
        + "</p>")
  }
}
