public import DSXCore
internal import Metrics

/// A metric that a task names: a name of the registry, the name in reports, and settings.
public struct MetricChoice: Sendable, Equatable {
  /// The registry's name, e.g. `bleu`.
  public var metric: String
  /// The name in reports; the metric's own unless several forms of one are wanted.
  public var key: String
  /// Settings by name; others keep their defaults.
  public var settings: [JSONValue.Member]

  /// A choice.
  public init(_ metric: String, key: String? = nil, settings: [JSONValue.Member] = []) {
    self.metric = metric
    self.key = key ?? metric
    self.settings = settings
  }

  /// A choice from a list in YAML or JSON: a name, `KEY=NAME`, or an object with `metric`, `as` and the
  /// metric's settings.
  public init(json: JSONValue) throws(DSXError) {
    if let word = json.string {
      try self.init(word: word)
      return
    }
    guard let members = json.object, let name = json["metric"]?.string else {
      throw DSXError(
        .malformed, "a metric is neither a name nor an object with 'metric'",
        hint: "write accuracy, or {metric: bleu, as: zh, tokenize: zh}")
    }
    if let alias = json["as"], alias.string == nil {
      throw DSXError(.malformed, "the 'as' of the metric '\(name)' is no text")
    }
    self.init(
      name, key: json["as"]?.string,
      settings: members.filter { $0.name != "metric" && $0.name != "as" })
  }

  /// A choice from a word of a command line: `NAME` or `KEY=NAME`.
  public init(word: String) throws(DSXError) {
    let bytes = Array(word.utf8)
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "=")) else {
      self.init(word)
      return
    }
    let (key, name) = (bytes[..<mark], bytes[(mark + 1)...])
    guard !key.isEmpty, !name.isEmpty else {
      throw DSXError(.usage, "'\(word)' names no metric", hint: "write NAME, or KEY=NAME")
    }
    self.init(
      String(decoding: name, as: UTF8.self), key: String(decoding: key, as: UTF8.self))
  }

  /// Sets one setting, `KEY.SETTING=VALUE`, of one of the choices; values are read as the metric's
  /// parameter says.
  public static func set(_ text: String, in choices: inout [MetricChoice]) throws(DSXError) {
    let bytes = Array(text.utf8)
    guard let mark = bytes.firstIndex(of: UInt8(ascii: "=")),
      let dot = bytes[..<mark].firstIndex(of: UInt8(ascii: ".")), dot > 0
    else {
      throw DSXError(
        .usage, "'\(text)' is no setting",
        hint: "write METRIC.SETTING=VALUE, as bleu.lowercase=true")
    }
    func part(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
    let (key, name) = (part(bytes[..<dot]), part(bytes[(dot + 1)..<mark]))
    guard let place = choices.firstIndex(where: { $0.key == key }) else {
      throw DSXError.unknown(
        "metric of a setting", key, known: choices.map(\.key))
    }
    let entry = try Builtins.registry().find(choices[place].metric)
    guard let parameter = entry.parameters.first(where: { $0.name == name }) else {
      throw DSXError.unknown(
        "setting of the metric \(entry.name)", name, known: entry.parameters.map(\.name))
    }
    choices[place].settings.append(
      .init(name, try parameter.value(parsing: part(bytes[(mark + 1)...]))))
  }

  /// The metric itself. Unknown names and settings are errors that name the nearest.
  func item(_ registry: Registry<MetricEntry>, labels: [String]) throws(DSXError) -> ScorePlan.Item
  {
    let entry = try registry.find(metric)
    var values: [String: JSONValue] = [:]
    for member in settings { values[member.name] = member.value }
    // Averages range over the declared labels, not over those that happen to occur.
    if values["labels"] == nil, !labels.isEmpty,
      entry.parameters.contains(where: { $0.name == "labels" })
    {
      values["labels"] = .array(labels.map { .string($0) })
    }
    return ScorePlan.Item(key: key, entry: entry, metric: try entry.metric(entry.options(values)))
  }

  var json: JSONValue {
    .object(
      [.init("metric", .string(metric)), .init("key", .string(key))]
        + (settings.isEmpty ? [] : [.init("settings", .object(settings))]))
  }
}
