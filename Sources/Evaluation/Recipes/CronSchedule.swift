public import DSXCore

/// When a recipe runs, in the five fields of cron: minute, hour, day of the month, month, day of the
/// week (0 and 7 are Sunday).
public struct CronSchedule: Sendable, Equatable {
  /// The five fields as written, one blank between.
  public let text: String
  private let fields: [[Int]?]

  /// What each field may hold.
  private static let ranges: [(name: String, range: ClosedRange<Int>)] = [
    ("minute", 0...59), ("hour", 0...23), ("day of the month", 1...31), ("month", 1...12),
    ("day of the week", 0...7),
  ]

  /// Reads `*`, numbers, lists `1,2`, ranges `1-5` and steps `*/15`; `@daily` and the like too. Names
  /// of days and months are not taken.
  public init(_ text: String) throws(DSXError) {
    let words = [
      "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
      "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    ]
    let source = words[text] ?? text
    let parts = Array(source.utf8).split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard parts.count == 5 else {
      throw DSXError(
        .malformed, "the schedule '\(text)' has not five fields",
        hint: "minute hour day month weekday, as in '0 2 * * *'")
    }
    var fields: [[Int]?] = []
    for (part, rule) in zip(parts, Self.ranges) {
      fields.append(try Self.field(part, rule.name, rule.range))
    }
    self.fields = fields
    self.text = parts.joined(separator: " ")
  }

  private static func field(_ text: String, _ name: String, _ range: ClosedRange<Int>)
    throws(DSXError) -> [Int]?
  {
    if text == "*" { return nil }
    var values: Set<Int> = []
    for piece in Self.split(text, ",") {
      let halves = Self.split(piece, "/")
      let ends = Self.split(halves[0], "-")
      let isAll = halves[0] == "*"
      let step = halves.count == 2 ? Int(halves[1]) : 1
      let low = isAll ? range.lowerBound : Int(ends[0])
      // `5/10` is from 5 to the end.
      let isOpen = isAll || (ends.count == 1 && halves.count == 2)
      let high = isOpen ? range.upperBound : Int(ends[ends.count - 1])
      guard halves.count <= 2, ends.count <= 2, let step, step > 0, let low, let high, low <= high,
        range.contains(low), range.contains(high)
      else {
        throw DSXError(
          .malformed, "'\(text)' is no \(name) of a schedule",
          hint: "numbers from \(range.lowerBound) to \(range.upperBound), *, 1-5, 1,15 or */10")
      }
      for value in Swift.stride(from: low, through: high, by: step) { values.insert(value) }
    }
    return values.sorted()
  }

  /// The pieces between a mark; at least one.
  private static func split(_ text: String, _ mark: Character) -> [String] {
    let byte = mark.asciiValue ?? 0
    return Array(text.utf8).split(separator: byte, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// systemd's `OnCalendar=` lines: two where both days are named, because cron then takes either.
  public var calendar: [String] {
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    func list(_ values: [Int]?) -> String {
      values.map { $0.map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ",") } ?? "*"
    }
    let time = list(fields[1]) + ":" + list(fields[0]) + ":00"
    let date = "*-" + list(fields[3]) + "-"
    var days: [String] = []
    for day in fields[4] ?? [] where !days.contains(names[day]) { days.append(names[day]) }
    let week = days.joined(separator: ",")
    if fields[4] == nil { return [date + list(fields[2]) + " " + time] }
    if fields[2] == nil { return [week + " " + date + "* " + time] }
    return [date + list(fields[2]) + " " + time, week + " " + date + "* " + time]
  }
}
