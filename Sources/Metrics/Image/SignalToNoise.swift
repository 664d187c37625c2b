public import DSXCore
internal import Glibc

/// Squared errors of pixels.
public struct PixelErrors: MetricStatistics {
  /// Number of images.
  public private(set) var count = 0
  /// Number of pixels, over all channels.
  public private(set) var pixels = 0
  private var squares = ExactSum()

  /// No image.
  public init() {}
  /// Adds one pair of images.
  public mutating func add(_ pair: ImagePair) throws(DSXError) {
    count += 1
    pixels = try ExampleCount.sum(pixels, pair.gold.count)
    for (gold, predicted) in zip(pair.gold, pair.predicted) {
      let error = gold - predicted
      squares.add(product: error, error)
    }
  }
  /// Adds other images.
  public mutating func add(_ other: PixelErrors) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    pixels = try ExampleCount.sum(pixels, other.pixels)
    squares.add(other.squares)
  }
  /// The mean squared error of a pixel; nil without pixels.
  public var meanSquare: Double? { pixels > 0 ? squares.value / Double(pixels) : nil }

  private enum CodingKeys: String, CodingKey { case count, pixels, squares }
  /// Reads what was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    pixels = try ExampleCount.checked(container.decode(Int.self, forKey: .pixels))
    squares = try container.decode(ExactSum.self, forKey: .squares)
  }
}

/// Peak signal-to-noise ratio over all pixels: 10 log10(range² / mean squared error), as torchmetrics
/// 1.9.0. Infinite for images without error.
public struct SignalToNoise: Metric {
  /// The largest difference that pixels can have, 255 for bytes.
  public let dataRange: Double
  /// The metric; a range that is not above 0 is an error.
  public init(dataRange: Double = 255) throws(DSXError) {
    guard dataRange > 0, dataRange.isFinite else {
      throw DSXError(.usage, "PSNR needs a data range above 0, not \(dataRange)")
    }
    self.dataRange = dataRange
  }
  /// `psnr`.
  public var name: String { "psnr" }
  /// The range.
  public var signature: String { "data_range:\(dataRange)|log:10|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No image.
  public var zero: PixelErrors { PixelErrors() }
  /// One pair of images.
  public func statistics(of example: ImagePair) throws(DSXError) -> PixelErrors {
    var one = PixelErrors()
    try one.add(example)
    return one
  }
  /// The ratio in decibels; nil without pixels.
  public func score(from statistics: PixelErrors) -> Double? {
    statistics.meanSquare.map {
      $0 == 0 ? .infinity : 10 * log10(dataRange * dataRange / $0)
    }
  }
}
