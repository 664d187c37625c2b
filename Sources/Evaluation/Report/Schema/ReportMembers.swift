public import DSXCore

/// Gathers the members of an object of report.json in order; what is nil or empty is left out.
public struct ReportMembers {
  private var members: [JSONValue.Member] = []

  /// No members yet.
  public init() {}

  /// The object.
  public var json: JSONValue { .object(members) }

  /// A string.
  public mutating func add(_ name: String, _ value: String?) {
    if let value { members.append(.init(name, .string(value))) }
  }
  /// An integer.
  public mutating func add(_ name: String, _ value: Int?) {
    if let value { members.append(.init(name, .int(Int64(value)))) }
  }
  /// A number; what is not finite becomes a string.
  public mutating func add(_ name: String, _ value: Double?) {
    if let value { members.append(.init(name, Self.number(value))) }
  }
  /// A number that stands there as `null` when it is not defined.
  public mutating func addOrNull(_ name: String, _ value: Double?) {
    members.append(.init(name, value.map(Self.number) ?? .null))
  }
  /// A truth value.
  public mutating func add(_ name: String, _ value: Bool?) {
    if let value { members.append(.init(name, .bool(value))) }
  }
  /// Any value.
  public mutating func add(_ name: String, value: JSONValue?) {
    if let value { members.append(.init(name, value)) }
  }
  /// A part.
  public mutating func add(_ name: String, _ value: (some ReportPart)?) {
    if let value { members.append(.init(name, value.json)) }
  }
  /// Parts; none: no member.
  public mutating func add(_ name: String, _ values: [some ReportPart]) {
    if !values.isEmpty { members.append(.init(name, .array(values.map(\.json)))) }
  }
  /// Strings; none: no member.
  public mutating func add(_ name: String, _ values: [String]) {
    if !values.isEmpty { members.append(.init(name, .array(values.map { .string($0) }))) }
  }
  /// Counts; none: no member.
  public mutating func add(_ name: String, _ values: [Int]) {
    if !values.isEmpty { members.append(.init(name, .array(values.map { .int(Int64($0)) }))) }
  }
  /// Numbers; none: no member.
  public mutating func add(_ name: String, _ values: [Double]) {
    if !values.isEmpty { members.append(.init(name, .array(values.map(Self.number)))) }
  }

  private static func number(_ value: Double) -> JSONValue {
    if value.isFinite { return .double(value) }
    return .string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
  }
}
