public import DSXCore

/// Which metrics are computed, with which settings, and what is kept for intervals.
public struct ScorePlan: Sendable {
  /// One metric under the name that reports give it.
  public struct Item: Sendable {
    /// The name in reports and settings: the metric's, or an alias.
    public let key: String
    /// What is known of the metric.
    public let entry: MetricEntry
    /// The metric.
    public let metric: AnyMetric

    /// A metric that is made already.
    public init(key: String, entry: MetricEntry, metric: AnyMetric) {
      self.key = key
      self.entry = entry
      self.metric = metric
    }
  }

  /// The metrics in the order asked for.
  public let items: [Item]
  /// Whether each example's statistics are kept: bootstrap intervals, per-example files and paired
  /// tests need them.
  public let keepsExamples: Bool

  /// A plan from words of a command line.
  ///
  /// - Parameters:
  ///   - metrics: `NAME`, or `ALIAS=NAME` for one metric with several settings.
  ///   - settings: `NAME.SETTING=VALUE`, where NAME may be an alias.
  ///   - compat: presets of another library, for every metric that has them; a metric without is an
  ///     error.
  public init(
    metrics: [String], settings: [String] = [], compat: String? = nil, keepsExamples: Bool,
    registry: Registry<MetricEntry>
  ) throws(DSXError) {
    var values: [String: [String: JSONValue]] = [:]
    var entries: [(key: String, entry: MetricEntry)] = []
    for word in metrics {
      let (alias, name) = Self.split(word, at: "=") ?? (word, word)
      guard !alias.isEmpty, !entries.contains(where: { $0.key == alias }) else {
        throw DSXError(
          .usage, "the metric '\(alias)' is named twice",
          hint: "ALIAS=NAME gives one of them another name, as in zh=bleu")
      }
      let entry = try registry.find(name)
      values[alias] = try Self.preset(compat, entry)
      entries.append((alias, entry))
    }
    guard !entries.isEmpty else {
      throw DSXError(.usage, "no metric is named", hint: "dsx metrics list shows them")
    }
    for setting in settings {
      guard let (path, text) = Self.split(setting, at: "="),
        let (key, name) = Self.split(path, at: ".")
      else {
        throw DSXError(
          .usage, "'\(setting)' is no setting",
          hint: "write METRIC.SETTING=VALUE, as bleu.lowercase=true")
      }
      guard let entry = entries.first(where: { $0.key == key })?.entry else {
        throw DSXError.unknown("metric of a setting", key, known: entries.map(\.key))
      }
      guard let parameter = entry.parameters.first(where: { $0.name == name }) else {
        throw DSXError.unknown(
          "setting of the metric \(entry.name)", name, known: entry.parameters.map(\.name))
      }
      values[key, default: [:]][name] = try parameter.value(parsing: text)
    }
    var items: [Item] = []
    for (key, entry) in entries {
      let metric = try entry.metric(entry.options(values[key] ?? [:]))
      items.append(Item(key: key, entry: entry, metric: metric))
    }
    self.init(items: items, keepsExamples: keepsExamples)
  }

  /// A plan of metrics that are made already.
  public init(items: [Item], keepsExamples: Bool) {
    self.items = items
    self.keepsExamples = keepsExamples
  }

  /// The same plan with working memory of its own, for one thread.
  public func withOwnScratch() -> ScorePlan {
    let own = items.map { Item(key: $0.key, entry: $0.entry, metric: $0.metric.withOwnScratch()) }
    return ScorePlan(items: own, keepsExamples: keepsExamples)
  }

  /// Every role that a metric of the plan reads, once each, in order; a role is optional when it is so
  /// for all.
  public var columns: [MetricColumn] {
    var columns: [MetricColumn] = []
    for item in items {
      for column in item.entry.inputs {
        if let place = columns.firstIndex(where: { $0.role == column.role }) {
          if columns[place].isOptional, !column.isOptional { columns[place] = column }
        } else {
          columns.append(column)
        }
      }
    }
    return columns
  }

  private static func preset(_ compat: String?, _ entry: MetricEntry) throws(DSXError)
    -> [String: JSONValue]
  {
    guard let compat else { return [:] }
    if let preset = entry.compat[compat] { return preset }
    let known = entry.compat.keys.sorted()
    throw DSXError(
      .usage, "the metric \(entry.name) has no form of \(compat)",
      hint: known.isEmpty
        ? "it has no --compat forms" : "its --compat forms: " + known.joined(separator: ", "))
  }

  private static func split(_ text: String, at mark: String) -> (String, String)? {
    let bytes = Array(text.utf8)
    guard let mark = mark.utf8.first, let place = bytes.firstIndex(of: mark) else { return nil }
    return (
      String(decoding: bytes[..<place], as: UTF8.self),
      String(decoding: bytes[(place + 1)...], as: UTF8.self)
    )
  }
}
