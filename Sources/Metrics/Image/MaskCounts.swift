public import DSXCore

/// Counts of pixels by (gold, predicted) class over any number of masks.
public struct MaskCounts: MetricStatistics {
  /// Number of pairs of masks.
  public private(set) var count = 0
  /// The pixels.
  public private(set) var pixels: ConfusionMatrix

  /// No mask over `classes` classes.
  public init(classes: Int) { pixels = ConfusionMatrix(labelCount: classes) }

  mutating func add(_ gold: [Int32], _ predicted: [Int32]) throws(DSXError) {
    var failure: DSXError?
    gold.withUnsafeBufferPointer { gold in
      predicted.withUnsafeBufferPointer { predicted in
        do throws(DSXError) { try pixels.add(gold: gold, predicted: predicted) } catch {
          failure = error
        }
      }
    }
    if var failure {
      if let pixel = failure.location.row {
        failure.message = "pixel \(pixel): " + failure.message
        failure.location.row = nil
      }
      throw failure
    }
    count += 1
  }

  /// Adds other masks over as many classes.
  public mutating func add(_ other: MaskCounts) throws(DSXError) {
    count = try ExampleCount.sum(count, other.count)
    try pixels.add(other.pixels)
  }

  private enum CodingKeys: String, CodingKey { case count, pixels }

  /// Reads what was written.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    count = try ExampleCount.checked(container.decode(Int.self, forKey: .count))
    pixels = try container.decode(ConfusionMatrix.self, forKey: .pixels)
  }
}
