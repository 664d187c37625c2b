internal import DSXCore

/// Reads what `torch.save` wrote before 1.6, and still writes without its zip format.
///
/// | part | content |
/// | --- | --- |
/// | pickle | the number 0x1950a86a20f9469cfc6c, in the pickle protocol 2 to 5 |
/// | pickle | the protocol 1001 |
/// | pickle | the writer's machine: `little_endian`, `type_sizes` |
/// | pickle | the tensors (`PickleMachine`) |
/// | pickle | the list of the storages' keys |
/// | for each key | number of elements, 8 bytes little-endian; the elements |
enum TorchLegacyReader {
  /// The number and the end of the first pickle.
  private static let magic: [UInt8] = [
    0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]

  /// Bytes of the first pickle, of any protocol that has a head: from 4 on there is a frame around it. Nil
  /// for a file that begins in another way.
  static func start(_ bytes: UnsafeRawBufferPointer) -> Int? {
    for version in UInt8(2)...5 {
      let frame: [UInt8] = version < 4 ? [] : [0x95, UInt8(magic.count), 0, 0, 0, 0, 0, 0, 0]
      let first = [0x80, version] + frame + magic
      if bytes.starts(with: first) { return first.count }
    }
    return nil
  }

  static func read(_ bytes: UnsafeRawBufferPointer) throws(DSXError) -> WeightContent {
    guard var position = start(bytes) else {
      throw DSXError(.malformed, "the file does not begin with torch's number", byte: 0)
    }
    let versionStart = position
    let version = try pickle(bytes, &position)
    guard case .int(1001) = version.root else {
      throw DSXError(
        .unsupported, "the torch file does not have the protocol 1001", byte: versionStart)
    }
    try checkMachine(try pickle(bytes, &position), byte: position)
    let state = try pickle(bytes, &position)
    let list = try pickle(bytes, &position)
    let keys = list.machine.elements(list.root) ?? []
    guard case .list = list.root, keys.count == state.machine.storages.count else {
      throw DSXError(
        .corrupt, "the list of storages does not fit the tensors' storages", byte: position)
    }
    let storages = Dictionary(
      state.machine.storages.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [String: Range<Int>] = [:]
    for key in keys {
      guard case .text(let name) = key,
        let storage = storages[name], found[name] == nil
      else {
        throw DSXError(
          .corrupt, "the list of storages does not fit the tensors' storages", byte: position)
      }
      found[name] = try data(of: storage, bytes, &position)
    }
    guard position == bytes.count else {
      throw DSXError(
        .corrupt, "\(bytes.count - position) bytes after the last storage belong to none",
        byte: position)
    }
    var homes: [TorchState.Home] = []
    for storage in state.machine.storages {
      guard let range = found[storage.key] else {
        throw DSXError(.corrupt, "the storage '\(storage.key)' has no data", byte: position)
      }
      homes.append(.mapped(range))
    }
    return try TorchState.content(
      of: state.root, state.machine, homes: homes, isBigEndian: false, fileSize: bytes.count)
  }

  private static func pickle(_ bytes: UnsafeRawBufferPointer, _ position: inout Int)
    throws(DSXError) -> (root: PickleValue, machine: PickleMachine)
  {
    var machine = PickleMachine(
      UnsafeRawBufferPointer(rebasing: bytes[position...]), base: position)
    let root = try machine.run()
    position += machine.size
    return (root, machine)
  }

  private static func checkMachine(
    _ facts: (root: PickleValue, machine: PickleMachine), byte: Int
  ) throws(DSXError) {
    guard case .dictionary(let number) = facts.root else {
      throw DSXError(.malformed, "the torch file does not describe its machine", byte: byte)
    }
    for member in facts.machine.dictionaries[number] {
      guard case .text("little_endian") = member.key else { continue }
      guard case .bool(true) = member.value else {
        throw DSXError(
          .unsupported, "the torch file was written on a big-endian machine", byte: byte,
          hint: "load it in torch, and save it again")
      }
    }
  }

  private static func data(
    of storage: PickleStorage, _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(DSXError) -> Range<Int> {
    var reader = ByteReader(
      UnsafeRawBufferPointer(rebasing: bytes[position...]), base: position)
    let count = try reader.little(Int64.self, "the size of storage '\(storage.key)'")
    guard count == storage.count, let type = storage.type,
      let size = type.byteCount(of: storage.count)
    else {
      throw DSXError(
        .corrupt,
        "the storage '\(storage.key)' has \(count) elements, but its tensors say \(storage.count)",
        byte: position)
    }
    let start = reader.offset
    _ = try reader.take(size, "the storage '\(storage.key)'")
    position = start + size
    return start..<position
  }
}
