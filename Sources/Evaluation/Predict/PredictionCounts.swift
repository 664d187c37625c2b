public import DSXCore

/// How many examples were asked for, and what came of them.
public struct PredictionCounts: Sendable, Equatable {
  /// Rows with a line.
  public private(set) var examples = 0
  /// Rows whose line says why there is no prediction.
  public private(set) var failed = 0

  init() {}

  init(_ json: JSONValue) {
    examples = json["examples"]?.int ?? 0
    failed = json["failed"]?.int ?? 0
  }

  mutating func add(isFailed: Bool) {
    examples += 1
    if isFailed { failed += 1 }
  }

  mutating func add(_ other: PredictionCounts) {
    examples += other.examples
    failed += other.failed
  }

  /// Rows with a prediction.
  public var succeeded: Int { examples - failed }

  /// `{"examples": 3, "succeeded": 2, "failed": 1}`
  public var json: JSONValue {
    [
      "examples": .int(Int64(examples)), "succeeded": .int(Int64(succeeded)),
      "failed": .int(Int64(failed)),
    ]
  }
}
