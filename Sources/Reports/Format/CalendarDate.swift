/// A day of the Gregorian calendar.
struct CalendarDate: Equatable {
  let year: Int
  let month: Int
  let day: Int

  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `2026-11-21`, or a text that begins so.
  init?(_ text: String) {
    let bytes = Array(text.utf8.prefix(10))
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else {
      return nil
    }
    func digits(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte) - 0x30
      }
      return value
    }
    guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10),
      year > 0, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    // The 31st of a month of 30 days is another day.
    guard CalendarDate(number: self.number) == self else { return nil }
  }

  /// Days since 1970-01-01 (the proleptic Gregorian calendar, years counted from March).
  var number: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  /// The day of that number; for days after the year 0.
  init(number: Int) {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let ofEra = shifted - era * 146_097
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let part = (5 * ofYear + 2) / 153
    day = ofYear - (153 * part + 2) / 5 + 1
    month = part < 10 ? part + 3 : part - 9
    self.year = year + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The number of a day's week; weeks begin on Monday.
  static func week(of number: Int) -> Int {
    // 1969-12-29 was a Monday: day -3.
    let shifted = number + 3
    return shifted >= 0 ? shifted / 7 : (shifted - 6) / 7
  }

  /// The number of a week's first day.
  static func monday(ofWeek week: Int) -> Int { week * 7 - 3 }
}
