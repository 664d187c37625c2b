internal import DSXCore
internal import Kernels

/// What a model asks of its weights: a store with a survey answers with zeros and writes down every
/// request, so that a model can be built, and its needs be known, without reading any data.
///
/// With `readsValues` it answers with the tensors themselves, and writes down which are finite.
final class TensorSurvey: Sendable {
  /// One request: a name, and the shape that was asked for, nil for any.
  struct Request: Sendable, Hashable {
    let name: String
    let shape: [Int]?
  }

  private let state = Lock<[Request]>([])
  private let finite = Lock<[String: Bool]>([:])
  /// The names that the store admits to, so that no other seems to be left over; nil: all.
  let visible: Set<String>?

  /// Whether the data are read, not made of zeros.
  let readsValues: Bool

  init(visible: Set<String>? = nil, readsValues: Bool = false) {
    self.visible = visible
    self.readsValues = readsValues
  }

  /// Whether all values of a tensor that was read are finite; nil for one that was not.
  func isFinite(_ name: String) -> Bool? { finite.withLock { $0[name] } }

  /// Writes down whether the values of a tensor are finite. One pass.
  func note(_ tensor: FloatTensor, _ name: String) {
    let isFinite = tensor.isFinite
    finite.withLock { $0[name] = isFinite }
  }

  /// The requests, in order, each once.
  var requests: [Request] {
    var seen = Set<Request>()
    return state.withLock { $0 }.filter { seen.insert($0).inserted }
  }

  /// More requests than any model has: a configuration that asks for them is damaged.
  static let limit = 200_000

  func note(_ name: String, _ shape: [Int]?) throws(DSXError) {
    let count = state.withLock { requests in
      requests.append(Request(name: name, shape: shape))
      return requests.count
    }
    guard count <= Self.limit else {
      throw DSXError(
        .malformed, "the configuration asks for more than \(Self.limit) tensors, e.g. '\(name)'")
    }
  }
}

extension TensorStore {
  /// The same tensors, by name and shape only: data are zeros, and requests are written down.
  func surveyed(by survey: TensorSurvey) -> TensorStore {
    var store = self
    store.survey = survey
    return store
  }

  /// Zeros of the shape that is asked for, or the values themselves: where the survey reads them, and
  /// where any shape will do, for then the model goes by them.
  func surveyedFloats(_ name: String, _ shape: [Int]?, _ survey: TensorSurvey) throws(DSXError)
    -> FloatTensor
  {
    try survey.note(name, shape)
    guard let shape, !survey.readsValues else {
      var plain = self
      plain.survey = nil
      let tensor = try plain.floats(name, shape: shape)
      survey.note(tensor, name)
      return tensor
    }
    guard let tensor = FloatTensor(zeros: shape) else {
      throw DSXError(.malformed, "the tensor '\(name)' would have the shape \(shape)")
    }
    return tensor
  }
}

extension FloatTensor {
  /// Whether no element is NaN or infinite. One pass.
  var isFinite: Bool {
    withElements { elements in
      elements.baseAddress.map { dsx_first_not_finite($0, elements.count) } ?? 0 == elements.count
    }
  }
}
