internal import DSXCore

/// Reads GGUF files, versions 2 and 3, little-endian.
///
/// | part | content |
/// | --- | --- |
/// | 4 bytes | `GGUF` |
/// | u32 | version |
/// | u64, u64 | number of tensors, number of keys |
/// | each key | text (u64 length, UTF-8), u32 type, value; an array: u32 type, u64 count, values |
/// | each tensor | text name, u32 number of dimensions (at most 4), u64 dimensions, **fastest first**, u32 type, u64 offset |
/// | padding | to a multiple of `general.alignment` (32) |
/// | data | each tensor at its offset, padded to the alignment |
///
/// Source: the format's page in the ggml repository and files of llama.cpp's tools.
enum GGUFReader {
  static let magic: [UInt8] = Array("GGUF".utf8)
  static let types: [UInt32: ElementType] = [
    0: .f32, 1: .f16, 2: .q40, 3: .q41, 6: .q50, 7: .q51, 8: .q80, 12: .q4k, 13: .q5k,
    14: .q6k, 24: .i8, 25: .i16, 26: .i32, 27: .i64, 28: .f64, 30: .bf16,
  ]
  /// Types that are refused, for the message.
  private static let others: [UInt32: String] = [
    9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS",
    19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 29: "IQ1_M", 34: "TQ1_0",
    35: "TQ2_0", 39: "MXFP4",
  ]

  /// A tensor's line before its place is known.
  private struct Line {
    let name: String
    let type: ElementType
    let shape: [Int]
    let offset: UInt64
    let byte: Int
  }

  static func read(_ file: MappedFile) throws(DSXError) -> WeightContent {
    let bytes = file.bytes
    var reader = ByteReader(bytes)
    let start = try reader.take(4, "the magic")
    guard start.elementsEqual(magic) else {
      throw DSXError(.malformed, "the file does not begin with GGUF", byte: 0)
    }
    let version = try reader.little(UInt32.self, "the version")
    guard (2...3).contains(version) else {
      throw DSXError(
        .unsupported,
        version.byteSwapped < 16
          ? "the GGUF file is big-endian" : "the GGUF file has the version \(version)", byte: 4,
        hint: "versions 2 and 3, little-endian, are read")
    }
    let tensors = try count(&reader, "tensors", atLeast: 24)
    let keys = try count(&reader, "keys", atLeast: 13)
    var members: [(key: String, value: GGUFMetadata.Value)] = []
    for _ in 0..<keys {
      let key = try text(&reader, "a key")
      members.append((key, try value(&reader, key)))
    }
    let metadata = try GGUFMetadata(version: Int(version), members: members, file: file)
    let alignment = try metadata.int("general.alignment") ?? 32
    guard alignment > 0, alignment <= 1 << 30, alignment & (alignment - 1) == 0 else {
      throw DSXError(
        .malformed, "general.alignment is \(alignment), which is no power of two up to 2^30")
    }
    var lines: [Line] = []
    for _ in 0..<tensors { lines.append(try line(&reader)) }
    let dataStart = (reader.offset + alignment - 1) & ~(alignment - 1)
    var content = WeightContent()
    content.tensors = try place(lines, dataStart, alignment, bytes.count)
    content.metadata = try metadata.summary()
    content.gguf = metadata
    return content
  }

  /// A number of things that take at least so many bytes each.
  private static func count(_ reader: inout ByteReader, _ what: String, atLeast size: Int)
    throws(DSXError) -> Int
  {
    let offset = reader.offset
    let number = try reader.little(UInt64.self, "the number of " + what)
    guard number <= UInt64(reader.remaining / size) else {
      throw DSXError(
        .corrupt, "the file states \(number) \(what), more than it can hold", byte: offset)
    }
    return Int(number)
  }

