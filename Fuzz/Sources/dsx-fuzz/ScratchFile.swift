import DSXCore
import Glibc

/// A file in memory (tmpfs) that gets another content for each input, for readers that take a path.
///
/// It stays open: an input costs two system calls.
final class ScratchFile: Sendable {
  /// The folder of this process: in DSX_FUZZ_FOLDER, or in /dev/shm.
  static let folder: String = {
    let base = getenv("DSX_FUZZ_FOLDER").map { String(cString: $0) } ?? "/dev/shm"
    let path = base + "/dsx-fuzz-\(getpid())"
    do { try FilePath.makeFolder(path) } catch { fatalError("fuzz: no folder \(path): \(error)") }
    return path
  }()

  let path: String
  private let descriptor: Int32

  /// An empty file of that name, which may lie in a folder of its own.
  init(_ name: String) {
    path = Self.folder + "/" + name
    if let slash = name.lastIndex(of: "/") {
      do { try FilePath.makeFolder(Self.folder + "/" + name[..<slash]) } catch {
        fatalError("fuzz: no folder for \(name)")
      }
    }
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    require(descriptor >= 0, "cannot make \(path)")
  }

  /// Gives it this content.
  func fill(_ bytes: UnsafeRawBufferPointer) {
    let written = bytes.baseAddress.map { pwrite(descriptor, $0, bytes.count, 0) } ?? 0
    let status = ftruncate(descriptor, off_t(bytes.count))
    require(written == bytes.count && status == 0, "cannot write \(path)")
  }

  /// Gives it this content.
  func fill(_ bytes: [UInt8]) { bytes.withUnsafeBytes { fill($0) } }
}

extension UnsafeRawBufferPointer {
  /// What lies behind the first byte, which chooses among ways of reading.
  var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[1...]) }
}
