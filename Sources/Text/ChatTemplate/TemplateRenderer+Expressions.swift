internal import DSXCore
internal import Glibc

extension TemplateRenderer {
  /// The value of an expression. Throws `malformed` for what Python would raise an error at.
  func value(_ expression: TemplateExpression) throws(DSXError) -> TemplateValue {
    try limits.spend(16)
    switch expression {
    case .literal(let value): return value
    case .name(let name): return lookUp(name)
    case .list(let parts): return try limits.made(.list(try values(parts)))
    case .dictionary(let members):
      var found: [TemplateValue.Member] = []
      for (key, member) in members {
        guard case .string(let name) = try value(key) else {
          throw fault("a mapping needs strings as keys")
        }
        let entry = TemplateValue.Member(name: name, value: try value(member))
        if let index = found.firstIndex(where: { $0.name == name }) {
          found[index] = entry
        } else {
          found.append(entry)
        }
      }
      return try limits.made(.dictionary(found))
    case .member(let object, let name): return try member(try value(object), name)
    case .index(let object, let index): return try element(try value(object), try value(index))
    case .slice(let object, let start, let end, let step):
      let object = try value(object)
      try limits.spend(on: object)
      return try limits.made(
        try slice(object, try integer(start), try integer(end), try integer(step)))
    case .call(let callee, let arguments):
      guard case .function(let function) = try value(callee) else {
        throw fault("\(try value(callee).kind) cannot be called")
      }
      return try located { () throws(DSXError) in
        try limits.made(try function.call(try self.arguments(arguments)))
      }
    case .filter(let input, let name, let arguments):
      let (input, arguments) = (try value(input), try self.arguments(arguments))
      try limits.spend(on: input)
      return try located { () throws(DSXError) in
        try limits.made(try TemplateFilters.apply(name, input, arguments))
      }
    case .test(let input, let name, let arguments, let negated):
      let (input, arguments) = (try value(input), try self.arguments(arguments))
      if let other = arguments.value(0) { try compared(input, other) }
      let result = try located { () throws(DSXError) in
        try TemplateTests.holds(name, input, arguments)
      }
      return .bool(result != negated)
    case .unary(let sign, let operand): return try unary(sign, try value(operand))
    case .binary(let symbol, let left, let right):
      return try limits.made(try binary(symbol, try value(left), try value(right)))
    case .comparison(let first, let rest): return .bool(try compare(first, rest))
    case .and(let left, let right):
      let left = try value(left)
      return left.isTrue ? try value(right) : left
    case .or(let left, let right):
      let left = try value(left)
      return left.isTrue ? left : try value(right)
    case .conditional(let condition, let value, let otherwise):
      if try self.value(condition).isTrue { return try self.value(value) }
      return try otherwise.map { (other) throws(DSXError) in try self.value(other) }
        ?? .undefined("")
    }
  }

  /// The same error, at the line of the statement that runs, where it had none.
  private func located<Value>(_ body: () throws(DSXError) -> Value) throws(DSXError) -> Value {
    do { return try body() } catch {
      guard error.location.line == nil else { throw error }
      throw fault(error.message)
    }
  }

  /// Spends what a comparison costs, which looks at everything in both values.
  private func compared(_ left: TemplateValue, _ right: TemplateValue) throws(DSXError) {
    _ = try limits.made(left)
    _ = try limits.made(right)
  }

  private func values(_ expressions: [TemplateExpression]) throws(DSXError) -> [TemplateValue] {
    var found: [TemplateValue] = []
    for expression in expressions { found.append(try value(expression)) }
    return found
  }

  private func arguments(_ arguments: TemplateExpression.Arguments) throws(DSXError)
    -> TemplateArguments
  {
    var found = TemplateArguments(positional: try values(arguments.positional))
    for (name, expression) in arguments.named { found.named.append((name, try value(expression))) }
    return found
  }

  private func integer(_ expression: TemplateExpression?) throws(DSXError) -> Int? {
    guard let expression else { return nil }
    let bound = try value(expression)
    if case .none = bound { return nil }
    guard let integer = bound.integer else { throw fault("a bound of a slice is \(bound.kind)") }
    return integer
  }

  private func member(_ object: TemplateValue, _ name: String) throws(DSXError) -> TemplateValue {
    if case .undefined(let missing) = object {
      throw fault("'\(missing)' is undefined, so it has no '\(name)'")
    }
    // A method before a member of that name, as Python's attributes come before items.
    if let method = TemplateMethods.method(name, of: object) {
      try limits.spend(on: object)
      return .function(method)
    }
    return object.member(name) ?? .undefined(name)
  }

  private func element(_ object: TemplateValue, _ index: TemplateValue) throws(DSXError)
    -> TemplateValue
  {
    switch (object, index) {
    case (.undefined(let missing), _):
      throw fault("'\(missing)' is undefined, so it has no elements")
    case (.list(let values), _) where index.integer != nil:
      let at = index.integer ?? 0
      let position = at < 0 ? at + values.count : at
      return values.indices.contains(position) ? values[position] : .undefined("[\(at)]")
    case (.string(let text), _) where index.integer != nil:
      try limits.spend(on: object)
      let scalars = Array(text.unicodeScalars)
      let at = index.integer ?? 0
      let position = at < 0 ? at + scalars.count : at
      guard scalars.indices.contains(position) else { return .undefined("[\(at)]") }
      return .string(String(String.UnicodeScalarView([scalars[position]])))
    case (_, .string(let name)):
      if let value = object.member(name) { return value }
      return TemplateMethods.method(name, of: object).map { .function($0) } ?? .undefined(name)
    default: return .undefined("")
    }
  }

