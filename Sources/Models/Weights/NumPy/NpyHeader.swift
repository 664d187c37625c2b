internal import DSXCore

/// The header of a `.npy` array.
///
/// | bytes | content |
/// | --- | --- |
/// | 0..<6 | `\x93NUMPY` |
/// | 6, 7 | version: 1.0, 2.0 or 3.0 |
/// | 8... | length of the text: 2 bytes in version 1, else 4, little-endian |
/// | then | a Python dict: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, blanks, a line end |
/// | then | the elements |
///
/// Source: numpy's format page (NEP 1) and files of numpy 2.4.
struct NpyHeader {
  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  /// Far above any array of numbers; numpy's own limit without a flag is 10,000.
  static let longestText = 1 << 16

  var type = ElementType.f32
  var isBigEndian = false
  var isFortranOrder = false
  var shape: [Int] = []
  /// Bytes of the header: where the elements begin.
  var size = 0

  /// Reads the header at the start of `bytes`, which may be cut behind it. `what` names the array.
  init(_ bytes: UnsafeRawBufferPointer, base: Int, _ what: String) throws(DSXError) {
    var reader = ByteReader(bytes, base: base)
    guard try reader.take(6, "the magic of \(what)").elementsEqual(Self.magic) else {
      throw DSXError(
        .malformed, "\(what) is no .npy array", byte: base,
        hint: "it does not begin with \\x93NUMPY")
    }
    let major = try reader.little(UInt8.self, "the version of \(what)")
    let minor = try reader.little(UInt8.self, "the version of \(what)")
    guard (1...3).contains(major), minor == 0 else {
      throw DSXError(.unsupported, "\(what) has the .npy version \(major).\(minor)", byte: base + 6)
    }
    let length =
      major == 1
      ? Int(try reader.little(UInt16.self, "the header length of \(what)"))
      : Int(try reader.little(UInt32.self, "the header length of \(what)"))
    guard length <= Self.longestText else {
      throw DSXError(
        .corrupt, "the header of \(what) would have \(length) bytes", byte: base + 8)
    }
    let start = reader.offset
    let text = try reader.take(length, "the header of \(what)")
    size = reader.position
    var literal = PythonLiteral(text, base: start, what)
    try parse(try literal.dictionary(), what, byte: start)
  }

  private mutating func parse(
    _ members: [(name: String, value: PythonLiteral.Value)],
    _ what: String, byte: Int
  ) throws(DSXError) {
    func fault(_ message: String) -> DSXError {
      DSXError(.malformed, "the header of \(what) " + message, byte: byte)
    }
    guard members.map(\.name).sorted() == ["descr", "fortran_order", "shape"] else {
      throw fault("must hold 'descr', 'fortran_order' and 'shape' and nothing else")
    }
    for member in members {
      switch (member.name, member.value) {
      case ("descr", .text(let descr)): try setType(descr, what, byte: byte)
      case ("descr", .tuple):
        throw DSXError(
          .unsupported, "\(what) holds records (a structured type), not numbers", byte: byte)
      case ("fortran_order", .bool(let flag)): isFortranOrder = flag
      case ("shape", .tuple(let numbers)):
        for number in numbers {
          guard case .int(let dimension) = number, dimension >= 0 else {
            throw fault("has a shape that is no tuple of numbers")
          }
          shape.append(dimension)
        }
      default: throw fault("has a '\(member.name)' of the wrong kind")
      }
    }
  }

  /// `<f4`: byte order, kind, bytes.
  private mutating func setType(_ descr: String, _ what: String, byte: Int) throws(DSXError) {
    let kinds: [(String, ElementType)] = [
      ("f8", .f64), ("f4", .f32), ("f2", .f16), ("i8", .i64), ("i4", .i32), ("i2", .i16),
      ("i1", .i8), ("u8", .u64), ("u4", .u32), ("u2", .u16), ("u1", .u8), ("b1", .bool),
    ]
    let order = descr.utf8.first ?? 0
    let kind = String(descr.dropFirst())
    let hasOrder = "<>|=".utf8.contains(order)
    guard hasOrder, let type = kinds.first(where: { $0.0 == kind })?.1 else {
      if kind.utf8.first == UInt8(ascii: "O") {
        throw DSXError(
          .unsupported, "\(what) holds Python objects (a pickle), which are never read",
          byte: byte, hint: "save it again as an array of numbers")
      }
      throw DSXError(
        .unsupported, "\(what) has the element type '\(descr)'", byte: byte,
        hint: "known: " + kinds.map(\.0).joined(separator: ", "))
    }
    guard order != UInt8(ascii: "|") || type.blockBytes == 1 else {
      throw DSXError(.malformed, "\(what) does not state the byte order of '\(descr)'", byte: byte)
    }
    self.type = type
    isBigEndian = order == UInt8(ascii: ">") && type.blockBytes > 1
  }

  /// The entry of the array whose elements lie at `source`. Throws `corrupt` for another size.
  func entry(_ name: String, bytes: Int, byte: Int, _ source: TensorPlace.Source) throws(DSXError)
    -> TensorEntry
  {
    let strides: [Int]? =
      isFortranOrder && shape.count > 1
      ? Array(TensorShape.rowMajorStrides(shape.reversed()).reversed()) : nil
    guard TensorShape.count(shape) != nil,
      let entry = TensorEntry(
        name: name, type: type, shape: shape,
        place: TensorPlace(source, strides: strides, isBigEndian: isBigEndian))
    else {
      throw DSXError(.corrupt, "the size of '\(name)' overflows: \(shape)", byte: byte)
    }
    guard entry.byteCount == bytes else {
      throw DSXError(
        .corrupt,
        "the array '\(name)' of shape \(shape) and type \(type.rawValue) needs "
          + "\(entry.byteCount) bytes, but \(bytes) follow", byte: byte,
        hint: "the file was cut or damaged; fetch it again")
    }
    return entry
  }
}
