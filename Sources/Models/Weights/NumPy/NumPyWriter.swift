internal import Archives
internal import DSXCore

/// Writes `.npz` archives: stored `.npy` members by name, each beginning at a multiple of 64 bytes, so
/// that the arrays can be used from the mapped file.
///
/// The local header's extra field 0xd935 pads to the 64 bytes (2 bytes alignment, zeros), as Android's
/// zipalign does it. All times are 1980-01-01. Sizes and places from 4 GiB on stand in zip64 fields.
enum NumPyWriter {
  private static let alignment = 64
  private static let paddingField: UInt16 = 0xd935

  private struct Member {
    let name: [UInt8]
    let crc: UInt32
    let size: Int
    let place: Int
  }

  static func write(_ tensors: [OutputTensor], to output: inout WeightOutput) throws(DSXError) {
    var members: [Member] = []
    for tensor in WeightWriter.sorted(tensors) {
      let header = try npyHeader(tensor)
      let bytes = try tensor.bytes()
      let start = header.withUnsafeBytes { CRC32.of($0) }
      let crc = bytes.withBytes { CRC32.of($0, after: start) }
      let name = Array((tensor.name + ".npy").utf8)
      guard name.count <= 0xffff else {
        throw DSXError(.unsupported, "the name '\(tensor.name)' is too long for a zip archive")
      }
      let member = Member(
        name: name, crc: crc, size: header.count + tensor.byteCount, place: output.position)
      try output.write(localHeader(member))
      try output.write(header)
      try output.write(bytes, 0..<tensor.byteCount)
      members.append(member)
    }
    try writeDirectory(members, to: &output)
  }

  /// The header of an array, padded to a multiple of 64.
  static func npyHeader(_ tensor: OutputTensor) throws(DSXError) -> [UInt8] {
    let kinds: [ElementType: String] = [
      .f64: "<f8", .f32: "<f4", .f16: "<f2", .i64: "<i8", .i32: "<i4", .i16: "<i2", .i8: "|i1",
      .u64: "<u8", .u32: "<u4", .u16: "<u2", .u8: "|u1", .bool: "|b1",
    ]
    guard let kind = kinds[tensor.type] else {
      throw DSXError(
        .unsupported, "numpy has no \(tensor.type.rawValue) for the tensor '\(tensor.name)'",
        hint: "add --dtype f32 or --dtype f16")
    }
    let dimensions = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.shape.count == 1 ? dimensions + "," : dimensions
    let text = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(shape)), }"
    var header = NpyHeader.magic + [1, 0, 0, 0] + Array(text.utf8)
    while (header.count + 1) % alignment != 0 { header.append(UInt8(ascii: " ")) }
    header.append(0x0a)
    let length = header.count - 10
    guard length <= 0xffff else {
      throw DSXError(.unsupported, "the shape of '\(tensor.name)' is too long for .npy")
    }
    header[8] = UInt8(truncatingIfNeeded: length)
    header[9] = UInt8(truncatingIfNeeded: length >> 8)
    return header
  }

  private static func localHeader(_ member: Member) -> [UInt8] {
    let isLarge = member.size >= 0xffff_ffff
    var extra: [UInt8] = []
    if isLarge {
      append(UInt16(1), &extra)
      append(UInt16(16), &extra)
      append(UInt64(member.size), &extra)
      append(UInt64(member.size), &extra)
    }
    let end = member.place + 30 + member.name.count + extra.count + 6
    let padding = (alignment - end % alignment) % alignment
    append(paddingField, &extra)
    append(UInt16(2 + padding), &extra)
    append(UInt16(alignment), &extra)
    extra.append(contentsOf: repeatElement(0, count: padding))
    var bytes: [UInt8] = [0x50, 0x4b, 3, 4]
    appendFacts(member, isLarge: isLarge, &bytes)
    append(UInt16(extra.count), &bytes)
    return bytes + member.name + extra
  }

  /// What local header and directory share, from the version to the size of the name.
  private static func appendFacts(_ member: Member, isLarge: Bool, _ bytes: inout [UInt8]) {
    append(UInt16(isLarge ? 45 : 20), &bytes)
    append(UInt16(0x800), &bytes)  // names are UTF-8
    append(UInt16(0), &bytes)  // stored
    append(UInt16(0), &bytes)
    append(UInt16(0x21), &bytes)  // 1980-01-01
    append(member.crc, &bytes)
    let size = isLarge ? UInt32.max : UInt32(member.size)
    append(size, &bytes)
    append(size, &bytes)
    append(UInt16(member.name.count), &bytes)
  }

  private static func writeDirectory(_ members: [Member], to output: inout WeightOutput)
    throws(DSXError)
  {
    let start = output.position
    for member in members {
      let (isLarge, isFar) = (member.size >= 0xffff_ffff, member.place >= 0xffff_ffff)
      var extra: [UInt8] = []
      if isLarge || isFar {
        append(UInt16(1), &extra)
        append(UInt16((isLarge ? 16 : 0) + (isFar ? 8 : 0)), &extra)
        if isLarge {
          append(UInt64(member.size), &extra)
          append(UInt64(member.size), &extra)
        }
        if isFar { append(UInt64(member.place), &extra) }
      }
      var bytes: [UInt8] = [0x50, 0x4b, 1, 2, 45, 3]
      appendFacts(member, isLarge: isLarge, &bytes)
      append(UInt16(extra.count), &bytes)
      bytes.append(contentsOf: repeatElement(0, count: 6))  // comment, disk, attributes of text
      append(UInt32(0o100644) << 16, &bytes)
      append(isFar ? UInt32.max : UInt32(member.place), &bytes)
      try output.write(bytes + member.name + extra)
    }
    try writeEnd(members.count, start, to: &output)
  }

  private static func writeEnd(_ count: Int, _ start: Int, to output: inout WeightOutput)
    throws(DSXError)
  {
    let (end, size) = (output.position, output.position - start)
    let isLarge = count >= 0xffff || size >= 0xffff_ffff || start >= 0xffff_ffff
    if isLarge {
      var bytes: [UInt8] = [0x50, 0x4b, 6, 6]
      append(UInt64(44), &bytes)
      append(UInt16(45), &bytes)
      append(UInt16(45), &bytes)
      append(UInt64(0), &bytes)
      for number in [count, count, size, start] { append(UInt64(number), &bytes) }
      bytes.append(contentsOf: [0x50, 0x4b, 6, 7])
      append(UInt32(0), &bytes)
      append(UInt64(end), &bytes)
      append(UInt32(1), &bytes)
      try output.write(bytes)
    }
    var bytes: [UInt8] = [0x50, 0x4b, 5, 6]
    append(UInt32(0), &bytes)
    for _ in 0..<2 { append(isLarge ? UInt16.max : UInt16(count), &bytes) }
    append(isLarge ? UInt32.max : UInt32(size), &bytes)
    append(isLarge ? UInt32.max : UInt32(start), &bytes)
    append(UInt16(0), &bytes)
    try output.write(bytes)
  }

  private static func append(_ number: some FixedWidthInteger, _ bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
