internal import DSXCore

/// Floats that were made, e.g. folded weights.
final class OwnedFloats: @unchecked Sendable {
  let values: UnsafeMutableBufferPointer<Float>

  init(count: Int) { values = .allocate(capacity: count) }

  deinit { values.deallocate() }

  /// The values, for whoever keeps this object.
  func pointer() throws(DSXError) -> UnsafePointer<Float> {
    guard let base = values.baseAddress else { throw DSXError(.corrupt, "a tensor is empty") }
    return UnsafePointer(base)
  }
}
