/// Writes strategy files, which MindSpore's transform_checkpoints reads.
extension StrategyFile {
  /// One stage's layouts as a protobuf message, by name.
  static func message(_ layouts: [(name: String, layout: ParallelLayout)], stage: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    append(number: stage, field: 1, to: &bytes)
    // MindSpore takes the stage from the first operator; its name says nothing.
    var strategies: [UInt8] = []
    append(number: stage, field: 1, to: &strategies)
    var operation: [UInt8] = []
    append(Array("layout".utf8), field: 1, to: &operation)
    append(strategies, field: 2, to: &operation)
    append(operation, field: 2, to: &bytes)
    for (name, layout) in layouts {
      var content: [UInt8] = []
      append(list(layout.devices), field: 1, to: &content)
      if layout.cuts.contains(where: { $0.count > 1 }) {
        for axes in layout.cuts {
          append(list(axes.isEmpty ? [-1] : axes), field: 2, to: &content)
        }
      } else {
        append(list(layout.cuts.map { $0.first ?? -1 }), field: 2, to: &content)
      }
      append(list([]), field: 3, to: &content)
      append(list([]), field: 4, to: &content)
      append(number: 0, field: 5, to: &content)
      append(number: layout.optimizerStep, field: 6, to: &content)
      append(
        number: layout.optimizerParts > 1 ? layout.optimizerParts : 0, field: 7, to: &content)
      var item: [UInt8] = []
      append(Array(name.utf8), field: 1, to: &item)
      append(content, field: 2, to: &item)
      append(item, field: 3, to: &bytes)
    }
    return bytes
  }

  private static func list(_ numbers: [Int]) -> [UInt8] {
    var bytes: [UInt8] = []
    for number in numbers { append(number: number, field: 1, to: &bytes) }
    return bytes
  }

  private static func append(number: Int, field: UInt8, to bytes: inout [UInt8]) {
    bytes.append(field << 3)
    append(varint: UInt64(bitPattern: Int64(number)), to: &bytes)
  }

  private static func append(_ content: [UInt8], field: UInt8, to bytes: inout [UInt8]) {
    bytes.append(field << 3 | 2)
    append(varint: UInt64(content.count), to: &bytes)
    bytes += content
  }

  private static func append(varint: UInt64, to bytes: inout [UInt8]) {
    var rest = varint
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
