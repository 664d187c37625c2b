internal import DSXCore

/// Writes MindSpore's `.ckpt` files (the layout stands at `CheckpointReader`), parameters by name.
///
/// As MindSpore does, scalars have no dimensions, and what is longer than 512 MiB is cut into Values of
/// the same name.
enum CheckpointWriter {
  /// Bytes of one Value's content at most; a multiple of every element size.
  static let longestPiece = 512 << 20

  static func write(
    _ tensors: [OutputTensor], to output: inout WeightOutput, piece: Int = longestPiece
  ) throws(DSXError) {
    for tensor in WeightWriter.sorted(tensors) {
      guard let type = CheckpointReader.types.first(where: { $0.type == tensor.type })?.name else {
        throw DSXError(
          .unsupported, "a checkpoint cannot hold '\(tensor.name)' as \(tensor.type.rawValue)")
      }
      guard tensor.shape != [0] else {
        throw DSXError(
          .unsupported,
          "a checkpoint cannot hold '\(tensor.name)' of shape [0]: MindSpore reads a number from it",
          hint: "write .safetensors, or leave the tensor out (dsx weights convert --map)")
      }
      let bytes = try tensor.bytes()
      var start = 0
      repeat {
        let end = min(tensor.byteCount, start + piece)
        try output.write(head(tensor.name, tensor.shape, type, content: end - start))
        try output.write(bytes, start..<end)
        start = end
      } while start < tensor.byteCount
    }
  }

  /// Everything of a Value but its content, which comes last.
  private static func head(_ name: String, _ shape: [Int], _ type: String, content: Int) -> [UInt8]
  {
    var tensor: [UInt8] = []
    for dimension in shape {
      tensor.append(0x08)
      append(dimension, to: &tensor)
    }
    append(text: type, field: 2, to: &tensor)
    tensor.append(0x1a)
    append(content, to: &tensor)
    var value: [UInt8] = []
    append(text: name, field: 1, to: &value)
    value.append(0x12)
    append(tensor.count + content, to: &value)
    value.append(contentsOf: tensor)
    var head: [UInt8] = [0x0a]
    append(value.count + content, to: &head)
    return head + value
  }

  private static func append(text: String, field: UInt8, to bytes: inout [UInt8]) {
    bytes.append(field << 3 | 2)
    append(text.utf8.count, to: &bytes)
    bytes.append(contentsOf: text.utf8)
  }

  /// A varint.
  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    var rest = UInt64(number)
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
