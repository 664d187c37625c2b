public import DSXCore

/// One metric's summed statistics with all that is needed to go on with them elsewhere.
///
/// JSON, members in this order:
///
/// | member | meaning |
/// |---|---|
/// | `dsx-metric-state` | version of this form, 1 |
/// | `metric` | name in the registry |
/// | `name` | the name that reports show |
/// | `signature` | every setting that changes the number |
/// | `options` | the settings, by name |
/// | `version` | version of the statistics' own form |
/// | `count` | number of examples |
/// | `statistics` | the sums |
///
/// The same statistics give the same bytes, so states of any split of the data in any order of merging
/// are equal byte by byte.
public struct MetricState: Sendable {
  /// The version that this program writes and reads.
  public static let version = 1
  /// The metric.
  public let metric: AnyMetric
  /// Its sums.
  public private(set) var statistics: AnyStatistics

  /// Sums of a metric.
  public init(_ metric: AnyMetric, _ statistics: AnyStatistics) {
    self.metric = metric
    self.statistics = statistics
  }

  /// Adds another state. Another metric or other settings are an error.
  public mutating func merge(_ other: MetricState) throws(DSXError) {
    guard other.metric.entryName == metric.entryName,
      other.metric.signature.hasBytes(of: metric.signature),
      other.metric.options.text().hasBytes(of: metric.options.text())
    else {
      throw DSXError(
        .usage,
        "a state of \(other.metric.entryName) (\(other.metric.signature)) cannot be added to one "
          + "of \(metric.entryName) (\(metric.signature))",
        hint: "score every part with the same metrics and settings")
    }
    statistics = try metric.sum(statistics, other.statistics)
  }

  /// The state as JSON.
  public func json() throws(DSXError) -> JSONValue {
    .object([
      .init("dsx-metric-state", .int(Int64(Self.version))),
      .init("metric", .string(metric.entryName)), .init("name", .string(metric.name)),
      .init("signature", .string(metric.signature)), .init("options", metric.options),
      .init("version", .int(Int64(metric.stateVersion))),
      .init("count", .int(Int64(statistics.count))),
      .init("statistics", try metric.encode(statistics)),
    ])
  }

  /// Reads what `json()` gave: the metric comes from `registry`, and its signature must be the stored
  /// one.
  public init(json: JSONValue, registry: Registry<MetricEntry>) throws(DSXError) {
    guard json["dsx-metric-state"]?.int != nil else {
      throw DSXError(.malformed, "this is no metric state: it has no 'dsx-metric-state'")
    }
    try Self.check("dsx-metric-state", json, is: Self.version)
    guard let name = json["metric"]?.string, let signature = json["signature"]?.string,
      let members = json["options"]?.object, let count = json["count"]?.int,
      let stored = json["statistics"]
    else { throw DSXError(.malformed, "a metric state is not complete") }
    let entry = try registry.find(name)
    var values: [String: JSONValue] = [:]
    for member in members { values[member.name] = member.value }
    metric = try entry.metric(entry.options(values))
    try Self.check("version", json, is: metric.stateVersion)
    guard metric.signature.hasBytes(of: signature) else {
      throw DSXError(
        .unsupported,
        "the state of \(name) was made as \(signature), this program computes \(metric.signature)",
        hint: "score the data again with this program")
    }
    statistics = try metric.decode(stored)
    guard statistics.count == count else {
      throw DSXError(
        .malformed, "the state of \(name) says \(count) examples, its sums have \(statistics.count)"
      )
    }
  }

  private static func check(_ member: String, _ json: JSONValue, is version: Int) throws(DSXError) {
    let found = json[member]?.int
    guard found == version else {
      throw DSXError(
        .unsupported,
        "a metric state's '\(member)' is \(json[member]?.text() ?? "missing"), not \(version)",
        hint: "score the data again with this program")
    }
  }
}
