/// A convolutional network for images of one size: a list of layers whose shapes fit together.
///
/// Immutable; images are computed one by one, so that none depends on its neighbours.
final class VisionNetwork: @unchecked Sendable {
  let input: PlaneShape
  let layers: [VisionLayer]
  /// The number of logits.
  let outputs: Int
  /// Keeps the memory of the layers' pointers.
  private let tensors: [FloatTensor]
  private let owned: [OwnedFloats]
  /// Sizes of a workspace, in values.
  let largest: Int
  let largestColumns: Int
  let largestPadded: Int

  /// Made by `VisionNetworkBuilder`.
  init(
    input: PlaneShape, layers: [VisionLayer], tensors: [FloatTensor], owned: [OwnedFloats],
    columns: Int, padded: Int
  ) {
    self.input = input
    self.layers = layers
    self.tensors = tensors
    self.owned = owned
    outputs = layers.last?.output.count ?? input.count
    largest = layers.reduce(input.count) { max($0, $1.output.count) }
    largestColumns = columns
    largestPadded = padded
  }

  /// Bytes of one worker's buffers.
  var workspaceBytes: Int { (3 * largest + largestColumns + largestPadded) * 4 }
}
