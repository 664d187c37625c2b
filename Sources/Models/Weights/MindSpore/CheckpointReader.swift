internal import Archives
internal import DSXCore

/// Reads MindSpore's `.ckpt` files.
///
/// | message | field | content |
/// | --- | --- | --- |
/// | Checkpoint (the file) | 1 | Value, repeated |
/// | Value | 1 | name |
/// | | 2 | TensorProto |
/// | | 3 | MapTensorProto (a hash table: refused) |
/// | TensorProto | 1 | dimensions, repeated or packed; none or `[0]` for a scalar |
/// | | 2 | element type: `Float32` |
/// | | 3 | little-endian elements |
///
/// A parameter over 512 MiB is cut into Values with the same name and the whole dimensions, one after
/// the other. The file may end in `crc_num` and the CRC-32 of everything before, 10 bytes big-endian;
/// it is compared. Type `str` is a text of 4-byte characters, which goes to the metadata.
///
/// Source: the writer of mindspore 2.10 and files that it wrote.
enum CheckpointReader {
  static let types: [(name: String, type: ElementType)] = [
    ("Float64", .f64), ("Float32", .f32), ("Float16", .f16), ("BFloat16", .bf16), ("Int64", .i64),
    ("Int32", .i32), ("Int16", .i16), ("Int8", .i8), ("UInt64", .u64), ("UInt32", .u32),
    ("UInt16", .u16), ("UInt8", .u8), ("Bool", .bool),
  ]
  /// Bytes of the trailer: `crc_num` and ten more.
  static let trailerSize = 17

  static func read(_ bytes: UnsafeRawBufferPointer) throws(DSXError) -> WeightContent {
    try refuseEncrypted(bytes)
    let end = try checkedEnd(bytes)
    var content = WeightContent()
    var open: Parameter?
    var fields = ProtobufFields(
      UnsafeRawBufferPointer(rebasing: bytes[..<end]), base: 0, "the checkpoint")
    while let field = try fields.next() {
      guard field.number == 1, case .bytes(let message, let offset) = field.value else {
        throw DSXError(
          .corrupt, "the checkpoint has a field \(field.number), which it cannot have",
          byte: field.offset, hint: "the file is damaged, or is no MindSpore checkpoint")
      }
      let value = try Value(message, base: offset)
      if var whole = open, whole.takes(value) {
        // Held once only: else each piece would copy the list of those before.
        open = nil
        try whole.append(value)
        open = whole
      } else {
        if let whole = open { try whole.finish(bytes, into: &content) }
        open = try Parameter(value)
      }
    }
    if let whole = open { try whole.finish(bytes, into: &content) }
    guard !content.tensors.isEmpty || !content.metadata.isEmpty else {
      throw DSXError(.corrupt, "the checkpoint holds nothing", byte: 0, hint: "fetch it again")
    }
    return content
  }

  /// The encrypted forms begin with a number of their own: AES-GCM, AES-CBC, SM4-CBC.
  private static func refuseEncrypted(_ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    guard bytes.count > 4, bytes[1] == 0x5e, bytes[2] == 0x3a, bytes[3] == 0x7f,
      (0xd8...0xda).contains(bytes[0])
    else { return }
    throw DSXError(
      .unsupported, "the checkpoint is encrypted", byte: 0,
      hint: "load it in MindSpore with its key (dec_key), and save it without one")
  }

  /// Where the messages end: before the trailer, whose CRC is compared, or at the end of the file.
  private static func checkedEnd(_ bytes: UnsafeRawBufferPointer) throws(DSXError) -> Int {
    let end = bytes.count - trailerSize
    guard end >= 0, bytes[end..<end + 7].elementsEqual("crc_num".utf8) else { return bytes.count }
    var stated: UInt64 = 0
    for byte in bytes[(end + 7)...] {
      guard stated >> 56 == 0 else {
        throw DSXError(.corrupt, "the checkpoint's CRC has more than 64 bits", byte: end + 7)
      }
      stated = stated << 8 | UInt64(byte)
    }
    guard UInt64(CRC32.of(UnsafeRawBufferPointer(rebasing: bytes[..<end]))) == stated else {
      throw DSXError(
        .corrupt, "the checkpoint does not match its own CRC", byte: end,
        hint: "the file was damaged; fetch it again")
    }
    return end
  }

  /// One Value message.
  struct Value {
    var name = ""
    var type = ""
    var dimensions: [Int] = []
    var content = 0..<0
    var offset: Int

    init(_ message: UnsafeRawBufferPointer, base: Int) throws(DSXError) {
      offset = base
      var seen = Set<Int>()
      var tensor: (UnsafeRawBufferPointer, Int)?
      var fields = ProtobufFields(message, base: base, "a value of the checkpoint")
      while let field = try fields.next() {
        guard (1...3).contains(field.number), seen.insert(field.number).inserted else {
          throw DSXError(
            .corrupt, "a value of the checkpoint has a field \(field.number) too many",
            byte: field.offset)
        }
        switch (field.number, field.value) {
        case (1, let value):
          name = try ProtobufFields.text(value, "a parameter's name", byte: field.offset)
        case (2, .bytes(let bytes, let offset)): tensor = (bytes, offset)
        case (3, .bytes):
          throw DSXError(
            .unsupported, "the parameter '\(name)' is a map parameter (a hash table)",
            byte: field.offset, hint: "export it as tensors in MindSpore")
        default:
          throw DSXError(
            .corrupt, "the field \(field.number) of a value is a number", byte: field.offset)
        }
      }
      guard seen.contains(1), let (bytes, start) = tensor else {
        throw DSXError(.corrupt, "a value of the checkpoint lacks its name or tensor", byte: base)
      }
      try read(bytes, base: start)
    }

