internal import DSXCore
internal import Glibc

/// What the system says of its memory.
public enum SystemMemory {
  /// Bytes that can be had without swapping: what `/proc/meminfo` calls available, or less where a
  /// control group allows less. Nil where the system says nothing.
  public static var available: Int? {
    var room = (read("/proc/meminfo").flatMap { kilobytes($0, of: "MemAvailable:") }) ?? .max
    let group = "/sys/fs/cgroup/"
    for (limit, used) in [
      ("memory.max", "memory.current"),
      ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ] {
      guard let limit = number(group + limit), let used = number(group + used) else { continue }
      // Pages of files count as used, and are given back when they are wanted.
      let cached = read(group + "memory.stat").flatMap { bytes($0, of: "inactive_file ") } ?? 0
      room = min(room, max(0, limit - used + min(cached, used)))
    }
    return room == .max ? nil : room
  }

  /// The number behind a name in `/proc/meminfo`, in bytes.
  static func kilobytes(_ text: [UInt8], of name: String) -> Int? {
    guard let value = bytes(text, of: name) else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 1024)
    return overflow ? nil : product
  }

  /// The number behind a name at the beginning of a line.
  static func bytes(_ text: [UInt8], of name: String) -> Int? {
    for line in text.split(separator: 0x0a) where line.starts(with: name.utf8) {
      return number(line.dropFirst(name.utf8.count))
    }
    return nil
  }

  private static func number(_ path: String) -> Int? { read(path).flatMap { number($0[...]) } }

  private static func number(_ text: ArraySlice<UInt8>) -> Int? {
    let digits = text.drop { $0 == 0x20 }.prefix { (48...57).contains($0) }
    return digits.isEmpty ? nil : Int(String(decoding: digits, as: UTF8.self))
  }

  /// The beginning of one of the system's small files; they have no length, so they cannot be mapped.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = 1 << 14
    var length = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while length < size {
        let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + length }, size - length)
        if got <= 0 { break }
        length += got
      }
      count = length
    }
    return bytes
  }
}
