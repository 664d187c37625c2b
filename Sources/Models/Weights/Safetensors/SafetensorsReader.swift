internal import DSXCore

/// Reads safetensors files.
///
/// | bytes | content |
/// | --- | --- |
/// | 0..<8 | length n of the header, unsigned, little-endian |
/// | 8..<8+n | JSON object: name to `{dtype, shape, data_offsets: [begin, end]}`, and optionally `__metadata__` with strings; may end in blanks |
/// | 8+n... | data; offsets count from here, elements little-endian, any alignment |
///
/// Source: the format's own page and the rules of its reference reader: the tensors fill the data
/// without holes and without overlap.
enum SafetensorsReader {
  /// The reference reader's own limit.
  static let longestHeader = 100_000_000

  /// The tensors in the order of their data.
  ///
  /// Throws `malformed`, `corrupt` (truncated, overlapping, wrong sizes) or `unsupported` (an element
  /// type that is not known), with the tensor's name and byte offset.
  static func read(_ bytes: UnsafeRawBufferPointer) throws(DSXError) -> WeightContent {
    var reader = ByteReader(bytes)
    let hint = "the file is no safetensors file, or was cut off; fetch it again"
    guard bytes.count >= 8 else {
      throw DSXError(
        .corrupt, "a safetensors file has at least 8 bytes, this one \(bytes.count)", byte: 0,
        hint: hint)
    }
    let length = try reader.little(UInt64.self, "the header's length")
    guard length <= UInt64(longestHeader) else {
      throw DSXError(
        .corrupt, "the header would be \(length) bytes long, more than \(longestHeader)", byte: 0,
        hint: hint)
    }
    guard length <= UInt64(reader.remaining) else {
      throw DSXError(
        .corrupt, "the header is \(length) bytes long, but only \(reader.remaining) bytes follow",
        byte: 0, hint: hint)
    }
    let header = try reader.take(Int(length), "the header")
    guard header.first == UInt8(ascii: "{") else {
      throw DSXError(.malformed, "the header does not begin with '{'", byte: 8, hint: hint)
    }
    guard let members = try JSONParser.parse(header, base: 8).object else {
      throw DSXError(.malformed, "the header is not a JSON object", byte: 8, hint: hint)
    }
    let start = reader.offset
    var entries: [(entry: TensorEntry, bytes: Range<Int>)] = []
    var metadata: [JSONValue.Member] = []
    entries.reserveCapacity(members.count)
    for member in members {
      if member.name == "__metadata__" {
        metadata = try checkMetadata(member.value)
      } else {
        entries.append(try entry(member, start: start, end: bytes.count))
      }
    }
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.entry.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.entry.name)
    }
    var position = start
    for (entry, bytes) in entries {
      guard bytes.lowerBound == position else {
        let what = bytes.lowerBound < position ? "overlaps the one before" : "leaves a hole"
        throw DSXError(
          .corrupt,
          "the tensor '\(entry.name)' \(what): its data begins at byte \(bytes.lowerBound), "
            + "not \(position)", byte: bytes.lowerBound)
      }
      position = bytes.upperBound
    }
    guard position == bytes.count else {
      throw DSXError(
        .corrupt, "\(bytes.count - position) bytes after the last tensor belong to none",
        byte: position)
    }
    let content = WeightContent(tensors: entries.map(\.entry), metadata: metadata)
    try SafetensorsChecksum.check(content, bytes)
    return content
  }

  private static func checkMetadata(_ value: JSONValue) throws(DSXError)
    -> [JSONValue.Member]
  {
    guard let members = value.object, members.allSatisfy({ $0.value.string != nil }) else {
      throw DSXError(.malformed, "'__metadata__' must be an object of strings", byte: 8)
    }
    return members
  }

  private static func entry(_ member: JSONValue.Member, start: Int, end: Int) throws(DSXError)
    -> (entry: TensorEntry, bytes: Range<Int>)
  {
    let name = member.name
    func fault(_ message: String) -> DSXError {
      DSXError(.malformed, "the tensor '\(name)' \(message)", byte: 8)
    }
    guard let parts = member.value.object else { throw fault("is not described by an object") }
    for part in parts where !["dtype", "shape", "data_offsets"].contains(part.name) {
      throw fault("has an unknown member '\(part.name)'")
    }
    guard let typeName = member.value["dtype"]?.string else { throw fault("has no dtype") }
    guard let type = ElementType(rawValue: typeName), !type.isQuantised else {
      throw DSXError(
        .unsupported, "the tensor '\(name)' has the element type '\(typeName)'", byte: 8,
        hint: "known: " + ElementType.plain.map(\.rawValue).joined(separator: ", "))
    }
    guard let dimensions = member.value["shape"]?.array else { throw fault("has no shape") }
    var shape: [Int] = []
    var size = type.blockBytes
    for dimension in dimensions {
      guard case .int(let number) = dimension, number >= 0, let number = Int(exactly: number) else {
        throw fault("has the dimension \(dimension.text()) in its shape")
      }
      let (product, overflow) = size.multipliedReportingOverflow(by: number)
      guard !overflow else { throw fault("has a shape whose size overflows 64 bits") }
      shape.append(number)
      size = product
    }
    guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
      case .int(let begin64) = offsets[0], case .int(let stop64) = offsets[1],
      let begin = Int(exactly: begin64), let stop = Int(exactly: stop64), begin >= 0, begin <= stop
    else { throw fault("has no valid data_offsets") }
    guard stop <= end - start else {
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' ends at byte \(stop) of the data, but there are only "
          + "\(end - start): the file is truncated", byte: start + begin,
        hint: "fetch the file again")
    }
    guard stop - begin == size else {
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' of shape \(shape) and type \(typeName) needs \(size) bytes, but its "
          + "data_offsets hold \(stop - begin)", byte: start + begin)
    }
    let bytes = start + begin..<start + stop
    guard let entry = TensorEntry(name: name, type: type, shape: shape, bytes: bytes) else {
      throw fault("has a shape whose size overflows 64 bits")
    }
    return (entry, bytes)
  }
}
