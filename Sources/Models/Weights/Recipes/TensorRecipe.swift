public import DSXCore

/// How a tensor is made of stored ones: parts cut out, joined, axes exchanged. Nothing is read before its
/// bytes are asked for.
public struct TensorRecipe: Sendable {
  /// The element type.
  public let type: ElementType
  /// The shape, slowest dimension first.
  public let shape: [Int]
  /// The name of the first stored tensor in it, for messages.
  public let name: String
  let step: Step

  indirect enum Step: Sendable {
    case stored(TensorEntry, WeightFile)
    /// As float32.
    case floats(TensorRecipe)
    /// A range of one axis.
    case part(TensorRecipe, axis: Int, Range<Int>)
    /// One after the other along an axis.
    case joined([TensorRecipe], axis: Int)
    /// The same elements in the same order.
    case reshaped(TensorRecipe)
    /// An axis and the next one exchanged.
    case exchanged(TensorRecipe, axis: Int)
  }

  private init(_ type: ElementType, _ shape: [Int], _ name: String, _ step: Step) {
    (self.type, self.shape, self.name, self.step) = (type, shape, name, step)
  }

  /// A tensor of a file, as it is.
  public init(_ entry: TensorEntry, of file: WeightFile) {
    self.init(entry.type, entry.shape, entry.name, .stored(entry, file))
  }

  /// Elements; the sizes of stored tensors fit, and no recipe makes more of them than its parts have.
  var count: Int { shape.reduce(1, *) }

  /// The same as float32 where it is quantised: blocks cannot be cut.
  var plain: TensorRecipe {
    type.isQuantised ? TensorRecipe(.f32, shape, name, .floats(self)) : self
  }

  /// The elements `range` of an axis. Throws `corrupt` where there are none such.
  public func part(axis: Int, _ range: Range<Int>) throws(DSXError) -> TensorRecipe {
    guard !type.isQuantised else { return try plain.part(axis: axis, range) }
    guard shape.indices.contains(axis), range.lowerBound >= 0, range.upperBound <= shape[axis]
    else {
      throw DSXError(
        .corrupt, "the tensor '\(name)' of shape \(shape) has no part \(range) of axis \(axis)")
    }
    if range.count == shape[axis] { return self }
    var shape = shape
    shape[axis] = range.count
    return TensorRecipe(type, shape, name, .part(self, axis: axis, range))
  }

  /// One of `parts` equal parts of an axis. Throws `corrupt` where it cannot be divided.
  public func part(axis: Int, _ index: Int, of parts: Int) throws(DSXError) -> TensorRecipe {
    guard shape.indices.contains(axis), parts > 0, shape[axis] % parts == 0 else {
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' of shape \(shape) cannot be cut into \(parts) along axis \(axis)")
    }
    let size = shape[axis] / parts
    return try part(axis: axis, index * size..<(index + 1) * size)
  }

  /// Several tensors one after the other along an axis. Throws `corrupt` where their types or other axes
  /// differ, or the size overflows.
  public static func joined(_ parts: [TensorRecipe], axis: Int) throws(DSXError) -> TensorRecipe {
    let parts = parts.map(\.plain)
    guard let first = parts.first else { throw DSXError(.internal, "nothing to join") }
    if parts.count == 1 { return first }
    guard first.shape.indices.contains(axis) else {
      throw DSXError(
        .corrupt, "the tensor '\(first.name)' of shape \(first.shape) has no axis \(axis)",
        hint: "it cannot have been cut along it")
    }
    var shape = first.shape
    shape[axis] = 0
    for part in parts {
      var (one, other) = (part.shape, first.shape)
      if one.count == other.count { (one[axis], other[axis]) = (0, 0) }
      let (size, overflow) = shape[axis].addingReportingOverflow(
        part.shape.indices.contains(axis) ? part.shape[axis] : 0)
      guard one == other, part.type == first.type, !overflow else {
        throw DSXError(
          .corrupt,
          "the parts of '\(first.name)' do not fit together along axis \(axis): "
            + "\(first.type.shortName) \(first.shape) and \(part.type.shortName) \(part.shape)")
      }
      shape[axis] = size
    }
    guard let count = TensorShape.count(shape), first.type.byteCount(of: count) != nil else {
      throw DSXError(.corrupt, "the size of '\(first.name)' overflows: \(shape)")
    }
    return TensorRecipe(first.type, shape, first.name, .joined(parts, axis: axis))
  }

  /// The same elements under another shape. Throws `corrupt` where it has another number of them.
  func reshaped(_ shape: [Int]) throws(DSXError) -> TensorRecipe {
    guard TensorShape.count(shape) == count else {
      throw DSXError(
        .corrupt, "the tensor '\(name)' of shape \(self.shape) cannot have the shape \(shape)")
    }
    return TensorRecipe(plain.type, shape, name, .reshaped(plain))
  }

  /// An axis and the next one exchanged. Throws `corrupt` where there is no next one.
  func exchanged(axis: Int) throws(DSXError) -> TensorRecipe {
    guard axis >= 0, axis + 1 < shape.count else {
      throw DSXError(.corrupt, "the tensor '\(name)' of shape \(shape) cannot be transposed")
    }
    var shape = shape
    shape.swapAt(axis, axis + 1)
    return TensorRecipe(plain.type, shape, name, .exchanged(plain, axis: axis))
  }

  /// Rows and columns exchanged. Throws `corrupt` for what is no matrix.
  public func transposed() throws(DSXError) -> TensorRecipe {
    guard shape.count == 2 else {
      throw DSXError(.corrupt, "the tensor '\(name)' of shape \(shape) is no matrix")
    }
    return try exchanged(axis: 0)
  }

  /// The file of the first stored tensor in it, and the place of its data.
  var origin: (file: String, byte: Int)? {
    switch step {
    case .stored(let entry, let file): (file.file.path, entry.offset)
    case .floats(let recipe), .part(let recipe, _, _), .reshaped(let recipe),
      .exchanged(let recipe, _):
      recipe.origin
    case .joined(let parts, _): parts.first?.origin
    }
  }
}
