/// What the control groups of this process allow it, in both versions of their file system.
enum ControlGroup {
  /// Cores that may be used on average; nil for no limit.
  static var cores: Double? {
    for folder in folders("cpu") {
      if let text = SystemText.read(folder + "/cpu.max") {
        let words = SystemText.words(SystemText.lines(text).first ?? "")
        if words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
          quota > 0, period > 0
        {
          return quota / period
        }
      }
      if let quota = number(folder + "/cpu.cfs_quota_us"), quota > 0,
        let period = number(folder + "/cpu.cfs_period_us"), period > 0
      {
        return quota / period
      }
    }
    return nil
  }

  /// Bytes that may be used; nil for no limit.
  static var memory: Int? {
    for folder in folders("memory") {
      for name in ["memory.max", "memory.limit_in_bytes"] {
        // No limit is a word in one version and nearly 2^63 in the other.
        if let limit = number(folder + "/" + name), limit < 1e18 { return Int(limit) }
      }
    }
    return nil
  }

  /// The folders of the groups, the process's own first.
  private static func folders(_ controller: String) -> [String] {
    let root = "/sys/fs/cgroup"
    var own: [String] = []
    for line in SystemText.lines(SystemText.read("/proc/self/cgroup") ?? "") {
      let parts = line.utf8.split(
        separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false
      ).map { String(decoding: $0, as: UTF8.self) }
      guard parts.count == 3 else { continue }
      if parts[1].isEmpty { own.append(root + parts[2]) }
      if parts[1].utf8.split(separator: UInt8(ascii: ",")).contains(where: {
        $0.elementsEqual(controller.utf8)
      }) {
        own.append("\(root)/\(controller)\(parts[2])")
      }
    }
    return own + [root, "\(root)/\(controller)"]
  }

  private static func number(_ path: String) -> Double? {
    SystemText.read(path).flatMap { SystemText.lines($0).first }.flatMap { Double($0) }
  }
}
