internal import Archives
internal import DSXCore

/// A zip archive that is also in memory: its members with the places of their data, which stored
/// members are used from without a copy.
struct MappedZip {
  /// The members in the order of their data.
  let members: [(member: ArchiveMember, place: ZipPlace)]
  private let file: MappedFile
  private let archive: ZipArchive

  /// Checks the archive by all rules of `ZipArchive`.
  init(_ file: MappedFile) throws(DSXError) {
    let source = try FileSource(path: file.path)
    guard source.size == file.bytes.count else {
      throw DSXError(.io, "the file changed while it was opened", hint: "run again")
    }
    do throws(DSXError) {
      archive = try ZipArchive(source)
    } catch {
      guard error.code == .archiveLimit else { throw error }
      var limit = error
      limit.hint = "save the weights again uncompressed (numpy.savez, torch.save)"
      throw limit
    }
    var members: [(member: ArchiveMember, place: ZipPlace)] = []
    for member in archive.members { members.append((member, try archive.place(of: member))) }
    members.sort { $0.place.data.lowerBound < $1.place.data.lowerBound }
    self.members = members
    self.file = file
  }

  /// A member's name as it stands in the file, where `ArchiveMember.name` is normalised: numpy knows no
  /// other separator than `/` and leaves out no part. The archive's rules hold for it all the same.
  func storedName(of member: ArchiveMember) -> String {
    // The local header was compared with the directory.
    let (bytes, start) = (file.bytes, member.place)
    guard start >= 0, start <= bytes.count - 30 else { return member.name }
    let count = Int(bytes[start + 26]) | Int(bytes[start + 27]) << 8
    guard count <= bytes.count - 30 - start else { return member.name }
    let name = UnsafeRawBufferPointer(rebasing: bytes[start + 30..<start + 30 + count])
    guard UTF8Validation.firstInvalid(name) == nil else { return member.name }
    return String(decoding: name, as: UTF8.self)
  }

  /// The first bytes of a member, unpacked: at most `count`, fewer where it is shorter.
  func start(of member: ArchiveMember, count: Int) throws(DSXError) -> [UInt8] {
    let stream = try archive.open(member)
    var bytes: [UInt8] = []
    // Never the read that finds the end, which would check what is not read yet.
    let wanted = min(count, member.size)
    while bytes.count < wanted {
      guard try stream.read(upTo: wanted - bytes.count, into: &bytes) > 0 else { break }
    }
    return bytes
  }

  /// A whole member, unpacked and checked against its CRC; torch can be told to compute none, and states
  /// 0 then.
  func content(of place: ZipPlace, in file: MappedFile) throws(DSXError) -> [UInt8] {
    if !place.isDeflated, place.crc == 0 { return Array(file.bytes[place.data]) }
    var result: Result<Void, DSXError> = .success(())
    let bytes = [UInt8](unsafeUninitializedCapacity: place.size) { buffer, used in
      let room = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[
          ..<place.size])
      do throws(DSXError) {
        try place.unpack(file.bytes, into: room)
        used = place.size
      } catch {
        used = 0
        result = .failure(error)
      }
    }
    try result.get()
    return bytes
  }
}
