internal import DSXCore
internal import Kernels

/// Keeps the memory of a model's weights: layers hold plain pointers into it.
final class WeightMemory: @unchecked Sendable {
  /// Filled while a model is built, read only afterwards.
  var tensors: [(name: String, tensor: FloatTensor)] = []
  /// Whatever else keeps memory that layers point into.
  var owners: [AnyObject] = []

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

  /// The error for results that are not finite.
  func notFinite(_ what: String) -> DSXError {
    if let found = damaged() {
      return DSXError(
        .corrupt,
        "\(what) is not finite: the tensor '\(found.name)' holds NaN or infinity, element "
          + "\(found.index)", hint: "the weights are damaged; fetch them again")
    }
    return DSXError(
      .corrupt, "\(what) is not finite",
      hint: "the weights are damaged, or not made for this model")
  }
}
