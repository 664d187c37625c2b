/// A line of small bars: the shape of a trend in text.
enum TextTrend {
  static func text(_ values: [Double?]) -> String {
    let finite = values.compactMap { $0 }.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return "" }
    let bars = Array("▁▂▃▄▅▆▇█".unicodeScalars)
    var text = String.UnicodeScalarView()
    for value in values {
      guard let value, value.isFinite else {
        text.append("·")
        continue
      }
      let share = high > low ? (value - low) / (high - low) : 0.5
      text.append(bars[min(7, Int(share * 8))])
    }
    return String(text)
  }
}