    private mutating func read(_ message: UnsafeRawBufferPointer, base: Int) throws(DSXError) {
      var seen = Set<Int>()
      var fields = ProtobufFields(message, base: base, "the parameter '\(name)'")
      while let field = try fields.next() {
        guard field.number == 1 || seen.insert(field.number).inserted else {
          throw fault("has the field \(field.number) twice", field.offset)
        }
        switch (field.number, field.value) {
        case (1, .number(let number)): try append(number, field.offset)
        case (1, .bytes(let packed, let offset)):
          var reader = ByteReader(packed, base: offset)
          while reader.remaining > 0 { try append(try reader.varint("a dimension"), field.offset) }
        case (2, let value):
          type = try ProtobufFields.text(value, "the type of '\(name)'", byte: field.offset)
        case (3, .bytes(let bytes, let offset)): content = offset..<offset + bytes.count
        default: throw fault("has a field \(field.number), which it cannot have", field.offset)
        }
      }
      guard seen.contains(2), seen.contains(3) else {
        throw fault("lacks its type or its content", base)
      }
    }

    private mutating func append(_ number: UInt64, _ byte: Int) throws(DSXError) {
      guard let dimension = Int(exactly: number), dimensions.count < 64 else {
        throw fault("has the dimension \(Int64(bitPattern: number)), or too many", byte)
      }
      dimensions.append(dimension)
    }

    private func fault(_ message: String, _ byte: Int) -> DSXError {
      DSXError(.corrupt, "the parameter '\(name)' " + message, byte: byte)
    }
  }

  /// A parameter, whole or so far.
  private struct Parameter {
    let first: Value
    private var pieces: [Range<Int>]
    private var bytes: Int
    private let type: ElementType?
    /// Bytes that its dimensions ask for; nil for a text.
    private let wanted: Int?

    init(_ value: Value) throws(DSXError) {
      first = value
      pieces = [value.content]
      bytes = value.content.count
      guard value.type != "str" else {
        (type, wanted) = (nil, nil)
        return
      }
      guard let known = CheckpointReader.types.first(where: { $0.name == value.type })?.type else {
        throw DSXError(
          .unsupported,
          "the parameter '\(value.name)' has the element type '\(value.type)'", byte: value.offset,
          hint: "known: " + CheckpointReader.types.map(\.name).joined(separator: ", "))
      }
      type = known
      guard let count = TensorShape.count(value.dimensions), let size = known.byteCount(of: count)
      else {
        throw DSXError(
          .corrupt, "the size of '\(value.name)' overflows: \(value.dimensions)",
          byte: value.offset)
      }
      wanted = value.dimensions == [0] && bytes > 0 ? known.blockBytes : size
    }

    /// Whether the next value is a further piece of this parameter.
    func takes(_ value: Value) -> Bool {
      guard value.name == first.name, let wanted else { return false }
      return bytes < wanted && value.type == first.type && value.dimensions == first.dimensions
    }

    mutating func append(_ value: Value) throws(DSXError) {
      guard !value.content.isEmpty else {
        throw DSXError(
          .corrupt, "a piece of the parameter '\(value.name)' is empty", byte: value.offset)
      }
      pieces.append(value.content)
      bytes += value.content.count
    }

    /// The text of 4-byte characters.
    private func text(_ file: UnsafeRawBufferPointer) throws(DSXError) -> String {
      var scalars = String.UnicodeScalarView()
      var reader = ByteReader(
        UnsafeRawBufferPointer(rebasing: file[first.content]), base: first.content.lowerBound)
      while reader.remaining > 0 {
        let offset = reader.offset
        guard let scalar = Unicode.Scalar(try reader.little(UInt32.self, "a character")) else {
          throw DSXError(
            .corrupt, "the text '\(first.name)' holds what is no character", byte: offset)
        }
        scalars.append(scalar)
      }
      return String(scalars)
    }

    func finish(_ file: UnsafeRawBufferPointer, into content: inout WeightContent)
      throws(DSXError)
    {
      guard let type, let wanted else {
        content.metadata.append(.init(first.name, .string(try text(file))))
        return
      }
      guard bytes == wanted else {
        throw DSXError(
          .corrupt,
          "the parameter '\(first.name)' of dimensions \(first.dimensions) and type "
            + "\(first.type) needs \(wanted) bytes, but has \(bytes)", byte: first.offset,
          hint: "the file was cut or damaged; fetch it again")
      }
      let shape = first.dimensions == [0] && bytes > 0 ? [] : first.dimensions
      // Pieces that lie end to end cannot be: each has a header. Pieces without bytes hold nothing.
      guard
        let entry = TensorEntry(
          name: first.name, type: type, shape: shape,
          place: TensorPlace(.mapped(pieces.filter { !$0.isEmpty })))
      else {
        throw DSXError(.corrupt, "the size of '\(first.name)' overflows", byte: first.offset)
      }
      content.tensors.append(entry)
    }
  }
}
