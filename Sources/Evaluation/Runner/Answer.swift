internal import DSXCore

/// What came of one example: a line of predictions.jsonl.
struct Answer {
  /// Whether there is something to score. Failed, skipped, missing and wrong are different things.
  enum Status: String, CaseIterable {
    /// Answered; counts in the metrics.
    case ok
    /// Could not be answered: too long, empty, no such label, not finite.
    case failed
    /// Left out by the task's own rule.
    case skipped
    /// No prediction was given for it.
    case missing
  }

  var status: Status
  /// Why it is not `ok`.
  var reason: String?
  /// SHA-256 of what the model was asked; in a line, of that and the right answer.
  var inputHash: String?
  var prediction: JSONValue = .null
  var gold: JSONValue = .null
  /// Ids that the model was asked about.
  var tokens = 0
  /// The task's own fields, in their order.
  var details: [JSONValue.Member] = []

  static func failed(_ reason: String, hash: String? = nil) -> Answer {
    Answer(status: .failed, reason: reason, inputHash: hash)
  }

  /// The line; `scores`: each metric's score of this example alone.
  func line(_ example: Example, scores: [JSONValue.Member]) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("id", example.id), .init("row", .int(Int64(example.row))),
      .init("status", .string(status.rawValue)),
    ]
    if let reason { members.append(.init("reason", .string(reason))) }
    if let inputHash { members.append(.init("input_hash", .string(inputHash))) }
    if status == .ok {
      members.append(.init("prediction", prediction))
      members.append(.init("gold", gold))
      members.append(.init("tokens", .int(Int64(tokens))))
      members.append(.init("scores", .object(scores)))
    } else if !gold.isNull {
      members.append(.init("gold", gold))
    }
    return .object(members + details)
  }
}

/// Answers the examples of one task with one model. Single-owner.
protocol Responder {
  /// The columns that it reads.
  var columns: [String] { get }
  /// Passes over an example that is not evaluated here, so that everything random comes out as in a
  /// run over all.
  mutating func pass(_ example: Example) throws(DSXError)
  /// Draws what is drawn for an example that will be answered. Rows are passed over or admitted in the
  /// data's order, so that a subset of the rows gets what it gets in a run over all.
  mutating func admit(_ example: Example) throws(DSXError)
  /// Answers a unit of work: as many answers as examples, in their order. The result depends on these
  /// examples only.
  mutating func answer(_ examples: [Example]) throws(DSXError) -> [Answer]
}

extension Responder {
  mutating func pass(_: Example) throws(DSXError) {}
  mutating func admit(_: Example) throws(DSXError) {}
}
