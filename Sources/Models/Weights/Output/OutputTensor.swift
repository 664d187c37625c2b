public import DSXCore

/// A tensor on its way into a new file: under which name, as which type, and where it comes from.
///
/// Its bytes are made when they are written, one tensor at a time.
public struct OutputTensor: Sendable {
  /// Its name in the new file.
  public let name: String
  /// Its element type in the new file; never a quantised one.
  public let type: ElementType
  /// Its shape.
  public let shape: [Int]
  /// Bytes of its elements.
  public let byteCount: Int
  private let source: TensorEntry
  private let file: WeightFile

  /// A tensor of a file as another type, or as it is.
  ///
  /// Floats become any float type; integers stay as they are. Throws `unsupported` for a quantised
  /// tensor without a type to become.
  public init(_ entry: TensorEntry, of file: WeightFile, name: String? = nil, as type: ElementType?)
    throws(DSXError)
  {
    self.name = name ?? entry.name
    self.type = entry.type.isFloat ? type ?? entry.type : entry.type
    shape = entry.shape
    source = entry
    self.file = file
    guard !self.type.isQuantised else {
      throw DSXError(
        .unsupported, "the tensor '\(entry.name)' is quantised (\(entry.type.rawValue))",
        file: file.file.path, byte: entry.offset,
        hint: "choose what it becomes: --dtype f32, f16 or bf16")
    }
    guard let size = self.type.byteCount(of: entry.count) else {
      throw DSXError(.corrupt, "the size of '\(entry.name)' overflows", file: file.file.path)
    }
    byteCount = size
  }

  /// Its elements, row-major and little-endian.
  ///
  /// Rounds to nearest, ties to even. Throws `unsupported` where a finite number would become
  /// infinite.
  public func bytes() throws(DSXError) -> TensorBytes {
    if type == source.type { return try file.bytes(of: source) }
    if type == .f64 {
      throw DSXError(.unsupported, "no tensor is converted to F64", file: file.file.path)
    }
    let floats = try FloatTensor(source, in: file.file)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    let overflow = floats.withElements { elements in
      switch type {
      case .f16: Rounding.halves(elements, into: memory)
      case .bf16: Rounding.brains(elements, into: memory)
      default: Rounding.copy(elements, into: memory)
      }
    }
    let result = TensorBytes(owning: memory)
    if let overflow {
      throw DSXError(
        .unsupported,
        "the tensor '\(source.name)' holds \(overflow), which \(type.rawValue) cannot hold",
        file: file.file.path, byte: source.offset,
        hint: type == .f16 ? "use --dtype bf16 or f32" : "use --dtype f32")
    }
    if source.type == .f64, let infinite = try firstOverflowOfDoubles(floats) {
      throw DSXError(
        .unsupported,
        "the tensor '\(source.name)' holds \(infinite), which \(type.rawValue) cannot hold",
        file: file.file.path, byte: source.offset, hint: "leave out --dtype")
    }
    return result
  }

  /// The first finite double that is infinite as float.
  private func firstOverflowOfDoubles(_ floats: FloatTensor) throws(DSXError) -> Double? {
    let doubles = try file.bytes(of: source)
    return doubles.withBytes { bytes in
      floats.withElements { elements in
        for index in elements.indices where elements[index].isInfinite {
          let double = bytes.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
          if double.isFinite { return double }
        }
        return nil
      }
    }
  }
}
