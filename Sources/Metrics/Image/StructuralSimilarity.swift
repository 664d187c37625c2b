public import DSXCore
internal import Glibc

/// Structural similarity of an image, the mean over images, as torchmetrics 1.9.0: Gaussian windows of
/// sigma 1.5 (11 x 11), borders mirrored, k1 0.01, k2 0.03.
public struct StructuralSimilarity: MeanMetric {
  /// Two images.
  public typealias Example = ImagePair
  /// The largest difference that pixels can have.
  public let dataRange: Double
  /// Standard deviation of the window, in pixels.
  public let sigma: Double
  /// Gaussian weights of one axis; they add up to 1.
  private let window: [Double]

  /// The metric; a range or sigma that is not above 0 is an error.
  public init(dataRange: Double = 255, sigma: Double = 1.5) throws(DSXError) {
    guard dataRange > 0, dataRange.isFinite, sigma > 0, sigma <= 100 else {
      throw DSXError(.usage, "SSIM needs a data range and a sigma above 0")
    }
    self.dataRange = dataRange
    self.sigma = sigma
    let reach = Int(3.5 * sigma + 0.5)
    let weights = (-reach...reach).map {
      let step = Double($0) / sigma
      return exp(-step * step / 2)
    }
    let sum = weights.reduce(0, +)
    window = weights.map { $0 / sum }
  }
  /// `ssim`.
  public var name: String { "ssim" }
  /// The range and the window.
  public var signature: String {
    "data_range:\(dataRange)|window:gaussian|sigma:\(sigma)|k1:0.01|k2:0.03|version:1"
  }
  /// true
  public var higherIsBetter: Bool { true }

  /// The image's similarity. Images must be larger than half a window.
  public func value(of example: ImagePair) throws(DSXError) -> Double {
    let reach = window.count / 2
    guard example.height > reach, example.width > reach else {
      throw DSXError(
        .malformed,
        "an image of \(example.height) x \(example.width) pixels is too small for SSIM: it needs over \(reach)"
      )
    }
    let size = example.height * example.width
    let c1 = (0.01 * dataRange) * (0.01 * dataRange)
    let c2 = (0.03 * dataRange) * (0.03 * dataRange)
    var sum = ExactSum()
    for start in stride(from: 0, to: example.gold.count, by: size) {
      let x = Array(example.predicted[start..<start + size])
      let y = Array(example.gold[start..<start + size])
      let meanX = smooth(x, example)
      let meanY = smooth(y, example)
      let squareX = smooth(x.map { $0 * $0 }, example)
      let squareY = smooth(y.map { $0 * $0 }, example)
      let product = smooth(zip(x, y).map { $0 * $1 }, example)
      for index in 0..<size {
        let (mx, my) = (meanX[index], meanY[index])
        let varianceX = max(0, squareX[index] - mx * mx)
        let varianceY = max(0, squareY[index] - my * my)
        let shared = product[index] - mx * my
        sum.add(
          (2 * mx * my + c1) * (2 * shared + c2)
            / ((mx * mx + my * my + c1) * (varianceX + varianceY + c2)))
      }
    }
    return sum.value / Double(example.gold.count)
  }

  /// The plane weighted by the window around each pixel; beyond a border it is mirrored (the border
  /// pixel itself once).
  private func smooth(_ plane: [Double], _ size: ImagePair) -> [Double] {
    let reach = window.count / 2
    func mirrored(_ place: Int, _ count: Int) -> Int {
      place < 0 ? -place : place >= count ? 2 * (count - 1) - place : place
    }
    var rows = [Double](repeating: 0, count: plane.count)
    var result = rows
    for y in 0..<size.height {
      for x in 0..<size.width {
        var sum = 0.0
        for (step, weight) in window.enumerated() {
          sum += weight * plane[y * size.width + mirrored(x + step - reach, size.width)]
        }
        rows[y * size.width + x] = sum
      }
    }
    for y in 0..<size.height {
      for x in 0..<size.width {
        var sum = 0.0
        for (step, weight) in window.enumerated() {
          sum += weight * rows[mirrored(y + step - reach, size.height) * size.width + x]
        }
        result[y * size.width + x] = sum
      }
    }
    return result
  }
}
