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
    /// Rounded to bfloat16 and packed (gemm.h); inputs are rounded too, sums are float32.
    case bfloat16(UnsafePointer<UInt16>)
  }

  /// Up to so many rows a packed copy is quicker than OpenBLAS, which packs anew for each product.
  static let fewRows = 96

  let inputs: Int
  let outputs: Int
  var matrix: Matrix
  var bias: UnsafePointer<Float>?
  /// The same matrix packed in float32 (gemm.h), for products with few rows: generation.
  var packed: UnsafePointer<Float>?

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
    if let packed, x.rows <= Self.fewRows {
      let layer = dsx_linear_f32(packed: packed, bias: nil, inputs: inputs, outputs: outputs)
      dsx_gemm_f32(
        layer, x.floats, x.step, x.rows, columns.lowerBound, columns.upperBound, adding ? 1 : 0,
        target, step)
      return
    }
    let (right, transpose, leading): (UnsafePointer<Float>, CBLAS_TRANSPOSE, Int)
    switch matrix {
    case .byOutput(let weights):
      (right, transpose, leading) = (weights + columns.lowerBound * inputs, CblasTrans, inputs)
    case .byInput(let weights):
      (right, transpose, leading) = (weights + columns.lowerBound, CblasNoTrans, outputs)
    case .bfloat16(let weights):
      multiply(weights, x, columns, target, step, adding)
      return
    }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, transpose, blasint(x.rows), blasint(columns.count),
      blasint(inputs), 1, x.floats, blasint(x.step), right, blasint(leading), adding ? 1 : 0,
      target, blasint(step))
  }

  private func multiply(
    _ weights: UnsafePointer<UInt16>, _ x: LinearInput, _ columns: Range<Int>,
    _ target: UnsafeMutablePointer<Float>, _ step: Int, _ adding: Bool
  ) {
    let layer = dsx_linear_bf16(packed: weights, bias: nil, inputs: inputs, outputs: outputs)
    func product(_ halves: UnsafePointer<UInt16>) {
      dsx_gemm_bf16(
        layer, halves, x.rows, columns.lowerBound, columns.upperBound, adding ? 1 : 0, target,
        step)
    }
    if let halves = x.halves { return product(halves) }
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: x.rows * dsx_bf16_step(inputs)) {
      guard let halves = $0.baseAddress else { return }
      dsx_bf16_round(x.floats, x.step, x.rows, inputs, halves)
      product(halves)
    }
  }

  /// The rows as this layer multiplies them: rounded once, where it would round them for each range of
  /// columns. They are in the workspace until the next call.
  func prepare(_ x: LinearInput, _ workspace: TransformerWorkspace) -> LinearInput {
    guard case .bfloat16 = matrix, x.halves == nil else { return x }
    let halves = workspace.halves(x.rows * dsx_bf16_step(inputs))
    dsx_bf16_round(x.floats, x.step, x.rows, inputs, halves)
    return LinearInput(rows: x.rows, floats: x.floats, step: x.step, halves: halves)
  }
}

/// Rows that go into one or several linear layers.
struct LinearInput {
  let rows: Int
  let floats: UnsafePointer<Float>
  /// Floats from one row to the next.
  let step: Int
  /// The same rows rounded to bfloat16, `dsx_bf16_step(inputs)` apart, where that was done.
  var halves: UnsafePointer<UInt16>?
}
