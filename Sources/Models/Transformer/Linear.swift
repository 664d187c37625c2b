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
    let (right, transpose, leading): (UnsafePointer<Float>, CBLAS_TRANSPOSE, Int) =
      switch matrix {
      case .byOutput(let weights): (weights + columns.lowerBound * inputs, CblasTrans, inputs)
      case .byInput(let weights): (weights + columns.lowerBound, CblasNoTrans, outputs)
      }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, transpose, blasint(x.rows), blasint(columns.count),
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
