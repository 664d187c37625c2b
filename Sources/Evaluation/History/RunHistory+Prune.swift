public import DSXCore

/// How much of the history is kept.
public struct KeepRule: Sendable, Equatable {
  /// The newest so many runs of each recipe; nil: all.
  public var runs: Int?
  /// Runs that are younger than so many days; nil: all.
  public var days: Int?

  /// A rule. A run is kept when either part keeps it; with neither everything is.
  public init(runs: Int? = nil, days: Int? = nil) {
    self.runs = runs
    self.days = days
  }
}

extension RunHistory {
  /// The runs that a rule lets go, the oldest first; never the baseline of a run that the rule keeps, nor
  /// the newest green run of a recipe. `today`: ISO 8601, as in `RunRecord.started`.
  public func prunable(_ rule: KeepRule, today: String, recipe: String? = nil) throws(DSXError)
    -> [RunRecord]
  {
    guard rule.runs != nil || rule.days != nil else { return [] }
    var seen: [String: Int] = [:]
    var (kept, old): ([RunRecord], [RunRecord]) = ([], [])
    for run in try runs() {
      seen[run.recipe, default: 0] += 1
      let isOther = recipe.map { $0 != run.recipe } ?? false
      if isOther || keeps(rule, run, number: seen[run.recipe, default: 0], today: today) {
        kept.append(run)
      } else {
        old.append(run)
      }
    }
    let baselines = try baselines(of: kept)
    return old.reversed().filter { !baselines.contains($0.id) }
  }

  /// Whether the rule itself keeps a run, the `number`th newest of its recipe.
  private func keeps(_ rule: KeepRule, _ run: RunRecord, number: Int, today: String) -> Bool {
    if let runs = rule.runs, number <= runs { return true }
    guard let days = rule.days else { return false }
    // A run whose date cannot be read is not known to be old.
    guard let age = CivilDate.days(from: run.started, to: today) else { return true }
    return age <= days
  }
}

/// Dates of the Gregorian calendar as day numbers, without time zones.
enum CivilDate {
  /// Whole days between two ISO 8601 texts that begin with a date; nil when one does not.
  static func days(from first: String, to second: String) -> Int? {
    guard let a = number(first), let b = number(second) else { return nil }
    return b - a
  }

  /// Days since 1970-01-01. Source: Hinnant, chrono-compatible low-level date algorithms.
  static func number(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = digits(bytes[0..<4]), let month = digits(bytes[5..<7]),
      let day = digits(bytes[8..<10]), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func digits(_ bytes: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for byte in bytes {
      guard (48...57).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 48)
    }
    return number
  }
}
