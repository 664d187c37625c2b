internal import Archives
internal import DSXCore

/// The checksum that MindSpore puts into the `__metadata__` of a safetensors file when it is told to.
///
/// `crc_num` is the CRC-32, as decimal text, over each tensor's name and its elements, in the order of
/// the names. MindSpore takes the elements by Python's `bytes(array)`, which of a whole number n without
/// dimensions is n zero bytes.
///
/// Source: mindspore 2.10, `train/serialization.py`.
public enum SafetensorsChecksum {
  /// Its name in the metadata.
  public static let name = "crc_num"
  /// Above this a whole number without dimensions is not made into so many zeros.
  private static let mostZeros: Int64 = 1 << 20

  /// Compares the checksum of a file of MindSpore, where it has one that can be computed.
  ///
  /// Throws `corrupt` where it is another.
  static func check(_ content: WeightContent, _ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    func fact(_ name: String) -> String? {
      content.metadata.first { $0.name == name }?.value.string
    }
    guard fact("format") == "ms", let text = fact(name), let stated = UInt32(text) else { return }
    var crc: UInt32 = 0
    let entries = content.tensors.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    for entry in entries {
      guard case .mapped(let pieces) = entry.place.source else { return }
      crc = Array(entry.name.utf8).withUnsafeBytes { CRC32.of($0, after: crc) }
      if entry.shape.isEmpty, !entry.type.isFloat, entry.type != .bool {
        guard let zeros = zeros(entry, pieces, bytes) else { return }
        crc = [UInt8](repeating: 0, count: zeros).withUnsafeBytes { CRC32.of($0, after: crc) }
      } else {
        for piece in pieces where !piece.isEmpty {
          crc = CRC32.of(UnsafeRawBufferPointer(rebasing: bytes[piece]), after: crc)
        }
      }
    }
    guard crc == stated else {
      throw DSXError(
        .corrupt, "the tensors do not match the checksum '\(name)' of the file's __metadata__",
        byte: 8, hint: "the file was damaged, or changed by a program that kept the old checksum")
    }
  }

  /// A whole number, nil where it is negative or too large.
  private static func zeros(
    _ entry: TensorEntry, _ pieces: [Range<Int>], _ bytes: UnsafeRawBufferPointer
  ) -> Int? {
    guard let start = pieces.first?.lowerBound else { return nil }
    func number<Number: FixedWidthInteger>(_: Number.Type) -> Int? {
      let number = bytes.loadUnaligned(fromByteOffset: start, as: Number.self)
      return number >= 0 && number <= Number(clamping: mostZeros) ? Int(number) : nil
    }
    switch entry.type {
    case .i64: return number(Int64.self)
    case .i32: return number(Int32.self)
    case .i16: return number(Int16.self)
    case .i8: return number(Int8.self)
    case .u64: return number(UInt64.self)
    case .u32: return number(UInt32.self)
    case .u16: return number(UInt16.self)
    case .u8: return number(UInt8.self)
    default: return nil
    }
  }
}
