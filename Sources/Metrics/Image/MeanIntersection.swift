public import DSXCore

/// Intersection over union of pixel classes, the mean over classes: mIoU of segmentation masks.
public struct MeanIntersection: Metric {
  /// Two masks of one size, pixel by pixel.
  public struct Example: Sendable {
    /// The true classes.
    public var gold: [Int32]
    /// The predicted classes.
    public var predicted: [Int32]

    /// Masks.
    public init(gold: [Int32], predicted: [Int32]) {
      self.gold = gold
      self.predicted = predicted
    }
  }
  /// Number of classes.
  public let classes: Int
  /// Whether classes that never occur enter the mean.
  public let absent: AbsentLabels

  /// The metric over 1 to 4,096 classes.
  public init(classes: Int, absent: AbsentLabels = .count) throws(DSXError) {
    guard (1...LabelSet.maximumCount).contains(classes) else {
      throw DSXError(.usage, "mIoU needs 1 to \(LabelSet.maximumCount) classes, not \(classes)")
    }
    self.classes = classes
    self.absent = absent
  }
  /// `miou`.
  public var name: String { "miou" }
  /// Classes and absent ones.
  public var signature: String { "classes:\(classes)|absent:\(absent.rawValue)|version:1" }
  /// true
  public var higherIsBetter: Bool { true }
  /// No mask.
  public var zero: MaskCounts { MaskCounts(classes: classes) }
  /// One pair of masks; masks of different sizes and unknown classes are errors.
  public func statistics(of example: Example) throws(DSXError) -> MaskCounts {
    var one = zero
    try add(example, to: &one)
    return one
  }
  /// Adds one pair of masks.
  public func add(_ example: Example, to statistics: inout MaskCounts) throws(DSXError) {
    try statistics.add(example.gold, example.predicted)
  }
  /// The mean; nil without pixels.
  public func score(from statistics: MaskCounts) -> Double? {
    guard statistics.pixels.count > 0 else { return nil }
    let mean = statistics.pixels.tallies.jaccard(.macro, absent: absent)
    return mean.isNaN ? nil : mean
  }
  /// The mean, the share of right pixels, the mean of Dice's coefficients, and each class.
  public func scores(from statistics: MaskCounts) -> [NamedScore] {
    let tallies = statistics.pixels.tallies
    let dice = tallies.averaged(.macro, absent: absent).f
    return [
      NamedScore(name, score(from: statistics)),
      NamedScore("pixel-accuracy", statistics.pixels.counts.accuracy),
      NamedScore("dice", dice.isNaN ? nil : dice),
    ] + tallies.jaccard().enumerated().map { NamedScore("iou:\($0.offset)", $0.element) }
  }
}
