internal import DSXCore
internal import Glibc

/// A process that is the same one as long as it lives: its number may be given to another later.
public struct ProcessIdentity: Hashable, Sendable {
  /// Its number.
  public var pid: Int32
  /// When it was started, in ticks since the machine was.
  public var started: Int
  /// The machine.
  public var host: String

  /// A process.
  public init(pid: Int32, started: Int, host: String) {
    self.pid = pid
    self.started = started
    self.host = host
  }

  /// This one.
  public static var current: ProcessIdentity {
    ProcessIdentity(pid: getpid(), started: startTime(getpid()) ?? 0, host: hostName)
  }

  /// Whether it lives on this machine.
  public var isAlive: Bool { host == Self.hostName && Self.startTime(pid) == started }

  /// Whether it is of this machine.
  public var isHere: Bool { host == Self.hostName }

  /// Asks it to end.
  public func terminate() { if isAlive { kill(pid, SIGTERM) } }

  /// The name of this machine.
  public static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    return name.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
  }

  /// Field 22 of `/proc/PID/stat`; the second one is a name in parentheses that may hold anything.
  private static func startTime(_ pid: Int32) -> Int? {
    let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0, let name = bytes[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = bytes[(name + 1)..<count].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, fields[0].first != UInt8(ascii: "Z") else { return nil }
    return Int(String(decoding: fields[19], as: UTF8.self))
  }

  var json: JSONValue {
    ["pid": .int(Int64(pid)), "started": .int(Int64(started)), "host": .string(host)]
  }

  init?(json: JSONValue) {
    guard let pid = json["pid"]?.int, pid > 1, let number = Int32(exactly: pid),
      let started = json["started"]?.int, let host = json["host"]?.string
    else { return nil }
    self.init(pid: number, started: started, host: host)
  }
}
