import DSXCore
import Glibc
import Testing

@testable import Archives

/// Each hostile archive is refused with an error of its own, quickly, and nothing reaches the disk.
@Suite(.serialized) struct HostileArchiveTests {
  @Test func thereAreMany() {
    #expect(HostileArchive.all.count >= 60)
    #expect(Set(HostileArchive.all.map(\.name)).count == HostileArchive.all.count)
  }

  @Test(arguments: HostileArchive.all) func isRefused(_ hostile: HostileArchive) throws {
    let folder = try TestFolder()
    let path = try folder.write("archive", hostile.bytes)
    let start = now()
    let before = residentBytes()
    var produced = 0
    do {
      // A web page or an empty file is no tar archive either: a zip archive is what was asked for.
      if hostile.isZip {
        produced = try readZip(path)
      } else {
        let reader = try TarReader(path: path)
        var bytes: [UInt8] = []
        while try reader.next() != nil {
          while try reader.read(upTo: 1 << 16, into: &bytes) > 0 {
            produced += bytes.count
            bytes.removeAll(keepingCapacity: true)
          }
        }
      }
      Issue.record("was read: \(produced) bytes")
    } catch let error as DSXError {
      #expect(error.code == hostile.code, "\(error)")
      #expect(error.message.contains(hostile.words), "\(error)")
      #expect(error.location.file?.hasPrefix(path) ?? false, "\(error)")
      #expect(error.code.exitCode == .badInput)
      // Nothing of the archive may act on the terminal that shows the message.
      #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e })
    }
    #expect(produced <= 64 << 20)
    #expect(now() - start < 2, "\(now() - start) s")
    // Other tests of the same process take memory too: measured when this suite runs alone.
    if getenv("DSX_BOMB_MEMORY") != nil {
      #expect(residentBytes() - before < 64 << 20, "\((residentBytes() - before) >> 20) MB")
    }
    #expect(try FilePath.list(folder.path) == ["archive"])
  }

  @Test(arguments: HostileArchive.all.filter(\.isZip)) func isNotUnpacked(_ hostile: HostileArchive)
    throws
  {
    let folder = try TestFolder()
    let inner = FilePath.join(folder.path, "inner")
    try FilePath.makeFolder(inner)
    let path = try folder.write("archive", hostile.bytes)
    #expect(throws: DSXError.self) {
      try ZipArchive(try FileSource(path: path)).extract(to: FilePath.join(inner, "target"))
    }
    #expect(try FilePath.list(inner).isEmpty)
    #expect(try FilePath.list(folder.path).sorted() == ["archive", "inner"])
    #expect(!FilePath.exists("/tmp/dsx-evil") && !FilePath.exists("/tmp/evil"))
  }

  private func readZip(_ path: String) throws -> Int {
    let archive = try ZipArchive(try FileSource(path: path))
    let reader = ZipMemberReader(archive)
    var produced = 0
    for member in archive.members {
      // Both ways of reading must refuse it.
      var failures = 0
      do { _ = try reader.read(member) } catch { failures += 1 }
      do {
        produced += try archive.open(member).all(step: 1 << 16).count
      } catch {
        #expect(failures == 1, "only the stream refused \(member.name)")
        throw error
      }
      #expect(failures == 0, "only the reader refused \(member.name)")
    }
    return produced
  }

  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Memory of this process that is in use.
  private func residentBytes() -> Int {
    let file = open("/proc/self/statm", O_RDONLY)
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 128)
    let count = read(file, &text, text.count)
    let fields = text[..<max(0, count)].split(separator: 0x20)
    guard fields.count > 1 else { return 0 }
    return (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0)
      * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
