internal import Archives
internal import DSXCore

/// Reads what `torch.save` writes since 1.6: a zip archive of stored members under one folder.
///
/// | member | content |
/// | --- | --- |
/// | `data.pkl` | the pickle that describes the tensors (`PickleMachine`) |
/// | `data/KEY` | the raw elements of storage KEY |
/// | `byteorder` | `little` (also when absent) or `big` |
/// | `version`, `.format_version`, `.storage_alignment`, `.data/serialization_id` | not needed |
///
/// Source: files of torch 2.13.
enum TorchZipReader {
  static func read(_ file: MappedFile) throws(DSXError) -> WeightContent {
    let archive = try MappedZip(file)
    let folder = try folder(archive)
    var members: [String: ZipPlace] = [:]
    for (member, place) in archive.members where member.name.hasPrefix(folder) {
      members[String(member.name.dropFirst(folder.count))] = place
    }
    if members["constants.pkl"] != nil || members.keys.contains(where: { $0.hasPrefix("code/") }) {
      throw DSXError(
        .unsupported, "the file is a TorchScript program, not a state_dict",
        hint: "load it in torch, and save its state_dict()")
    }
    let isBigEndian = try isBigEndian(members, archive, file)
    guard let pickle = members["data.pkl"] else { throw notTorch() }
    guard pickle.size <= PickleMachine.longest else {
      throw DSXError(.malformed, "data.pkl has \(pickle.size) bytes: too many for a model")
    }
    let bytes = try archive.content(of: pickle, in: file)
    var result: Result<WeightContent, DSXError>?
    bytes.withUnsafeBytes { buffer in
      do throws(DSXError) {
        result = .success(
          try content(buffer, members, file, base: pickle.data.lowerBound, isBigEndian))
      } catch { result = .failure(error) }
    }
    guard let result else { throw DSXError(.internal, "no pickle was read") }
    return try result.get()
  }

  private static func content(
    _ pickle: UnsafeRawBufferPointer, _ members: [String: ZipPlace], _ file: MappedFile, base: Int,
    _ isBigEndian: Bool
  ) throws(DSXError) -> WeightContent {
    var machine = PickleMachine(pickle, base: base)
    let root = try machine.run()
    guard machine.size == pickle.count else { throw machine.fault("ends before its member does") }
    var homes: [TorchState.Home] = []
    for storage in machine.storages {
      guard let place = members["data/" + storage.key] else {
        throw DSXError(
          .corrupt, "the archive lacks 'data/\(storage.key)', the data of a tensor",
          hint: "the file was cut or packed again; fetch it again")
      }
      if place.isDeflated {
        homes.append(.packed(place))
      } else {
        // torch can be told to write no checksums, and states 0 then.
        if place.crc != 0 { try place.check(in: file.bytes) }
        homes.append(.mapped(place.data))
      }
    }
    return try TorchState.content(
      of: root, machine, homes: homes, isBigEndian: isBigEndian, fileSize: file.bytes.count)
  }

  /// The folder that everything lies in, with its slash.
  private static func folder(_ archive: MappedZip) throws(DSXError) -> String {
    let ends = archive.members.map(\.member.name).filter { $0.hasSuffix("/data.pkl") }
    guard ends.count == 1 else { throw notTorch() }
    return String(ends[0].dropLast("data.pkl".count))
  }

  private static func notTorch() -> DSXError {
    DSXError(
      .malformed, "the zip archive is not what torch.save writes: it must hold one data.pkl",
      hint: "archives of numpy arrays are read from files whose names end in .npz")
  }

  private static func isBigEndian(
    _ members: [String: ZipPlace], _ archive: MappedZip, _ file: MappedFile
  ) throws(DSXError) -> Bool {
    guard let place = members["byteorder"] else { return false }
    guard place.size <= 6 else {
      throw DSXError(.malformed, "the member 'byteorder' must be little or big")
    }
    switch String(decoding: try archive.content(of: place, in: file), as: UTF8.self) {
    case "little": return false
    case "big": return true
    default: throw DSXError(.malformed, "the member 'byteorder' must be little or big")
    }
  }
}
