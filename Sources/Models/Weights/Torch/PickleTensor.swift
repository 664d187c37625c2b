/// Raw elements that tensors of a pickle look into.
struct PickleStorage {
  /// Its name in the file.
  var key: String
  /// Nil for plain bytes.
  var type: ElementType?
  /// Elements; bytes where there is no type.
  var count: Int
}

/// A tensor as a pickle describes it. Not checked against its storage.
struct PickleTensor {
  var storage: Int
  /// The first element.
  var offset: Int
  var shape: [Int]
  var strides: [Int]
  var type: ElementType
  /// Whether the elements stand for their negatives: a view such as the imaginary part of a conjugate.
  var isNegated = false
}
