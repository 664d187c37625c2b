internal import DSXCore

/// The words of a progress report: one line, never wider than the terminal.
struct ProgressLine {
  /// What is known.
  var progress: Progress
  /// Seconds since the work began.
  var seconds: Double
  /// Units that were finished before it began.
  var before = 0

  /// `preparing: 42 %, 12.3 of 29.1 MB, 8.1 MB/s, 0:02 left`
  var text: String {
    var parts: [String] = []
    if let percent { parts.append("\(percent) %") }
    parts.append(amount)
    if let rate { parts.append(rate) }
    if let alsoRate { parts.append(alsoRate) }
    if let left { parts.append(left) }
    return progress.phase + ": " + parts.joined(separator: ", ")
  }

  /// The line for a terminal of `width` columns: a bar where there is room for one.
  func bar(width: Int, unicode: Bool, color: Bool) -> String {
    let room = width - 1 - text.utf8.count - 3
    guard let fraction, room >= 10 else {
      return String(decoding: text.utf8.prefix(max(0, width - 1)), as: UTF8.self)
    }
    let cells = min(30, room)
    let full = Int(fraction * Double(cells))
    let (on, off) = unicode ? ("█", "░") : ("#", "-")
    var bar = String(repeating: on, count: full)
    if color { bar = "\u{1b}[32m" + bar + "\u{1b}[0m" }
    return "[" + bar + String(repeating: off, count: cells - full) + "] " + text
  }

  private var fraction: Double? {
    guard let total = progress.total, total > 0 else { return nil }
    return min(1, max(0, Double(progress.done) / Double(total)))
  }

  private var percent: Int? { fraction.map { Int($0 * 100) } }

  private var isBytes: Bool { progress.unit == "bytes" }

  private var amount: String {
    if isBytes {
      let done = Self.decimal(Double(progress.done) / 1e6, 1)
      let total = progress.total.map { " of " + Self.decimal(Double($0) / 1e6, 1) } ?? ""
      return done + total + " MB"
    }
    let total = progress.total.map { " of \($0)" } ?? ""
    return "\(progress.done)\(total) \(progress.unit)"
  }

  private var rate: String? {
    guard seconds > 0.2, progress.done > before else { return nil }
    let each = Double(progress.done - before) / seconds
    return isBytes
      ? Self.decimal(each / 1e6, 1) + " MB/s" : Self.decimal(each, 1) + " \(progress.unit)/s"
  }

  /// `1.2 M tokens/s`
  private var alsoRate: String? {
    guard let also = progress.also, seconds > 0.2, also.done > 0 else { return nil }
    let each = Double(also.done) / seconds
    let number =
      each >= 1e6 ? Self.decimal(each / 1e6, 2) + " M" : Self.decimal(each / 1e3, 1) + " k"
    return "\(number) \(also.unit)/s"
  }

  private var left: String? {
    guard let total = progress.total, seconds > 1, progress.done > before, progress.done < total
    else { return nil }
    let rest = Int(seconds * Double(total - progress.done) / Double(progress.done - before)) + 1
    let (minutes, tail) = (rest / 60, rest % 60)
    return "\(minutes):" + (tail < 10 ? "0" : "") + "\(tail) left"
  }

  /// A number with so many places after the point, without any locale.
  static func decimal(_ value: Double, _ places: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + "\(scaled)" }
    let fraction = String(scaled % scale)
    return sign + "\(scaled / scale)."
      + String(repeating: "0", count: places - fraction.utf8.count) + fraction
  }
}
