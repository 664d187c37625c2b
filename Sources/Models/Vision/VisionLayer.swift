/// One step of a convolutional network, with its weights as plain pointers; the network keeps the
/// tensors that they point into.
struct VisionLayer {
  typealias Floats = UnsafePointer<Float>

  /// Rows and columns of zeros around an image.
  struct Border: Equatable {
    let top: Int
    let bottom: Int
    let left: Int
    let right: Int

    /// The same on all sides.
    init(_ width: Int) { (top, bottom, left, right) = (width, width, width, width) }

    /// What TensorFlow's SAME padding adds for a kernel and a stride: half of what is missing, the odd
    /// one below and to the right.
    init(same shape: PlaneShape, kernel: Int, stride: Int) {
      func missing(_ side: Int) -> Int {
        max(kernel - (side % stride == 0 ? stride : side % stride), 0)
      }
      let (rows, columns) = (missing(shape.height), missing(shape.width))
      (top, left) = (rows / 2, columns / 2)
      (bottom, right) = (rows - rows / 2, columns - columns / 2)
    }

    var isEmpty: Bool { top == 0 && bottom == 0 && left == 0 && right == 0 }
  }

  /// What is done with each value at the end of a layer.
  struct Range {
    let low: Float
    let high: Float

    static let all = Range(low: -.infinity, high: .infinity)
    static let relu = Range(low: 0, high: .infinity)
    static let relu6 = Range(low: 0, high: 6)
  }

  enum Operation {
    /// weights [out, in, kernel, kernel], as torch stores them; bias [out].
    case convolution(kernel: Int, stride: Int, Border, weights: Floats, bias: Floats, Range)
    /// One kernel for each channel: weights [channels, 1, kernel, kernel]; bias [channels].
    case depthwise(kernel: Int, stride: Int, Border, weights: Floats, bias: Floats, Range)
    /// The largest of size x size values, `stride` apart.
    case maximum(size: Int, stride: Int)
    /// The mean of each plane.
    case mean
    /// weights [out, in]; bias [out]; takes all values of the image in the order of memory.
    case linear(weights: Floats, bias: Floats, Range)
    /// Remembers the image for `add`.
    case keep
    /// Adds the image that was remembered.
    case add
    /// max(x, 0) where no layer before it could do it.
    case clamp(Range)
  }

  let operation: Operation
  let input: PlaneShape
  let output: PlaneShape
}
