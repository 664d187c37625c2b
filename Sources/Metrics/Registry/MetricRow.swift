public import DSXCore

/// One example's values by role, with accessors that check and convert.
///
/// Every error names the role; the caller adds file and row. A value may come as JSON (numbers,
/// arrays) or as text of a CSV file ("0.5", "B-PER O O", "[0.1, 0.9]"): each accessor says which
/// forms it takes.
public struct MetricRow: Sendable, ExpressibleByDictionaryLiteral {
  /// The roles, in any order.
  public let roles: [String]
  /// A value a role; null is a missing one.
  public let values: [JSONValue]

  /// Values beside their roles.
  public init(roles: [String], values: [JSONValue]) {
    self.roles = roles
    self.values = values
  }

  /// `["hypothesis": "a b", "references": ["a b c"]]`
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(roles: elements.map(\.0), values: elements.map(\.1))
  }

  /// Whether the role has a value.
  public func has(_ role: String) -> Bool { optional(role) != nil }

  /// The value as it is. Missing or null is an error.
  public func json(_ role: String) throws(DSXError) -> JSONValue {
    if let value = optional(role) { return value }
    throw DSXError(
      .malformed,
      roles.contains(role) ? "the \(role) is null" : "the example has no \(role)",
      hint: "every example needs a \(role)")
  }

  /// A text. Whole numbers count as their digits, since tables guess the types of their columns.
  public func text(_ role: String) throws(DSXError) -> String {
    let value = try json(role)
    switch value {
    case .string(let text): return text
    case .int(let number): return String(number)
    default: throw wrong(role, value, "text")
    }
  }

  /// One text or an array of texts, at least one. A null among them is an error.
  public func texts(_ role: String) throws(DSXError) -> [String] {
    let value = try json(role)
    guard case .array(let elements) = value else { return [try text(role)] }
    guard !elements.isEmpty else { throw wrong(role, value, "list with a text") }
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for element in elements {
      switch element {
      case .string(let text): texts.append(text)
      case .int(let number): texts.append(String(number))
      default: throw wrong(role, element, "text")
      }
    }
    return texts
  }

  /// The same, but null elements are kept as nil: examples with fewer references than others.
  public func textsOrMissing(_ role: String) throws(DSXError) -> [String?] {
    guard case .array(let elements) = try json(role), elements.contains(.null) else {
      return try texts(role)
    }
    var texts: [String?] = []
    for element in elements {
      if let text = element.string {
        texts.append(text)
      } else if element.isNull {
        texts.append(nil)
      } else {
        throw wrong(role, element, "text")
      }
    }
    return texts
  }

  /// A class: text that is not empty, a whole number, or a truth value as `true`, `false`.
  public func label(_ role: String) throws(DSXError) -> String {
    let value = try json(role)
    guard let label = Self.label(of: value) else { throw wrong(role, value, "label") }
    return label
  }

  /// A sequence of classes: an array, or text split at blanks. May be empty.
  public func labels(_ role: String) throws(DSXError) -> [String] {
    let value = try json(role)
    switch value {
    case .array(let elements):
      var labels: [String] = []
      labels.reserveCapacity(elements.count)
      for element in elements {
        guard let label = Self.label(of: element) else { throw wrong(role, element, "label") }
        labels.append(label)
      }
      return labels
    case .string(let text): return Self.words(text)
    default: throw wrong(role, value, "sequence of labels")
    }
  }

  /// A finite number, also as text.
  public func number(_ role: String) throws(DSXError) -> Double {
    let value = try json(role)
    guard let number = Self.number(of: value) else { throw wrong(role, value, "number") }
    return try finite(role, number)
  }

  /// A whole number, also as text.
  public func integer(_ role: String) throws(DSXError) -> Int {
    let value = try json(role)
    guard let number = value.int ?? value.string.flatMap({ Int($0) }) else {
      throw wrong(role, value, "whole number")
    }
    return number
  }

  /// Finite numbers: an array, its JSON text, or text split at blanks or commas.
  public func numbers(_ role: String) throws(DSXError) -> [Double] {
    var value = try json(role)
    if case .string(let text) = value {
      if text.utf8.first(where: { $0 != 0x20 }) == UInt8(ascii: "[") {
        do { value = try JSONParser.parse(Array(text.utf8), allowNonFinite: true) } catch {
          throw wrong(role, value, "list of numbers")
        }
      } else {
        value = .array(Self.words(text, also: UInt8(ascii: ",")).map { .string($0) })
      }
    }
    guard let elements = value.array else { throw wrong(role, value, "list of numbers") }
    var numbers: [Double] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      guard let number = Self.number(of: element) else { throw wrong(role, element, "number") }
      numbers.append(try finite(role, number))
    }
    return numbers
  }

  /// A truth value: `true`, `false`, 1, 0, also as text.
  public func flag(_ role: String) throws(DSXError) -> Bool {
    let value = try json(role)
    switch value {
    case .bool(let flag): return flag
    case .int(0), .string("0"), .string("false"), .string("False"): return false
    case .int(1), .string("1"), .string("true"), .string("True"): return true
    default: throw wrong(role, value, "truth value")
    }
  }

  /// The value; nil when the role is missing or null.
  public func optional(_ role: String) -> JSONValue? {
    guard let place = roles.firstIndex(of: role), place < values.count else { return nil }
    let value = values[place]
    if case .null = value { return nil }
    return value
  }

  private static func label(of value: JSONValue) -> String? {
    switch value {
    case .string(let text): text.isEmpty ? nil : text
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    default: nil
    }
  }

  private static func number(of value: JSONValue) -> Double? {
    value.double ?? value.string.flatMap { Double($0) }
  }

  private static func words(_ text: String, also separator: UInt8 = 0x20) -> [String] {
    text.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == separator }.map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  private func finite(_ role: String, _ number: Double) throws(DSXError) -> Double {
    guard number.isFinite else {
      throw DSXError(.malformed, "the \(role) is not finite (\(number))")
    }
    return number
  }

  private func wrong(_ role: String, _ value: JSONValue, _ wanted: String) -> DSXError {
    let text = value.text()
    let shown = text.utf8.count > 60 ? String(text.prefix(40)) + "..." : text
    return DSXError(.malformed, "the \(role) is \(shown), which is no \(wanted)")
  }
}
