internal import DSXCore
internal import Kernels

/// Keeps the memory of a model's weights: layers hold plain pointers into it.
final class WeightMemory: @unchecked Sendable {
  /// Filled while a model is built, read only afterwards.
  var tensors: [(name: String, tensor: FloatTensor)] = []
  /// Whatever else keeps memory that layers point into.
  var owners: [AnyObject] = []
  /// The weight file, the first of several; for messages.
  var file: String?
  /// Where the tensors lie, of weights in several files.
  var shards: [String: String] = [:]

  init() {}

  /// The first tensor with a number that is not finite, and where: looked for when results are not
  /// finite, so that the message can name it. One pass over all weights.
  func damaged() -> (name: String, index: Int)? {
    for (name, tensor) in tensors {
      let index = tensor.withElements { elements in
        elements.baseAddress.map { dsx_first_not_finite($0, elements.count) } ?? 0
      }
      if index < tensor.elements.count { return (name, index) }
    }
    return nil
  }

  /// The error for results that are not finite; `place` says which: `the logits of prompt 0`.
  func notFinite(_ place: String) -> DSXError {
    if let found = damaged() {
      return DSXError(
        .corrupt,
        "NaN or infinity in \(place): the tensor '\(found.name)' holds one, element \(found.index)",
        file: shards[found.name] ?? file, hint: "the weights are damaged; fetch them again")
    }
    return DSXError(
      .corrupt, "NaN or infinity in \(place)", file: file,
      hint: "the weights are damaged, or not made for this model")
  }
}
