public import DSXCore
internal import Glibc
internal import Kernels

/// Name, size and two checksums of a file that a step wrote.
public struct FileDigest: Hashable, Sendable {
  /// The last part of its path.
  public var name: String
  /// Its size in bytes.
  public var size: Int
  /// The SHA-256 of its bytes, 64 lower-case hexadecimal digits.
  public var sha256: String
  /// The CRC-32C of its bytes.
  public var crc32c: UInt32

  /// How much of a file is asked for before it is read.
  private static let ahead = 8 << 20

  /// Reads a whole file once. Throws `io` when it cannot be read.
  public init(path: String) throws(DSXError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DSXError.system("cannot open the file", file: path) }
    defer { close(descriptor) }
    var hash = SHA256(blocks: dsx_sha256_blocks)
    var (size, crc) = (0, UInt32(0))
    posix_fadvise(descriptor, 0, off_t(Self.ahead), POSIX_FADV_WILLNEED)
    var asked = Self.ahead
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let got = buffer.withUnsafeMutableBytes { bytes -> Int in
        let count = read(descriptor, bytes.baseAddress, bytes.count)
        if count > 0 {
          let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
          hash.update(part)
          crc = dsx_crc32c(crc, part.baseAddress, count)
        }
        return count
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw DSXError.system("cannot read the file", file: path) }
      guard got > 0 else { break }
      size += got
      // A file that was written past the page cache comes from the disk while this part is hashed.
      if size >= asked - Self.ahead / 2 {
        posix_fadvise(descriptor, off_t(asked), off_t(Self.ahead), POSIX_FADV_WILLNEED)
        asked += Self.ahead
      }
    }
    name = FilePath.split(path).name
    self.size = size
    sha256 = hash.hexDigest()
    crc32c = crc
  }

  init(json: JSONValue) throws(DSXError) {
    guard let name = json["name"]?.string, FilePath.isPlainName(name),
      let size = json["bytes"]?.int, size >= 0, let sha256 = json["sha256"]?.string,
      let crc = json["crc32c"]?.string.flatMap({ UInt32($0, radix: 16) })
    else { throw DSXError(.malformed, "a part's file needs name, bytes, sha256 and crc32c") }
    self.name = name
    self.size = size
    self.sha256 = sha256
    crc32c = crc
  }

  var json: JSONValue {
    let digits = String(crc32c, radix: 16)
    return [
      "name": .string(name), "bytes": .int(Int64(size)), "sha256": .string(sha256),
      "crc32c": .string(String(repeating: "0", count: 8 - digits.utf8.count) + digits),
    ]
  }

  /// The same without the second checksum.
  public var fingerprint: FileFingerprint {
    FileFingerprint(name: name, size: size, sha256: sha256)
  }
}
