internal import DSXCore

/// Examples asked for, done and failed, and why.
struct RunTally {
  /// How many failures the report itself lists; predictions.jsonl has all.
  static let listed = 100

  private(set) var requested = 0
  private(set) var succeeded = 0
  private(set) var failures: [JSONValue] = []
  /// Ids that the model computed log-likelihoods for.
  var tokens = 0

  var failed: Int { requested - succeeded }

  mutating func succeed() {
    requested += 1
    succeeded += 1
  }

  /// Counts a failed example and gives its line for predictions.jsonl.
  mutating func fail(_ example: Example, _ reason: String) -> JSONValue {
    requested += 1
    let line: JSONValue = .object([
      .init("id", example.id), .init("row", .int(Int64(example.row))),
      .init("failed", .string(reason)),
    ])
    if failures.count < Self.listed { failures.append(line) }
    return line
  }

  var json: JSONValue {
    .object([
      .init("requested", .int(Int64(requested))), .init("succeeded", .int(Int64(succeeded))),
      .init("failed", .int(Int64(failed))), .init("scored_tokens", .int(Int64(tokens))),
    ])
  }
}
