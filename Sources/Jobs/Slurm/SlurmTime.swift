public import DSXCore

/// A time limit as Slurm takes it.
public enum SlurmTime {
  /// Its seconds; nil for `UNLIMITED` and `INFINITE`.
  ///
  /// Forms: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`, `days-hours:minutes`,
  /// `days-hours:minutes:seconds`. Throws `usage`.
  public static func seconds(_ text: String) throws(DSXError) -> Int? {
    if ["unlimited", "infinite"].contains(text.lowercased()) { return nil }
    let wrong = DSXError(
      .usage, "'\(text)' is no time limit",
      hint: "minutes, minutes:seconds, hours:minutes:seconds, or days-hours:minutes:seconds")
    let halves = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    var numbers: [Int] = []
    guard let last = halves.last, halves.count < 3 else { throw wrong }
    for part in last.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
      guard let number = number(part) else { throw wrong }
      numbers.append(number)
    }
    guard (1...3).contains(numbers.count) else { throw wrong }
    var days = 0
    let units: [Int]
    if halves.count == 2 {
      guard let number = number(halves[0]) else { throw wrong }
      days = number
      units = [3600, 60, 1]
    } else {
      units = numbers.count == 3 ? [3600, 60, 1] : [60, 1]
    }
    return zip(numbers, units).reduce(days * 86_400) { $0 + $1.0 * $1.1 }
  }

  private static func number(_ digits: Substring.UTF8View.SubSequence) -> Int? {
    guard !digits.isEmpty, digits.count < 8, digits.allSatisfy({ (48...57).contains($0) }) else {
      return nil
    }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
