public import DSXCore
internal import Glibc
internal import Kernels

/// What plans and manifests keep of a file: never its path, host or times.
public struct FileFingerprint: Hashable, Sendable {
  /// The last part of its path.
  public var name: String
  /// Its size in bytes.
  public var size: Int
  /// The SHA-256 of its bytes, 64 lower-case hexadecimal digits.
  public var sha256: String

  /// A fingerprint.
  public init(name: String, size: Int, sha256: String) {
    self.name = name
    self.size = size
    self.sha256 = sha256
  }

  /// Reads a whole file. Throws `io` when it cannot be read.
  public static func of(path: String) throws(DSXError) -> FileFingerprint {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
    defer { close(descriptor) }
    var hash = SHA256(blocks: dsx_sha256_blocks)
    var size = 0
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = buffer.withUnsafeMutableBytes { bytes -> Int in
        let count = read(descriptor, bytes.baseAddress, bytes.count)
        if count > 0 { hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<count])) }
        return count
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DSXError.system("cannot read the file", file: path) }
      guard got > 0 else { break }
      size += got
    }
    return FileFingerprint(
      name: FilePath.split(path).name, size: size, sha256: hash.hexDigest())
  }

  init(json: JSONValue) throws(DSXError) {
    guard let name = json["name"]?.string, let size = json["bytes"]?.int,
      let sha256 = json["sha256"]?.string
    else { throw DSXError(.malformed, "a manifest's file needs name, bytes and sha256") }
    self.init(name: name, size: size, sha256: sha256)
  }

  var json: JSONValue {
    ["name": .string(name), "bytes": .int(Int64(size)), "sha256": .string(sha256)]
  }
}
