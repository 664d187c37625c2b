public import DSXCore
internal import Metrics

/// `report.json`: the source of every other form of a report.
///
/// Version 1. Members in this order: `schema`, `schema_version`, `identity`, `tool`, `dataset`,
/// `model`, `tokenizer`, `task`, `task_hash`, `settings`, `counts`, `results` (metric -> `value`,
/// `standard_error`, `standard_error_method`, `n`, `signature`, `higher_is_better`), the task's
/// details, `failures`, and last `runtime`, which alone holds times, paths and worker counts.
public enum EvaluationReport {
  /// What `schema` says.
  public static let schema = "dsx-evaluation-report"
  /// What `schema_version` says.
  public static let schemaVersion = 1

  static func value(
    identity: String, head: [JSONValue.Member], prefix: String, results: [MetricResult],
    details: [JSONValue.Member], tally: RunTally
  ) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("schema", .string(schema)), .init("schema_version", .int(Int64(schemaVersion))),
      .init("identity", .string(identity)),
    ]
    members += head
    members.append(.init("counts", tally.json))
    members.append(
      .init(
        "results",
        .object(
          results.map { result in
            .init(
              MetricNames.key(result.name),
              .object([
                .init("value", number(result.value)),
                .init("standard_error", number(result.standardError)),
                .init(
                  "standard_error_method",
                  result.standardErrorMethod.map { .string($0) } ?? .null),
                .init("n", .int(Int64(result.count))),
                .init("signature", .string(prefix + "|" + result.signature)),
                .init("higher_is_better", .bool(result.higherIsBetter)),
              ]))
          })))
    members += details
    members.append(.init("failures", .array(tally.failures)))
    return .object(members)
  }

  /// A number as it reads back from the file: what is not finite is a string there.
  private static func number(_ value: Double?) -> JSONValue {
    guard let value else { return .null }
    return value.isFinite ? .double(value) : .string(value.isNaN ? "NaN" : "Infinity")
  }

  /// The report with its `runtime` object.
  public static func adding(runtime: JSONValue, to report: JSONValue) -> JSONValue {
    .object((report.object ?? []).filter { $0.name != "runtime" } + [.init("runtime", runtime)])
  }

  /// The report without its `runtime` object: the part that never depends on where it was made.
  public static func withoutRuntime(_ report: JSONValue) -> JSONValue {
    .object((report.object ?? []).filter { $0.name != "runtime" })
  }
}
