internal import COpenBLAS
internal import Kernels

/// A linear layer of a head: y = x Wᵀ + b, W stored [outputs, inputs].
struct DenseLayer: Sendable {
  let weight: FloatTensor
  let bias: FloatTensor?
  let inputs: Int
  let outputs: Int

  /// `weight` must be two-dimensional, `bias` as long as its rows are many.
  init(weight: FloatTensor, bias: FloatTensor?) {
    self.weight = weight
    self.bias = bias
    outputs = weight.shape[0]
    inputs = weight.shape[1]
  }

  /// The outputs of `rows` rows, `stride` floats apart (nil: one after the other).
  func apply(
    _ rows: UnsafePointer<Float>, count: Int, stride: Int? = nil,
    _ activation: HeadActivation = .identity
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * outputs) { buffer, used in
      used = count * outputs
      guard let out = buffer.baseAddress, let matrix = weight.elements.baseAddress, count > 0
      else { return }
      cblas_sgemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, blasint(count), blasint(outputs),
        blasint(inputs), 1, rows, blasint(stride ?? inputs), matrix, blasint(inputs), 0, out,
        blasint(outputs))
      if let bias = bias?.elements.baseAddress { dsx_add_rows(out, bias, count, outputs) }
      activation.apply(out, count: count * outputs)
    }
  }
}
