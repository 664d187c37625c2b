internal import COpenBLAS
internal import Kernels

/// A linear layer: a matrix in one of several forms, and a bias.
///
/// A value over memory that its maker keeps. The bias is not added by `multiply`: what follows a product
/// (an activation, the next sum) takes it along.
struct Linear: @unchecked Sendable {
  enum Matrix {
    /// [outputs, inputs], row-major: most formats.
    case byOutput(UnsafePointer<Float>)
    /// [inputs, outputs], row-major: GPT-2's Conv1D.
    case byInput(UnsafePointer<Float>)
    /// Panels of float32 (`PackedMatrix`).
    case packed(UnsafePointer<Float>)
    /// Panels of bfloat16; inputs are rounded, too, sums are float32.
    case rounded(UnsafePointer<UInt16>)
  }

  let inputs: Int
  let outputs: Int
  var matrix: Matrix
  var bias: UnsafePointer<Float>?

  init(inputs: Int, outputs: Int, _ matrix: Matrix, bias: UnsafePointer<Float>? = nil) {
    self.inputs = inputs
    self.outputs = outputs
    self.matrix = matrix
    self.bias = bias
  }

  /// target[r][c - columns.lowerBound] = sum over k of x[r][k] * matrix[c][k], for c in `columns`; with
  /// `adding`, that is added to what is there.
  ///
  /// `columns` begins at a multiple of 32, and ends at one or at `outputs`. Rows of x lie `x.step`
  /// floats apart, those of the target `step`.
  func multiply(
    _ x: LinearInput, columns: Range<Int>, into target: UnsafeMutablePointer<Float>, step: Int,
    adding: Bool = false
  ) {
    switch matrix {
    case .byOutput(let weights):
      multiply(
        x, weights + columns.lowerBound * inputs, CblasTrans, inputs, columns.count, target, step,
        adding)
    case .byInput(let weights):
      multiply(
        x, weights + columns.lowerBound, CblasNoTrans, outputs, columns.count, target, step,
        adding)
    case .packed(let panels):
      dsx_gemm_f32_at(
        MatrixKernels.level,
        dsx_linear_f32(packed: panels, bias: nil, inputs: inputs, outputs: outputs), x.floats,
        x.step, x.rows, columns.lowerBound, columns.upperBound, adding ? 1 : 0, target, step)
    case .rounded(let panels): multiply(x, panels, columns, target, step, adding)
    }
  }

  /// With inputs rounded to bfloat16, so many rows at a time.
  private func multiply(
    _ x: LinearInput, _ panels: UnsafePointer<UInt16>, _ columns: Range<Int>,
    _ target: UnsafeMutablePointer<Float>, _ step: Int, _ adding: Bool
  ) {
    let most = 240
    let size = min(most, x.rows) * dsx_bf16_step(inputs)
    withUnsafeTemporaryAllocation(byteCount: size * 2, alignment: 64) { memory in
      guard let halves = memory.bindMemory(to: UInt16.self).baseAddress else { return }
      for start in stride(from: 0, to: x.rows, by: most) {
        let rows = min(most, x.rows - start)
        dsx_bf16_round(x.floats + start * x.step, x.step, rows, inputs, halves)
        dsx_gemm_bf16_at(
          MatrixKernels.level,
          dsx_linear_bf16(packed: panels, bias: nil, inputs: inputs, outputs: outputs), halves,
          rows, columns.lowerBound, columns.upperBound, adding ? 1 : 0, target + start * step,
          step)
      }
    }
  }

  /// By OpenBLAS.
  private func multiply(
    _ x: LinearInput, _ right: UnsafePointer<Float>, _ transpose: CBLAS_TRANSPOSE, _ leading: Int,
    _ count: Int, _ target: UnsafeMutablePointer<Float>, _ step: Int, _ adding: Bool
  ) {
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, transpose, blasint(x.rows), blasint(count),
      blasint(inputs), 1, x.floats, blasint(x.step), right, blasint(leading), adding ? 1 : 0,
      target, blasint(step))
  }
}

/// Rows that go into one or several linear layers.
struct LinearInput {
  let rows: Int
  let floats: UnsafePointer<Float>
  /// Floats from one row to the next.
  let step: Int
}
