internal import Archives
internal import DSXCore

/// Reads `.npy` arrays and `.npz` archives of them (zip, stored or deflated).
enum NumPyReader {
  /// One array. It is named after its file, as nothing in it names it.
  static func readArray(_ file: MappedFile) throws(DSXError) -> WeightContent {
    let bytes = file.bytes
    let header = try NpyHeader(bytes, base: 0, "the file")
    let name = FilePath.split(file.path).name
    let data = header.size..<bytes.count
    return WeightContent(tensors: [
      try header.entry(
        withoutEnding(name) ?? name, bytes: data.count, byte: header.size, .mapped([data]))
    ])
  }

  /// All arrays of an archive, in the order of their data. The checksums of stored members are
  /// compared now, those of deflated ones when they are unpacked. Names stay as they stand in the file.
  static func readArchive(_ file: MappedFile) throws(DSXError) -> WeightContent {
    let archive = try MappedZip(file)
    var tensors: [TensorEntry] = []
    for (member, place) in archive.members {
      let stored = archive.storedName(of: member)
      guard let name = withoutEnding(stored) else {
        throw DSXError(
          .malformed, "the archive holds '\(stored)', which is no .npy array",
          byte: place.data.lowerBound, hint: "an .npz file holds arrays only")
      }
      let start = place.data.lowerBound
      let header: NpyHeader
      if place.isDeflated {
        let bytes = try archive.start(of: member, count: NpyHeader.longestText + 16)
        header = try Self.header(bytes, base: start, stored)
      } else {
        try place.check(in: file.bytes)
        header = try NpyHeader(
          UnsafeRawBufferPointer(rebasing: file.bytes[place.data]), base: start,
          "'\(stored)'")
      }
      guard header.size <= place.size else {
        throw DSXError(.corrupt, "'\(stored)' is cut in its header", byte: start)
      }
      let source: TensorPlace.Source =
        place.isDeflated
        ? .packed(place, header.size..<place.size)
        : .mapped([start + header.size..<place.data.upperBound])
      tensors.append(
        try header.entry(name, bytes: place.size - header.size, byte: start, source))
    }
    return WeightContent(tensors: tensors)
  }

  private static func header(_ bytes: [UInt8], base: Int, _ name: String) throws(DSXError)
    -> NpyHeader
  {
    var result: Result<NpyHeader, DSXError>?
    bytes.withUnsafeBytes { buffer in
      do throws(DSXError) {
        result = .success(try NpyHeader(buffer, base: base, "'\(name)'"))
      } catch { result = .failure(error) }
    }
    guard let result else { throw DSXError(.internal, "no header was read") }
    return try result.get()
  }

  private static func withoutEnding(_ name: String) -> String? {
    name.hasSuffix(".npy") && name.utf8.count > 4 ? String(name.dropLast(4)) : nil
  }
}
