internal import DSXCore

/// Arithmetic on shapes from files, where every product may overflow.
enum TensorShape {
  /// The number of elements; nil for a negative dimension and above 2^63 - 1.
  static func count(_ shape: [Int]) -> Int? {
    var count = 1
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The strides, in elements, of a row-major tensor.
  static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for index in shape.indices.reversed() {
      strides[index] = step
      // Wraps only where another dimension is 0, and then nothing uses it.
      step &*= max(1, shape[index])
    }
    return strides
  }

  /// Elements from the first to the last one that a tensor with these strides touches; nil when a
  /// stride is negative or the span overflows. 0 for a tensor without elements.
  static func span(_ shape: [Int], strides: [Int]) -> Int? {
    guard shape.count == strides.count, !shape.contains(0) else {
      return shape.count == strides.count ? 0 : nil
    }
    var last = 0
    for (dimension, stride) in zip(shape, strides) {
      guard dimension > 0, stride >= 0 else { return nil }
      let (way, overflow) = (dimension - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflow) = last.addingReportingOverflow(way)
      guard !overflow, !sumOverflow else { return nil }
      last = sum
    }
    return last == Int.max ? nil : last + 1
  }

  /// Whether strides are those of a row-major tensor; those of dimensions of size 1 do not matter.
  static func isRowMajor(_ shape: [Int], strides: [Int]) -> Bool {
    if shape.contains(0) { return true }
    return zip(zip(shape, strides), rowMajorStrides(shape)).allSatisfy { $0.0 == 1 || $0.1 == $1 }
  }
}
