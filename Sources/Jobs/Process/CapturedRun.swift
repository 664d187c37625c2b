public import DSXCore
internal import Glibc

/// What a short program printed, and how it ended.
public struct CapturedRun: Sendable {
  /// How it ended.
  public var ending: ChildProcess.Ending
  /// Its standard output.
  public var output: String
  /// Its standard error, without line feeds at the end.
  public var errors: String

  /// Runs a program to its end, or ends it after `seconds`.
  ///
  /// `input`: what it reads. `keepsErrors`: false when its errors belong on this process's own stderr.
  /// Throws what starting throws, and `io` when it takes too long.
  public init(
    _ words: [String], input: String? = nil, seconds: Double? = 60, folder: String? = nil,
    keepsErrors: Bool = true, removing: Set<String> = []
  ) throws(DSXError) {
    let files = try [input ?? "", "", ""].map { (text) throws(DSXError) in try Self.file(text) }
    defer { for file in files { close(file) } }
    let child = try ChildProcess(
      words, input: input == nil ? .null : .descriptor(files[0]), output: .descriptor(files[1]),
      errors: keepsErrors ? .descriptor(files[2]) : .inherited, folder: folder, removing: removing)
    if let seconds {
      var waited = 0.0
      while child.poll() == nil {
        guard waited < seconds else {
          child.send(SIGKILL)
          _ = child.wait()
          throw DSXError(
            .io, "'\(words.first ?? "")' has not answered within \(Int(seconds)) s",
            underlying: try Self.text(files[2]))
        }
        let pause = waited < 0.2 ? 0.005 : 0.05
        usleep(UInt32(pause * 1e6))
        waited += pause
      }
    }
    ending = child.wait()
    output = try Self.text(files[1])
    var text = Array(try Self.text(files[2]).utf8)
    while text.last == 0x0a { text.removeLast() }
    errors = String(decoding: text, as: UTF8.self)
  }

  /// A file without a name that holds a text, at its beginning: no program waits for its reader.
  private static func file(_ text: String) throws(DSXError) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var path = Array(FilePath.join(folder.isEmpty ? "/tmp" : folder, "dsx-XXXXXX").utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else {
      throw DSXError.system("cannot make a temporary file", file: folder.isEmpty ? "/tmp" : folder)
    }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return -1 }
        return pwrite(descriptor, base + done, buffer.count - done, off_t(done))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        close(descriptor)
        throw DSXError.system("cannot write a temporary file", file: folder)
      }
      done += count
    }
    return descriptor
  }

  private static func text(_ descriptor: Int32) throws(DSXError) -> String {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = part.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress, buffer.count, off_t(bytes.count))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw DSXError.system("cannot read a program's output", file: "") }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: part[..<count])
    }
  }
}
