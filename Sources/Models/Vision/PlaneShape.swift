/// The shape of one image between two layers: channels of planes.
struct PlaneShape: Equatable, CustomStringConvertible {
  /// Number of planes.
  let channels: Int
  /// Rows of each.
  let height: Int
  /// Columns of each.
  let width: Int

  /// The most values that one image may have between two layers: what a hostile configuration can
  /// make the workspace allocate stays bounded.
  static let maximumCount = 1 << 28

  /// Nil unless every side is at least 1 and the values are at most `maximumCount`.
  init?(_ channels: Int, _ height: Int, _ width: Int) {
    guard channels > 0, height > 0, width > 0,
      let count = TensorShape.count([channels, height, width]), count <= Self.maximumCount
    else { return nil }
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// Values of one plane.
  var area: Int { height * width }

  /// Values of the image.
  var count: Int { channels * height * width }

  var description: String { "\(channels) x \(height) x \(width)" }
}
