internal import Glibc

/// The name of a run: date, time (UTC), what it is of, and the start of its identity.
struct RunStamp {
  let name: String

  init(name: String, identity: String) {
    var now = time_t()
    time(&now)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ value: Int32) -> String { (value < 10 ? "0" : "") + String(value) }
    let date = [String(parts.tm_year + 1900), two(parts.tm_mon + 1), two(parts.tm_mday)]
    let clock = [two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec)]
    let mark = identity.isEmpty ? "" : "-" + String(identity.prefix(8))
    self.name = date.joined() + "-" + clock.joined() + "-" + name + mark
  }
}
