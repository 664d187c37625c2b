internal import Glibc

/// The time of day, which only the command line asks for.
enum Moment {
  /// Now in UTC, ISO 8601.
  static func now() -> String {
    var now = time_t()
    Glibc.time(&now)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }

  /// Today in UTC: `2026-11-21`.
  static func today() -> String { String(decoding: now().utf8.prefix(10), as: UTF8.self) }
}
