/// The weights of a norm, `width` numbers each.
struct NormWeights {
  let weight: UnsafePointer<Float>
  /// Nil for a root-mean-square norm.
  let bias: UnsafePointer<Float>?

  init(weight: UnsafePointer<Float>, bias: UnsafePointer<Float>? = nil) {
    self.weight = weight
    self.bias = bias
  }
}
