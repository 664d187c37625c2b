@testable import Archives
import DSXCore

private let zip = ScratchFile("x.zip")
private let tar = ScratchFile("x.tar")

private func limits() -> ArchiveLimits {
  var limits = ArchiveLimits()
  limits.totalBytes = 16 << 20
  limits.members = 10_000
  return limits
}

/// A zip archive: both ways to read a member agree in every byte, and what one piece after the other takes,
/// one step takes. The other way round libdeflate reads codes for lengths that zlib refuses (286 and 287);
/// what comes of them still has the stated size and CRC.
func fuzzZip(_ input: UnsafeRawBufferPointer) {
  zip.fill(input)
  guard let archive = try? ZipArchive(try FileSource(path: zip.path), limits: limits()) else {
    return
  }
  let reader = ZipMemberReader(archive, maximumSize: 16 << 20)
  for member in archive.membersByPlace {
    let whole = try? reader.read(member)
    var pieces: [UInt8]? = []
    do {
      let source = try archive.open(member)
      var buffer: [UInt8] = []
      while try source.read(upTo: 4096, into: &buffer) > 0 {}
      pieces = buffer
    } catch { pieces = nil }
    require(pieces == nil || whole == pieces, "two ways to read a member differ")
    require(archive.member(named: member.name) == member, "a member is not found by its name")
    let parts = member.name.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
    require(
      !parts.contains { $0.isEmpty || $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) },
      "a name that leads elsewhere")
  }
}

/// A tar archive, compressed or not.
func fuzzTar(_ input: UnsafeRawBufferPointer) {
  tar.fill(input)
  guard let reader = try? TarReader(path: tar.path, limits: limits()) else { return }
  var buffer: [UInt8] = []
  do {
    while try reader.next() != nil {
      while try reader.read(upTo: 4096, into: &buffer) > 0 {
        buffer.removeAll(keepingCapacity: true)
      }
    }
  } catch {}
}
