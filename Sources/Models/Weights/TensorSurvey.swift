internal import DSXCore

/// What a model asks of its weights: a store with a survey answers with zeros and writes down every
/// request, so that a model can be built, and its needs be known, without reading any data.
final class TensorSurvey: Sendable {
  /// One request: a name, and the shape that was asked for, nil for any.
  struct Request: Sendable, Hashable {
    let name: String
    let shape: [Int]?
  }

  private let state = Lock<[Request]>([])
  /// The names that the store admits to, so that no other seems to be left over; nil: all.
  let visible: Set<String>?

  init(visible: Set<String>? = nil) { self.visible = visible }

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

  /// Zeros of the shape that is asked for, or of the stored one.
  func surveyedFloats(_ name: String, _ shape: [Int]?, _ survey: TensorSurvey) throws(DSXError)
    -> FloatTensor
  {
    try survey.note(name, shape)
    guard let shape = shape ?? entry(name)?.shape else {
      throw DSXError(
        .corrupt, "the weights lack the tensor '\(name)'", file: files.first?.file.path)
    }
    guard let tensor = FloatTensor(zeros: shape) else {
      throw DSXError(.malformed, "the tensor '\(name)' would have the shape \(shape)")
    }
    return tensor
  }
}
