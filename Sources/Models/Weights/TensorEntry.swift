internal import Archives

/// One tensor of a weight file: what it is, and where its bytes lie.
public struct TensorEntry: Sendable, Hashable {
  /// Its name.
  public let name: String
  /// Its element type.
  public let type: ElementType
  /// Its shape, slowest dimension first; empty for a scalar.
  public let shape: [Int]
  /// Number of elements.
  public let count: Int
  /// Bytes of its elements, row-major.
  public let byteCount: Int
  /// Where they lie.
  let place: TensorPlace

  /// The byte of the file at which its data begins, for messages.
  public var offset: Int {
    switch place.source {
    case .mapped(let pieces): pieces.first?.lowerBound ?? 0
    case .packed(let member, _): member.data.lowerBound
    }
  }

  /// Nil where the shape's size overflows or cuts a block of a quantised type.
  init?(name: String, type: ElementType, shape: [Int], place: TensorPlace) {
    guard let count = TensorShape.count(shape), let bytes = type.byteCount(of: count) else {
      return nil
    }
    // Blocks lie along the last dimension.
    guard !type.isQuantised || (shape.last ?? 0) % type.blockElements == 0 else { return nil }
    self.name = name
    self.type = type
    self.shape = shape
    self.count = count
    byteCount = bytes
    self.place = place
  }

  /// A row-major tensor in one range of the mapped file.
  init?(name: String, type: ElementType, shape: [Int], bytes: Range<Int>) {
    self.init(name: name, type: type, shape: shape, place: TensorPlace(.mapped([bytes])))
  }
}

/// Where the bytes of a tensor lie, and in which order.
struct TensorPlace: Sendable, Hashable {
  enum Source: Sendable, Hashable {
    /// Ranges of the mapped file, one after the other.
    case mapped([Range<Int>])
    /// A range of what a deflated zip member unpacks to.
    case packed(ZipPlace, Range<Int>)
  }

  let source: Source
  /// Steps between elements, in elements; nil for row-major.
  let strides: [Int]?
  let isBigEndian: Bool
  /// Whether the elements stand for their negatives.
  let isNegated: Bool

  init(
    _ source: Source, strides: [Int]? = nil, isBigEndian: Bool = false, isNegated: Bool = false
  ) {
    self.source = source
    self.strides = strides
    self.isBigEndian = isBigEndian
    self.isNegated = isNegated
  }
}
