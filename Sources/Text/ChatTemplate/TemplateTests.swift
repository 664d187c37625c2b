internal import DSXCore

/// The tests behind `is`, and comparisons.
enum TemplateTests {
  /// Whether `value is name(arguments)`. Throws `unsupported` for a test that dsx does not know.
  static func holds(_ name: String, _ value: TemplateValue, _ arguments: TemplateArguments)
    throws(DSXError) -> Bool
  {
    switch (name, value) {
    case ("defined", .undefined): return false
    case ("defined", _): return true
    case ("undefined", .undefined): return true
    case ("undefined", _): return false
    case ("none", .none), ("string", .string), ("mapping", .dictionary), ("boolean", .bool),
      ("float", .double), ("integer", .int), ("callable", .function):
      return true
    case ("none", _), ("string", _), ("mapping", _), ("boolean", _), ("float", _), ("integer", _),
      ("callable", _):
      return false
    case ("number", _): return value.number != nil
    case ("true", .bool(let value)): return value
    case ("false", .bool(let value)): return !value
    case ("true", _), ("false", _): return false
    case ("iterable", _), ("sequence", _):
      switch value {
      case .list, .dictionary, .string: return true
      case .undefined: return name == "iterable"
      default: return false
      }
    case ("odd", _), ("even", _):
      guard let number = value.integer else { return false }
      return (number % 2 == 0) == (name == "even")
    case ("divisibleby", _):
      guard let number = value.integer, let by = arguments.value(0)?.integer, by != 0 else {
        throw DSXError(.malformed, "'divisibleby' needs integers")
      }
      return by == -1 || number % by == 0
    case ("lower", .string(let text)): return text == text.lowercased()
    case ("upper", .string(let text)): return text == text.uppercased()
    default: break
    }
    let symbols = [
      "eq": "==", "equalto": "==", "==": "==", "ne": "!=", "!=": "!=", "lt": "<", "lessthan": "<",
      "le": "<=", "gt": ">", "greaterthan": ">", "ge": ">=", "in": "in",
    ]
    guard let symbol = symbols[name] else {
      throw DSXError(.unsupported, "dsx does not know the test 'is \(name)'")
    }
    guard let other = arguments.value(0) else {
      throw DSXError(.malformed, "the test '\(name)' needs a value")
    }
    return try compare(symbol, value, other)
  }

  /// `left symbol right` for the comparisons.
  static func compare(_ symbol: String, _ left: TemplateValue, _ right: TemplateValue)
    throws(DSXError) -> Bool
  {
    switch symbol {
    case "==": return TemplateValue.equal(left, right)
    case "!=": return !TemplateValue.equal(left, right)
    case "in": return try contains(right, left)
    case "not in": return try !contains(right, left)
    default: break
    }
    let order: Int
    if let left = left.number, let right = right.number {
      order = left < right ? -1 : left > right ? 1 : 0
    } else if case .string(let left) = left, case .string(let right) = right {
      // By code points, which is by UTF-8 bytes.
      order =
        left.utf8.elementsEqual(right.utf8)
        ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    } else {
      throw DSXError(.malformed, "\(left.kind) and \(right.kind) have no order")
    }
    switch symbol {
    case "<": return order < 0
    case "<=": return order <= 0
    case ">": return order > 0
    default: return order >= 0
    }
  }

  private static func contains(_ whole: TemplateValue, _ part: TemplateValue) throws(DSXError)
    -> Bool
  {
    switch (whole, part) {
    case (.string(let text), .string(let part)): return TemplateText.find(part, in: text) != nil
    case (.list(let values), _): return values.contains { TemplateValue.equal($0, part) }
    case (.dictionary, .string(let name)), (.namespace, .string(let name)):
      return whole.member(name) != nil
    case (.dictionary, _), (.undefined, _): return false
    default: throw DSXError(.malformed, "\(whole.kind) cannot contain \(part.kind)")
    }
  }
}