  private static func text(_ reader: inout ByteReader, _ what: String) throws(DSXError) -> String {
    let offset = reader.offset
    let length = try reader.little(UInt64.self, "the length of " + what)
    let bytes = try reader.take(Int(clamping: length), what)
    guard UTF8Validation.firstInvalid(bytes) == nil else {
      throw DSXError(.corrupt, "\(what) is not valid UTF-8", byte: offset)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func valueType(_ reader: inout ByteReader, _ key: String) throws(DSXError)
    -> GGUFMetadata.ValueType
  {
    let offset = reader.offset
    let number = try reader.little(UInt32.self, "the type of '\(key)'")
    guard let type = GGUFMetadata.ValueType(rawValue: number) else {
      throw DSXError(.corrupt, "the key '\(key)' has the type \(number)", byte: offset)
    }
    return type
  }

  private static func value(_ reader: inout ByteReader, _ key: String) throws(DSXError)
    -> GGUFMetadata.Value
  {
    var type = try valueType(&reader, key)
    var count: Int?
    if type == .array {
      type = try valueType(&reader, key)
      guard type != .array else {
        throw DSXError(.unsupported, "the key '\(key)' is an array of arrays", byte: reader.offset)
      }
      count = try Self.count(&reader, "values in '\(key)'", atLeast: type.size ?? 8)
    }
    let start = reader.offset
    if let size = type.size {
      // The count was checked against what is left.
      let bytes = try reader.take((count ?? 1) * size, "the value of '\(key)'")
      guard type != .bool || bytes.allSatisfy({ $0 < 2 }) else {
        throw DSXError(.corrupt, "the key '\(key)' is neither true nor false", byte: start)
      }
    } else {
      for _ in 0..<(count ?? 1) {
        let offset = reader.offset
        let length = try reader.little(UInt64.self, "the length of a text in '\(key)'")
        let bytes = try reader.take(Int(clamping: length), "a text in '\(key)'")
        guard UTF8Validation.firstInvalid(bytes) == nil else {
          throw DSXError(.corrupt, "a text in '\(key)' is not valid UTF-8", byte: offset)
        }
      }
    }
    return GGUFMetadata.Value(type: type, count: count, bytes: start..<reader.offset)
  }

  private static func line(_ reader: inout ByteReader) throws(DSXError) -> Line {
    let byte = reader.offset
    let name = try text(&reader, "a tensor's name")
    let dimensions = try reader.little(UInt32.self, "the dimensions of '\(name)'")
    guard dimensions <= 4 else {
      throw DSXError(.corrupt, "the tensor '\(name)' has \(dimensions) dimensions", byte: byte)
    }
    var shape: [Int] = []
    for _ in 0..<dimensions {
      guard let size = Int(exactly: try reader.little(UInt64.self, "a dimension of '\(name)'"))
      else { throw DSXError(.corrupt, "a dimension of '\(name)' is negative", byte: byte) }
      shape.append(size)
    }
    let number = try reader.little(UInt32.self, "the type of '\(name)'")
    guard let type = types[number] else {
      throw DSXError(
        .unsupported,
        "the tensor '\(name)' has the type \(others[number] ?? "numbered \(number)")", byte: byte,
        hint: "known: "
          + types.sorted { $0.key < $1.key }.map(\.value.rawValue)
          .joined(separator: ", "))
    }
    let offset = try reader.little(UInt64.self, "the offset of '\(name)'")
    return Line(name: name, type: type, shape: shape.reversed(), offset: offset, byte: byte)
  }

  /// Places the tensors, which must follow each other with nothing but padding between.
  private static func place(_ lines: [Line], _ start: Int, _ alignment: Int, _ end: Int)
    throws(DSXError) -> [TensorEntry]
  {
    var entries: [TensorEntry] = []
    var position = start
    for line in lines.sorted(by: { ($0.offset, $0.byte) < ($1.offset, $1.byte) }) {
      func fault(_ message: String) -> DSXError {
        DSXError(
          .corrupt, "the tensor '\(line.name)' of shape \(line.shape) " + message,
          byte: line.byte, hint: "the file was cut or damaged; fetch it again")
      }
      guard let count = TensorShape.count(line.shape), let size = line.type.byteCount(of: count)
      else { throw fault("and type \(line.type.rawValue) has a size that cannot be") }
      guard line.offset == UInt64(max(0, position - start)) else {
        throw fault("begins at byte \(line.offset) of the data, and not at \(position - start)")
      }
      guard position <= end, size <= end - position else {
        throw fault("needs \(size) bytes, but only \(max(0, end - position)) are left")
      }
      guard
        let entry = TensorEntry(
          name: line.name, type: line.type, shape: line.shape, bytes: position..<position + size)
      else { throw fault("does not hold whole blocks of \(line.type.rawValue)") }
      entries.append(entry)
      position = (position + size + alignment - 1) & ~(alignment - 1)
    }
    guard end <= max(position, start) else {
      throw DSXError(
        .corrupt, "\(end - position) bytes after the last tensor belong to none", byte: position)
    }
    return entries
  }
}
