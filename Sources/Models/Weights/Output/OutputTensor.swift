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
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    let result = TensorBytes(owning: memory)
    guard let overflow = convert(raw, into: memory) else { return result }
    let isLarge = overflow.magnitude > Double(Float.greatestFiniteMagnitude)
    throw DSXError(
      .unsupported,
      "the tensor '\(recipe.name)' holds \(overflow), which \(type.rawValue) cannot hold",
      file: recipe.origin?.file, byte: recipe.origin?.byte,
      hint: isLarge
        ? "leave out --dtype" : type == .f16 ? "use --dtype bf16 or f32" : "use --dtype f32")
  }

  /// Rounds once; gives the first finite number that became infinite.
  private func convert(_ raw: TensorBytes, into memory: UnsafeMutableRawBufferPointer) -> Double? {
    guard recipe.type != .f64 else {
      return raw.withBytes { doubles in
        let place =
          switch type {
          case .f16: Rounding.shorts(doubles, into: memory, Rounding.halves)
          case .bf16: Rounding.shorts(doubles, into: memory, Rounding.brains)
          default: Rounding.singles(doubles, into: memory)
          }
        return place.map { Rounding.double(doubles, $0) }
      }
    }
    return FloatTensor(raw, recipe.type, shape).withElements { elements in
      let place =
        switch type {
        case .f16: Rounding.halves(elements, into: memory)
        case .bf16: Rounding.brains(elements, into: memory)
        default: Rounding.copy(elements, into: memory)
        }
      return place.map { Double(elements[$0]) }
    }
  }
}
