public import DSXCore

/// Two images of one size: what image metrics take.
public struct ImagePair: Sendable {
  /// Rows of pixels a channel.
  public let height: Int
  /// Pixels a row.
  public let width: Int
  /// The true image: channel after channel, row by row.
  public let gold: [Double]
  /// The predicted image, laid out alike.
  public let predicted: [Double]

  /// Images of channels * height * width numbers. Other sizes and values that are not finite are errors.
  public init(height: Int, width: Int, gold: [Double], predicted: [Double]) throws(DSXError) {
    guard height > 0, width > 0, height <= 1 << 16, width <= 1 << 16, !gold.isEmpty,
      gold.count % (height * width) == 0
    else {
      throw DSXError(
        .malformed, "\(gold.count) numbers are no channels of \(height) x \(width) pixels")
    }
    guard gold.count == predicted.count else {
      throw DSXError(
        .malformed, "the images have \(gold.count) and \(predicted.count) numbers")
    }
    guard gold.allSatisfy(\.isFinite), predicted.allSatisfy(\.isFinite) else {
      throw DSXError(.malformed, "a pixel is not a finite number")
    }
    self.height = height
    self.width = width
    self.gold = gold
    self.predicted = predicted
  }

  /// Images as rows of pixels a channel: `[channel][row][column]`. Ragged rows are errors.
  public init(gold: [[[Double]]], predicted: [[[Double]]]) throws(DSXError) {
    let height = gold.first?.count ?? 0
    let width = gold.first?.first?.count ?? 0
    for image in [gold, predicted] {
      guard image.count == gold.count,
        image.allSatisfy({ $0.count == height && $0.allSatisfy { $0.count == width } })
      else { throw DSXError(.malformed, "the images' channels or rows differ in size") }
    }
    try self.init(
      height: height, width: width, gold: gold.flatMap { $0.flatMap { $0 } },
      predicted: predicted.flatMap { $0.flatMap { $0 } })
  }
}
