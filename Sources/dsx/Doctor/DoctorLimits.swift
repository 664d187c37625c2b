internal import DSXCore
internal import Models
internal import Reports

/// Memory, and the limits of this process.
enum DoctorLimits {
  private static let topic = "limits"

  static func findings() -> [DoctorFinding] { [memory(), files(), fileSize()] }

  private static func memory() -> DoctorFinding {
    let total = SystemText.read("/proc/meminfo")
      .flatMap { SystemText.value("MemTotal", in: $0) }
      .flatMap { SystemText.words($0).first }.flatMap { Int($0) }.map { $0 * 1024 }
    guard let available = SystemMemory.available else {
      return .warn(
        topic, "memory", "the system does not say how much is free",
        "give --memory-limit to commands that open models")
    }
    var text = NumberFormat.bytes(available) + " free"
    if let total { text += " of " + NumberFormat.bytes(total) }
    if let limit = ControlGroup.memory {
      text += ", the control group allows " + NumberFormat.bytes(limit)
    }
    guard available < 256 << 20 else { return .ok(topic, "memory", text) }
    return .warn(
      topic, "memory", text, "preparing needs about 256 MB and 64 MB a worker: end other programs")
  }

  private static func files() -> DoctorFinding {
    let limit = limit("Max open files")
    let text = (limit.map { "\($0)" } ?? "no limit") + " open files"
    guard let limit, limit < 256 else { return .ok(topic, "open files", text) }
    return .warn(topic, "open files", text, "ulimit -n 1024: shards and their indices stay open")
  }

  private static func fileSize() -> DoctorFinding {
    guard let limit = limit("Max file size") else {
      return .ok(topic, "file size", "no limit")
    }
    return .warn(
      topic, "file size", "files may have \(NumberFormat.bytes(limit)) at most",
      "ulimit -f unlimited, or choose smaller shards with --file-partition")
  }

  /// The soft limit; nil for none.
  private static func limit(_ name: String) -> Int? {
    for line in SystemText.lines(SystemText.read("/proc/self/limits") ?? "")
    where line.hasPrefix(name) {
      let rest = String(decoding: line.utf8.dropFirst(name.utf8.count), as: UTF8.self)
      return SystemText.words(rest).first.flatMap { Int($0) }
    }
    return nil
  }
}
