public import DSXCore

/// A report.json of either kind.
public enum AnyReport: Sendable, Equatable {
  /// Of one run.
  case run(RunReport)
  /// Of a recipe's run.
  case night(NightReport)

  /// Reads a report. Throws `malformed` for what is no report, `unsupported` for another version.
  public init(_ value: JSONValue) throws(DSXError) {
    let reader = try ReportReader(value)
    guard value["schema"]?.string == ReportSchema.name else {
      throw DSXError(
        .malformed, "this is no report.json of dsx",
        hint: "its 'schema' must be '\(ReportSchema.name)'")
    }
    guard let version = value["schema_version"]?.int, version == ReportSchema.version else {
      throw DSXError(
        .unsupported,
        "the report has schema version \(value["schema_version"]?.text() ?? "none"), "
          + "this dsx reads \(ReportSchema.version)",
        hint: "run the evaluation again, or render with the dsx that made it")
    }
    switch value["kind"]?.string {
    case "run": self = .run(try RunReport(reader))
    case "night": self = .night(try NightReport(reader))
    default: throw reader.fault("kind", "neither 'run' nor 'night'")
    }
  }

  /// Reads a report.json file; errors name it.
  public init(file: String) throws(DSXError) {
    do { self = try AnyReport(try JSONParser.parse(file: file)) } catch {
      throw error.inFile(file)
    }
  }

  /// The value of the file.
  public var json: JSONValue {
    switch self {
    case .run(let report): report.json
    case .night(let report): report.json
    }
  }
}
