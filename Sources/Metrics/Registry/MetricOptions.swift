public import DSXCore

/// The values of a metric's settings, checked against its parameters.
public struct MetricOptions: Sendable, Equatable {
  /// The settings that there are.
  public let parameters: [MetricParameter]
  private let metric: String
  private let values: [String: JSONValue]

  /// Values by name; what is not given keeps its default. An unknown name and a value that a setting
  /// does not take are errors.
  public init(metric: String, parameters: [MetricParameter], values: [String: JSONValue])
    throws(DSXError)
  {
    self.metric = metric
    self.parameters = parameters
    var known: [String: JSONValue] = [:]
    for parameter in parameters { known[parameter.name] = parameter.defaultValue }
    for name in values.keys.sorted() {
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw DSXError.unknown(
          "setting of the metric \(metric)", name, known: parameters.map(\.name))
      }
      if let value = values[name], !value.isNull { known[name] = try parameter.checked(value) }
    }
    self.values = known
  }

  /// Whether a value is there, given or by default.
  public func has(_ name: String) -> Bool { values[name] != nil }

  /// A flag's value.
  public func flag(_ name: String) throws(DSXError) -> Bool { try needed(name, values[name]?.bool) }
  /// A whole number.
  public func integer(_ name: String) throws(DSXError) -> Int {
    try needed(name, values[name]?.int)
  }
  /// A number.
  public func number(_ name: String) throws(DSXError) -> Double {
    try needed(name, values[name]?.double)
  }
  /// A text or the word chosen.
  public func text(_ name: String) throws(DSXError) -> String {
    try needed(name, values[name]?.string)
  }
  /// The word chosen, as a case of an enumeration whose raw values are the choices.
  public func choice<Choice: RawRepresentable<String>>(
    _ name: String, as _: Choice.Type = Choice.self
  ) throws(DSXError) -> Choice {
    try needed(name, values[name]?.string.flatMap(Choice.init(rawValue:)))
  }
  /// A list of words.
  public func list(_ name: String) throws(DSXError) -> [String] {
    try needed(name, values[name]?.array?.compactMap(\.string))
  }

  /// All values that are there, in the order of the parameters.
  public var json: JSONValue {
    .object(
      parameters.compactMap { parameter in
        values[parameter.name].map { JSONValue.Member(parameter.name, $0) }
      })
  }

  private func needed<Value>(_ name: String, _ value: Value?) throws(DSXError) -> Value {
    if let value { return value }
    throw DSXError(
      .usage, "the metric \(metric) needs the setting '\(name)'",
      hint: "give it as --set \(metric).\(name)=VALUE")
  }
}
