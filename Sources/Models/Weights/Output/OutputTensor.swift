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
  private let recipe: TensorRecipe

  /// A tensor of a file as another type, or as it is.
  ///
  /// Floats become any float type; integers stay as they are. Throws `unsupported` for a quantised
  /// tensor without a type to become.
  public init(_ entry: TensorEntry, of file: WeightFile, name: String? = nil, as type: ElementType?)
    throws(DSXError)
  {
    try self.init(TensorRecipe(entry, of: file), name: name ?? entry.name, as: type)
  }

  /// A tensor made of stored ones, as another type, or as it is.
  public init(_ recipe: TensorRecipe, name: String, as type: ElementType?) throws(DSXError) {
    self.name = name
    self.type = recipe.type.isFloat ? type ?? recipe.type : recipe.type
    shape = recipe.shape
    self.recipe = recipe
    guard !self.type.isQuantised else {
      throw DSXError(
        .unsupported, "the tensor '\(recipe.name)' is quantised (\(recipe.type.rawValue))",
        file: recipe.origin?.file, byte: recipe.origin?.byte,
        hint: "choose what it becomes: --dtype f32, f16 or bf16")
    }
    guard let count = TensorShape.count(shape), let size = self.type.byteCount(of: count) else {
      throw DSXError(
        .corrupt, "the size of '\(recipe.name)' overflows", file: recipe.origin?.file)
    }
    byteCount = size
  }

  /// Its elements, row-major and little-endian.
  ///
  /// Rounds to nearest, ties to even. Throws `unsupported` where a finite number would become
  /// infinite.
  public func bytes() throws(DSXError) -> TensorBytes {
    let raw = try recipe.bytes()
    if type == recipe.type { return raw }
    if type == .f64 {
      throw DSXError(
        .unsupported, "no tensor is converted to F64", file: recipe.origin?.file)
    }
    let floats = FloatTensor(raw, recipe.type, shape)
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
        "the tensor '\(recipe.name)' holds \(overflow), which \(type.rawValue) cannot hold",
        file: recipe.origin?.file, byte: recipe.origin?.byte,
        hint: type == .f16 ? "use --dtype bf16 or f32" : "use --dtype f32")
    }
    if recipe.type == .f64, let infinite = Self.firstOverflow(raw, floats) {
      throw DSXError(
        .unsupported,
        "the tensor '\(recipe.name)' holds \(infinite), which \(type.rawValue) cannot hold",
        file: recipe.origin?.file, byte: recipe.origin?.byte, hint: "leave out --dtype")
    }
    return result
  }

  /// The first finite double that is infinite as float.
  private static func firstOverflow(_ doubles: TensorBytes, _ floats: FloatTensor) -> Double? {
    doubles.withBytes { bytes in
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
