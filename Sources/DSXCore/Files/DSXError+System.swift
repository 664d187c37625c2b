internal import Glibc

extension DSXError {
  /// An `io` error from `errno`. Call it directly after the call that failed. `needs`: the bytes that were
  /// to be written, for a full disk, whose message says what is needed and what is free.
  public static func system(
    _ message: String, file: String, hint: String? = nil, needs bytes: Int? = nil
  ) -> DSXError {
    let number = errno
    var advice = hint
    var words = String(cString: strerror(number))
    switch number {
    case ENOSPC, EDQUOT:
      words += ": " + space(at: file, needs: bytes)
      advice = advice ?? "free some space on that disk, then run the same command again"
    case EACCES, EPERM: advice = advice ?? "check the permissions of the file and of its folder"
    case EROFS: advice = advice ?? "the file system is read-only; choose another --output"
    default: break
    }
    return DSXError(.io, message, file: file, hint: advice, underlying: words)
  }

  /// What a write at `path` needs and what its file system has: `this needs 65536 bytes, 4096 are free`.
  ///
  /// Without a number of bytes one block is needed: for the name of a file, or for what flushing found no
  /// room for.
  public static func space(at path: String, needs bytes: Int?) -> String {
    var status = statvfs()
    var folder = path
    while statvfs(folder, &status) != 0 {
      let parent = FilePath.split(folder).folder
      guard parent != folder else { return "this needs \(bytes ?? 4096) bytes" }
      folder = parent
    }
    let block = Int(clamping: status.f_frsize)
    let (free, isOver) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: block)
    var text = "this needs \(bytes ?? block) bytes, \(isOver ? Int.max : free) are free"
    if status.f_files > 0, status.f_favail == 0 { text += ", and no further file can be made" }
    return text
  }
}
