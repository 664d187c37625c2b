public import DSXCore

/// What differs between the weights of two models, tensor by tensor.
public struct WeightDifference: Sendable {
  /// A tensor that both have, and that is not the same.
  public struct Tensor: Sendable {
    /// Its name.
    public let name: String
    /// Its element types.
    public let types: (first: ElementType, second: ElementType)
    /// Its shapes.
    public let shapes: (first: [Int], second: [Int])
    /// Elements whose numbers differ; nil where shapes do, or a number is compared with a truth value.
    public let differing: Int?
    /// The largest absolute difference of two numbers; NaN where one of two is NaN; nil as above.
    public let largest: Double?
    /// Number of elements of the first.
    public let count: Int
  }

  /// Tensors only the first has, sorted.
  public let onlyFirst: [String]
  /// Tensors only the second has, sorted.
  public let onlySecond: [String]
  /// Tensors in both that differ, by name.
  public let tensors: [Tensor]
  /// Tensors in both.
  public let common: Int

  /// Whether nothing differs.
  public var isEmpty: Bool { onlyFirst.isEmpty && onlySecond.isEmpty && tensors.isEmpty }

  /// Compares two stores. Memory: one tensor of each.
  ///
  /// Two NaN in one place are equal, and so are zeros of either sign.
  ///
  /// - Parameters:
  ///   - tolerance: numbers that differ by no more than this are equal.
  ///   - ignoresTypes: whether tensors of another element type but equal numbers are equal.
  public init(
    _ first: TensorStore, _ second: TensorStore, tolerance: Double = 0, ignoresTypes: Bool = false
  ) throws(DSXError) {
    let (names, others) = (first.names, second.names)
    onlyFirst = names.filter { second.entry($0) == nil }
    onlySecond = others.filter { first.entry($0) == nil }
    var tensors: [Tensor] = []
    var common = 0
    for name in names {
      guard let one = first.entry(name), let other = second.entry(name) else { continue }
      common += 1
      var (differing, largest): (Int?, Double?) = (nil, nil)
      if one.shape == other.shape {
        let (left, right) = (try Numbers(first, one), try Numbers(second, other))
        if let result = left.compare(right, one.count, tolerance) {
          (differing, largest) = (result.differing, result.largest)
        }
      }
      let isSame = differing == 0 && (ignoresTypes || one.type == other.type)
      guard !isSame else { continue }
      tensors.append(
        Tensor(
          name: name, types: (one.type, other.type), shapes: (one.shape, other.shape),
          differing: differing, largest: largest, count: one.count))
    }
    self.tensors = tensors
    self.common = common
  }

  /// The elements of a tensor as numbers.
  private struct Numbers {
    let type: ElementType
    let bytes: TensorBytes
    let floats: FloatTensor?

    init(_ store: TensorStore, _ entry: TensorEntry) throws(DSXError) {
      type = entry.type
      bytes = try store.bytes(entry.name)
      floats = type.isFloat && type != .f64 ? try store.floats(entry.name) : nil
    }

    func compare(_ other: Numbers, _ count: Int, _ tolerance: Double) -> (
      differing: Int, largest: Double
    )? {
      guard (type == .bool) == (other.type == .bool) else { return nil }
      if type == other.type {
        let isSame = bytes.withBytes { mine in
          other.bytes.withBytes { theirs in mine.elementsEqual(theirs) }
        }
        if isSame { return (0, 0) }
      }
      var (differing, largest) = (0, 0.0)
      defer { withExtendedLifetime((self, other)) {} }
      for index in 0..<count {
        let (mine, theirs) = (self[index], other[index])
        if mine == theirs || (mine.isNaN && theirs.isNaN) {
          // Integers above 2^53 may be equal as doubles only.
          guard let (one, two) = words(other, index), one != two else { continue }
          differing += 1
          largest = max(largest, 1)
          continue
        }
        let distance = abs(mine - theirs)
        if distance <= tolerance { continue }
        differing += 1
        largest = distance.isNaN || largest.isNaN ? .nan : max(largest, distance)
      }
      return (differing, largest)
    }

    private subscript(_ index: Int) -> Double {
      if let floats { return Double(floats.elements[index]) }
      switch type {
      case .f64: return word(index, Double.self)
      case .i64: return Double(word(index, Int64.self))
      case .i32: return Double(word(index, Int32.self))
      case .i16: return Double(word(index, Int16.self))
      case .i8: return Double(word(index, Int8.self))
      case .u64: return Double(word(index, UInt64.self))
      case .u32: return Double(word(index, UInt32.self))
      case .u16: return Double(word(index, UInt16.self))
      default: return Double(word(index, UInt8.self))
      }
    }

    /// Two 64-bit integers of one type.
    private func words(_ other: Numbers, _ index: Int) -> (UInt64, UInt64)? {
      guard type == other.type, type == .i64 || type == .u64 else { return nil }
      return (word(index, UInt64.self), other.word(index, UInt64.self))
    }

    private func word<Word>(_ index: Int, _: Word.Type) -> Word {
      bytes.bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
    }
  }
}
