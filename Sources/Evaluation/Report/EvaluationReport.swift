public import DSXCore

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

  /// The report with its `runtime` object.
  public static func adding(runtime: JSONValue, to report: JSONValue) -> JSONValue {
    .object((report.object ?? []).filter { $0.name != "runtime" } + [.init("runtime", runtime)])
  }

  /// The report without its `runtime` object: the part that never depends on where it was made.
  public static func withoutRuntime(_ report: JSONValue) -> JSONValue {
    .object((report.object ?? []).filter { $0.name != "runtime" })
  }
}
