internal import DSXCore

/// The kind of a JSON value as inference and messages see it.
enum JSONKind: Equatable, Sendable {
  case null
  case truth
  case integer
  case number
  case text
  case nested

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool: self = .truth
    case .int: self = .integer
    case .double: self = .number
    case .string: self = .text
    case .array, .object: self = .nested
    }
  }

  var words: String {
    switch self {
    case .null: "null"
    case .truth: "a truth value"
    case .integer: "an integer"
    case .number: "a number"
    case .text: "text"
    case .nested: "a nested value"
    }
  }
}