  private func slice(_ object: TemplateValue, _ start: Int?, _ end: Int?, _ step: Int?)
    throws(DSXError) -> TemplateValue
  {
    let step = step ?? 1
    guard step != 0 else { throw fault("a slice's step is 0") }
    func positions(_ count: Int) -> [Int] {
      func bound(_ value: Int?, _ standard: Int) -> Int {
        guard let value else { return standard }
        let from = value < 0 ? value + count : value
        return step > 0 ? min(max(from, 0), count) : min(max(from, -1), count - 1)
      }
      let first = bound(start, step > 0 ? 0 : count - 1)
      let last = bound(end, step > 0 ? count : -1)
      return Array(stride(from: first, to: last, by: step))
    }
    switch object {
    case .list(let values): return .list(positions(values.count).map { values[$0] })
    case .string(let text):
      let scalars = Array(text.unicodeScalars)
      return .string(String(String.UnicodeScalarView(positions(scalars.count).map { scalars[$0] })))
    default: throw fault("\(object.kind) has no slices")
    }
  }

  private func unary(_ sign: String, _ operand: TemplateValue) throws(DSXError) -> TemplateValue {
    if sign == "not" { return .bool(!operand.isTrue) }
    if let value = operand.integer {
      return try .int(
        checked(sign == "-" ? 0 : value, sign == "-" ? value : 0) {
          $0.subtractingReportingOverflow($1)
        })
    }
    guard let value = operand.number else { throw fault("\(operand.kind) has no sign") }
    return .double(sign == "-" ? -value : value)
  }

  private func checked(_ left: Int, _ right: Int, _ apply: (Int, Int) -> (Int, Bool))
    throws(DSXError) -> Int
  {
    let (value, overflows) = apply(left, right)
    guard !overflows else { throw fault("a number is too large") }
    return value
  }

  private func binary(_ symbol: String, _ left: TemplateValue, _ right: TemplateValue)
    throws(DSXError) -> TemplateValue
  {
    switch (symbol, left, right) {
    case ("~", _, _): return .string(try limits.made(left).text + limits.made(right).text)
    case ("+", .string(let left), .string(let right)): return .string(left + right)
    case ("+", .list(let left), .list(let right)): return .list(left + right)
    case ("*", .string(let text), _) where right.integer != nil:
      let count = max(0, right.integer ?? 0)
      let (size, overflows) = text.utf8.count.multipliedReportingOverflow(by: count)
      guard !overflows, size <= 1 << 24 else { throw fault("a repeated string is too long") }
      return .string(String(repeating: text, count: count))
    default: break
    }
    if let left = left.integer, let right = right.integer, symbol != "/" {
      return .int(try integers(symbol, left, right))
    }
    guard let left = left.number, let right = right.number else {
      throw fault("'\(symbol)' does not go with \(left.kind) and \(right.kind)")
    }
    guard right != 0 || !["/", "//", "%"].contains(symbol) else { throw fault("division by zero") }
    switch symbol {
    case "+": return .double(left + right)
    case "-": return .double(left - right)
    case "*": return .double(left * right)
    case "/": return .double(left / right)
    case "//": return .double((left / right).rounded(.down))
    case "%": return .double(left - (left / right).rounded(.down) * right)
    default: return .double(pow(left, right))
    }
  }

  private func integers(_ symbol: String, _ left: Int, _ right: Int) throws(DSXError) -> Int {
    switch symbol {
    case "+": return try checked(left, right) { $0.addingReportingOverflow($1) }
    case "-": return try checked(left, right) { $0.subtractingReportingOverflow($1) }
    case "*": return try checked(left, right) { $0.multipliedReportingOverflow(by: $1) }
    case "**":
      guard (0...64).contains(right) else { throw fault("a power is too large") }
      var result = 1
      for _ in 0..<right {
        result = try checked(result, left) { $0.multipliedReportingOverflow(by: $1) }
      }
      return result
    default:
      guard right != 0 else { throw fault("division by zero") }
      guard right != -1 else { return symbol == "%" ? 0 : try integers("-", 0, left) }
      // Python rounds down, and the remainder has the divisor's sign.
      let (quotient, rest) = left.quotientAndRemainder(dividingBy: right)
      let isDown = rest != 0 && (rest < 0) != (right < 0)
      return symbol == "%" ? (isDown ? rest + right : rest) : (isDown ? quotient - 1 : quotient)
    }
  }

  private func compare(_ first: TemplateExpression, _ rest: [(String, TemplateExpression)])
    throws(DSXError) -> Bool
  {
    var left = try value(first)
    for (symbol, expression) in rest {
      let right = try value(expression)
      try compared(left, right)
      let holds = try located { () throws(DSXError) in
        try TemplateTests.compare(symbol, left, right)
      }
      guard holds else { return false }
      left = right
    }
    return true
  }
}
