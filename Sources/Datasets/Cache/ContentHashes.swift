internal import DSXCore
internal import Glibc
internal import Jobs
internal import Kernels

/// SHA-256 of files, remembered under the user's cache so that an unchanged file is read once.
///
/// A remembered hash counts only for a file with the same device, inode, size, modification and change
/// time, to the nanosecond, whose modification lay at least two seconds back when it was hashed: a later
/// write then cannot leave them all alike. Small files are hashed each time. A cache that cannot be
/// written is done without.
struct ContentHashes {
  private let folder: String?
  /// Files below this are hashed each time.
  static let smallest = 1 << 20

  /// Hashes remembered in `folder`; nil for none.
  init(folder: String?) { self.folder = folder }

  /// The SHA-256 of a file's bytes, 64 hexadecimal digits, and its size.
  func hash(_ path: String) throws(DSXError) -> (sha256: String, size: Int) {
    guard let folder, let before = Self.stamp(path), before.size >= Self.smallest else {
      let digest = try FileFingerprint.of(path: path)
      return (digest.sha256, digest.size)
    }
    let note = FilePath.join(folder, SHA256.hex(before.identity) + ".json")
    if FilePath.exists(note), let json = try? JSONParser.parse(file: note),
      json["stamp"]?.string == before.text, let known = json["sha256"]?.string,
      known.utf8.count == 64
    {
      return (known, before.size)
    }
    let digest = try FileFingerprint.of(path: path)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    if let after = Self.stamp(path), after.text == before.text, after.seconds + 2 <= now.tv_sec {
      let json: JSONValue = [
        "format": "dsx-hash", "version": 1, "stamp": .string(before.text),
        "sha256": .string(digest.sha256),
      ]
      try? FilePath.makeFolder(folder)
      try? AtomicFolder.write(Array((json.text() + "\n").utf8), to: note)
    }
    return (digest.sha256, digest.size)
  }

  private struct Stamp {
    var identity: String
    var size: Int
    var seconds: Int
    var text: String
  }

  private static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    let identity = "\(status.st_dev):\(status.st_ino)"
    let seconds = max(status.st_mtim.tv_sec, status.st_ctim.tv_sec)
    return Stamp(
      identity: identity, size: Int(status.st_size), seconds: seconds,
      text: identity + ":\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        + ":\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)")
  }
}
