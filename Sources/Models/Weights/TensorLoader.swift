internal import DSXCore

/// Takes the tensors of one model out of a store by name and shape, and knows at the end which were
/// not asked for.
struct TensorLoader {
  /// Where the tensors lie.
  let store: TensorStore
  /// The tensors taken so far.
  private(set) var tensors: [FloatTensor] = []
  /// Their names.
  private(set) var names: [String] = []
  /// Number of elements of what counts as a parameter.
  private(set) var parameters = 0

  /// A loader that has taken nothing.
  init(_ store: TensorStore) { self.store = store }

  /// The tensor of a name, as float32.
  ///
  /// `counts` is false for what training does not learn, e.g. a running mean.
  /// Throws `corrupt` when it is not there, has another shape or is empty.
  mutating func load(_ name: String, _ shape: [Int], counts: Bool = true) throws(DSXError)
    -> FloatTensor
  {
    let tensor = try store.floats(name, shape: shape)
    guard !tensor.elements.isEmpty else {
      throw DSXError(.corrupt, "the tensor '\(name)' is empty")
    }
    tensors.append(tensor)
    names.append(name)
    if counts { parameters += tensor.elements.count }
    return tensor
  }

  /// Throws `corrupt` for the first tensor, by name, that was not taken and that `ignored` does not
  /// know as one that means nothing here.
  func finish(ignoring ignored: (String) -> Bool = { _ in false }) throws(DSXError) {
    let taken = Set(names)
    guard let name = store.names.first(where: { !taken.contains($0) && !ignored($0) }) else {
      return
    }
    throw DSXError(
      .corrupt,
      "the weights hold the tensor '\(name)', for which the configuration has no place",
      file: store.files.first?.file.path,
      hint: "the weights do not belong to this configuration")
  }
}
