internal import Glibc

/// The name of a run: date, time (UTC), model, data set, and the start of its identity.
struct RunStamp {
  let name: String
  /// When it started, ISO 8601 in UTC.
  let time: String

  init(model: String, dataset: String, identity: String) {
    var now = time_t()
    Glibc.time(&now)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
    let date = [String(parts.tm_year + 1900), two(parts.tm_mon + 1), two(parts.tm_mday)]
    let clock = [two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec)]
    time = date.joined(separator: "-") + "T" + clock.joined(separator: ":") + "Z"
    name =
      date.joined() + "-" + clock.joined() + "-" + Self.plain(model) + "-" + Self.plain(dataset)
      + "-" + String(identity.prefix(8))
  }

  /// A name without what a file name should not hold.
  private static func plain(_ name: String) -> String {
    String(
      String.UnicodeScalarView(
        name.unicodeScalars.map { scalar in
          scalar == "/" || scalar.value < 0x21 || scalar == "\u{7f}" ? "_" : scalar
        }))
  }
}
