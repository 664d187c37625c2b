/// The buffers of one worker: three images (from, to, kept), the columns of a convolution and a plane
/// with its border.
final class VisionWorkspace {
  typealias Floats = UnsafeMutablePointer<Float>

  /// The image that a layer reads, and the one that it writes; swapped after each layer.
  private(set) var current: Floats
  private(set) var next: Floats
  /// The image that `keep` remembered.
  let kept: Floats
  let columns: Floats
  let padded: Floats

  init(_ network: VisionNetwork) {
    current = .allocate(capacity: network.largest)
    next = .allocate(capacity: network.largest)
    kept = .allocate(capacity: network.largest)
    columns = .allocate(capacity: max(1, network.largestColumns))
    padded = .allocate(capacity: max(1, network.largestPadded))
  }

  deinit {
    for buffer in [current, next, kept, columns, padded] { buffer.deallocate() }
  }

  /// What was written is what the next layer reads.
  func swap() { (current, next) = (next, current) }
}
