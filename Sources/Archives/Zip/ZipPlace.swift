internal import CDeflate
public import DSXCore

/// Where the data of a zip member lies, for callers that have the whole archive in memory.
///
/// What `ZipArchive` checked holds for it: the range lies inside of the file and shares nothing with
/// other members, header and directory agree.
public struct ZipPlace: Hashable, Sendable {
  /// The member's name.
  public let name: String
  /// Its packed data, counted from the start of the file.
  public let data: Range<Int>
  /// Whether the data is deflated; else it is stored as it is.
  public let isDeflated: Bool
  /// Bytes that it unpacks to.
  public let size: Int
  /// CRC-32 of the unpacked bytes, as the archive states it.
  public let crc: UInt32

  /// Compares the CRC of a stored member with its bytes. Throws `corrupt` when they differ.
  public func check(in archive: UnsafeRawBufferPointer) throws(DSXError) {
    guard !isDeflated else { return }
    try check(UnsafeRawBufferPointer(rebasing: archive[data]))
  }

  /// Unpacks into exactly `size` bytes and compares the CRC.
  ///
  /// Throws `corrupt` for damaged data, or data of another size.
  public func unpack(
    _ archive: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(DSXError) {
    guard target.count == size else {
      throw DSXError(.internal, "the room for '\(MemberName.escaped(name))' has another size")
    }
    let packed = UnsafeRawBufferPointer(rebasing: archive[data])
    guard isDeflated else {
      guard packed.count == size else { throw damaged() }
      target.copyMemory(from: packed)
      return try check(packed)
    }
    guard let decompressor = libdeflate_alloc_decompressor() else {
      throw DSXError(.io, "there is not enough memory to unpack")
    }
    defer { libdeflate_free_decompressor(decompressor) }
    var (used, produced) = (0, 0)
    // libdeflate takes no null pointers, not even for nothing.
    var nothing: UInt8 = 0
    let result = withUnsafeMutablePointer(to: &nothing) { spare in
      libdeflate_deflate_decompress_ex(
        decompressor, packed.baseAddress ?? UnsafeRawPointer(spare), packed.count,
        target.baseAddress ?? UnsafeMutableRawPointer(spare), target.count, &used, &produced)
    }
    guard result == LIBDEFLATE_SUCCESS, used == packed.count, produced == size else {
      throw damaged()
    }
    try check(UnsafeRawBufferPointer(target))
  }

  private func check(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    guard CRC32.of(bytes) == crc else {
      throw DSXError(
        .corrupt, "the content of '\(MemberName.escaped(name))' does not match its checksum",
        byte: data.lowerBound, hint: "get the file again")
    }
  }

  private func damaged() -> DSXError {
    DSXError(
      .corrupt,
      "'\(MemberName.escaped(name))' does not unpack to the \(size) bytes that the archive states",
      byte: data.lowerBound, hint: "get the file again")
  }
}

extension ZipArchive {
  /// Where a member of this archive lies in its file.
  public func place(of member: ArchiveMember) throws(DSXError) -> ZipPlace {
    let entry = try entry(of: member)
    return ZipPlace(
      name: member.name, data: entry.data, isDeflated: entry.method == 8, size: entry.unpacked,
      crc: entry.crc)
  }
}
