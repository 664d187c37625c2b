internal import DSXCore

/// Writes safetensors files as the reference writer does: wide elements first, then by name, the header
/// padded with blanks so that the data begins at a multiple of 8.
enum SafetensorsWriter {
  static func write(
    _ tensors: [OutputTensor], _ metadata: [(name: String, value: String)],
    to output: inout WeightOutput
  ) throws(DSXError) {
    let ordered = tensors.sorted { first, second in
      let (wide, other) = (first.type.blockBytes, second.type.blockBytes)
      return wide == other
        ? first.name.utf8.lexicographicallyPrecedes(second.name.utf8) : wide > other
    }
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      members.append(
        .init("__metadata__", .object(texts.map { .init($0.name, .string($0.value)) })))
    }
    var position = 0
    for tensor in ordered {
      guard tensor.name != "__metadata__" else {
        throw DSXError(.unsupported, "no tensor of a safetensors file may be named __metadata__")
      }
      let (end, overflow) = position.addingReportingOverflow(tensor.byteCount)
      guard !overflow else { throw DSXError(.unsupported, "the file would be too large") }
      members.append(
        .init(
          tensor.name,
          [
            "dtype": .string(tensor.type.rawValue),
            "shape": .array(tensor.shape.map { .int(Int64($0)) }),
            "data_offsets": [.int(Int64(position)), .int(Int64(end))],
          ]))
      position = end
    }
    var header: [UInt8] = []
    JSONValue.object(members).write(into: &header)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    guard header.count <= SafetensorsReader.longestHeader else {
      throw DSXError(.unsupported, "the header of the file would be too long")
    }
    try output.write(UInt64(header.count))
    try output.write(header)
    for tensor in ordered {
      try output.write(try tensor.bytes(), 0..<tensor.byteCount)
    }
  }
}
