@testable import Archives
import DSXCore
import Glibc
@testable import Images

/// What libFuzzer calls with each input. The first byte chooses what the others are:
///
/// | byte mod 4 | the other bytes |
/// |---|---|
/// | 0 | an image file |
/// | 1 | a PNG file whose checksums are put right first, so that damage gets behind them |
/// | 2 | a zip archive |
/// | 3 | a tar archive, compressed or not |
///
/// Any error is right; a crash, a hang or memory that no input justifies is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let input = UnsafeRawBufferPointer(start: start, count: count)
  let rest = Array(input[1...])
  switch input[0] % 4 {
  case 0: fuzzImage(rest)
  case 1: fuzzImage(withChecksums(rest))
  case 2: fuzzZip(rest)
  default: fuzzTar(rest)
  }
  return 0
}

private func fuzzImage(_ bytes: [UInt8]) {
  var options = ImageOptions()
  // Large images take their time and are no find.
  options.maximumPixels = 1 << 18
  let decoder = ImageDecoder(options)
  guard let image = try? decoder.decode(bytes, name: "input") else { return }
  precondition(image.pixels.count == image.width * image.height * 3)
  let size = 1 + image.width % 40
  let small = try? ImageResizer().resize(image, width: size, height: 41 - size, .bicubic)
  precondition(small?.pixels.count == size * (41 - size) * 3)
}

/// The same PNG chunks, each with the CRC that its content has.
private func withChecksums(_ file: [UInt8]) -> [UInt8] {
  var file = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + file.dropFirst(8)
  var position = 8
  while position + 12 <= file.count {
    let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.count - position - 12 else { break }
    let crc = file[(position + 4)..<(position + 8 + length)].withUnsafeBytes {
      Inflater.crc32(0, $0)
    }
    for index in 0..<4 {
      file[position + 8 + length + index] = UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * index))
    }
    position += 12 + length
  }
  return file
}

/// A file in memory for this process.
private let path = "/dev/shm/dsx-fuzz-input-\(getpid())"

private func limits() -> ArchiveLimits {
  var limits = ArchiveLimits()
  limits.totalBytes = 16 << 20
  limits.members = 10_000
  return limits
}

private func write(_ bytes: [UInt8]) {
  let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  defer { close(descriptor) }
  _ = pwrite(descriptor, bytes, bytes.count, 0)
}

private func fuzzZip(_ bytes: [UInt8]) {
  write(bytes)
  guard let archive = try? ZipArchive(try FileSource(path: path), limits: limits()) else { return }
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
    // Both ways agree about what is sound, and in every byte.
    precondition(whole == pieces)
    precondition(archive.member(named: member.name) == member)
  }
}

private func fuzzTar(_ bytes: [UInt8]) {
  write(bytes)
  guard let reader = try? TarReader(path: path, limits: limits()) else { return }
  var buffer: [UInt8] = []
  do {
    while try reader.next() != nil {
      while try reader.read(upTo: 4096, into: &buffer) > 0 { buffer.removeAll(keepingCapacity: true) }
    }
  } catch {}
}
