internal import DSXCore

/// The words of one tag, read from the left: expressions with Jinja's precedence.
///
/// From loose to tight: `a if b else c`, `or`, `and`, `not`, comparisons and `in`, `+ -`, `~`, `* / // %`, signs,
/// `**`, then what follows a value: `.name`, `[...]`, `(...)`, `| filter`, `is test`.
struct TemplateWords {
  private let words: [TemplateWord]
  private var position = 0
  private var depth = 0
  let line: Int

  init(_ words: [TemplateWord], line: Int) {
    self.words = words
    self.line = line
  }

  private var next: TemplateWord? { position < words.count ? words[position] : nil }

  /// Whether the next word is that symbol.
  func peek(_ symbol: String) -> Bool { next == .symbol(symbol) }

  /// Takes the symbol, if it is next.
  mutating func take(_ symbol: String) -> Bool {
    guard peek(symbol) else { return false }
    position += 1
    return true
  }

  /// Takes the name, if it is next.
  mutating func takeName(_ name: String) -> Bool {
    guard next == .name(name) else { return false }
    position += 1
    return true
  }

  /// Takes any name.
  mutating func name(_ message: String) throws(DSXError) -> String {
    guard case .name(let name) = next else { throw fault(message) }
    position += 1
    return name
  }

  /// Throws unless all words are taken.
  func end() throws(DSXError) {
    guard next == nil else { throw fault("something is left at the end of a tag") }
  }

  private func fault(_ message: String) -> DSXError { TemplateLexer.fault(message, line) }

  private mutating func expect(_ symbol: String) throws(DSXError) {
    guard take(symbol) else { throw fault("'\(symbol)' is missing") }
  }

  /// An expression; `tuples` lets values with commas between them be a list.
  mutating func expression(tuples: Bool, conditional: Bool = true) throws(DSXError)
    -> TemplateExpression
  {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 32 else { throw fault("an expression is nested too deeply") }
    let first = try conditional ? choice() : either()
    guard tuples, peek(",") else { return first }
    var values = [first]
    while take(",") {
      if next == nil || peek(")") { break }
      values.append(try choice())
    }
    return .list(values)
  }

  private mutating func choice() throws(DSXError) -> TemplateExpression {
    var value = try either()
    while takeName("if") {
      let condition = try either()
      let otherwise = takeName("else") ? try choice() : nil
      value = .conditional(condition, value, otherwise)
    }
    return value
  }

  private mutating func either() throws(DSXError) -> TemplateExpression {
    var left = try both()
    while takeName("or") { left = .or(left, try both()) }
    return left
  }

  private mutating func both() throws(DSXError) -> TemplateExpression {
    var left = try negation()
    while takeName("and") { left = .and(left, try negation()) }
    return left
  }

  private mutating func negation() throws(DSXError) -> TemplateExpression {
    var count = 0
    while takeName("not") { count += 1 }
    var value = try comparison()
    for _ in 0..<min(count, 100) { value = .unary("not", value) }
    return value
  }

  private mutating func comparison() throws(DSXError) -> TemplateExpression {
    let first = try sum()
    var rest: [(String, TemplateExpression)] = []
    while true {
      if case .symbol(let symbol) = next, ["==", "!=", "<", "<=", ">", ">="].contains(symbol) {
        position += 1
        rest.append((symbol, try sum()))
      } else if takeName("in") {
        rest.append(("in", try sum()))
      } else if next == .name("not"), position + 1 < words.count, words[position + 1] == .name("in")
      {
        position += 2
        rest.append(("not in", try sum()))
      } else {
        return rest.isEmpty ? first : .comparison(first, rest)
      }
    }
  }

  private mutating func sum() throws(DSXError) -> TemplateExpression {
    try chain(["+", "-"]) { (words) throws(DSXError) in
      try words.chain(["~"]) { (words) throws(DSXError) in
        try words.chain(["*", "/", "//", "%"]) { (words) throws(DSXError) in
          // Powers are taken from the left, unlike in Python.
          try words.chain(["**"]) { (words) throws(DSXError) in try words.signed() }
        }
      }
    }
  }

  private mutating func chain(
    _ symbols: [String],
    _ operand: (inout TemplateWords) throws(DSXError) -> TemplateExpression
  ) throws(DSXError) -> TemplateExpression {
    var left = try operand(&self)
    while case .symbol(let symbol) = next, symbols.contains(symbol) {
      position += 1
      left = .binary(symbol, left, try operand(&self))
    }
    return left
  }

  /// Signs bind looser than `.name` and `[...]`, but tighter than filters: `-3|abs` is 3.
  private mutating func signed(filters: Bool = true) throws(DSXError) -> TemplateExpression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 32 else { throw fault("an expression is nested too deeply") }
    var value: TemplateExpression
    if take("-") {
      value = .unary("-", try signed(filters: false))
    } else if take("+") {
      value = .unary("+", try signed(filters: false))
    } else {
      value = try member(try primary())
    }
    if filters { value = try decorated(value) }
    return value
  }

  private mutating func primary() throws(DSXError) -> TemplateExpression {
    guard let word = next else { throw fault("an expression ends too early") }
    position += 1
    switch word {
    case .name(let name):
      switch name {
      case "true", "True": return .literal(.bool(true))
      case "false", "False": return .literal(.bool(false))
      case "none", "None": return .literal(.none)
      default: return .name(name)
      }
    case .string(var text):
      // Strings that stand side by side are one.
      while case .string(let more) = next {
        position += 1
        text += more
      }
      return .literal(.string(text))
    case .int(let value): return .literal(.int(value))
    case .double(let value): return .literal(.double(value))
    case .symbol("("):
      if take(")") { return .list([]) }
      let value = try expression(tuples: true)
      try expect(")")
      return value
    case .symbol("["):
      var values: [TemplateExpression] = []
      while !take("]") {
        values.append(try expression(tuples: false))
        if !peek("]") { try expect(",") }
      }
      return .list(values)
    case .symbol("{"):
      var members: [(TemplateExpression, TemplateExpression)] = []
      while !take("}") {
        let key = try expression(tuples: false)
        try expect(":")
        members.append((key, try expression(tuples: false)))
        if !peek("}") { try expect(",") }
      }
      return .dictionary(members)
    case .symbol(let symbol): throw fault("'\(symbol)' is not expected here")
    }
  }

  /// `.name`, `[index]`, `(arguments)` behind a value.
  private mutating func member(_ value: TemplateExpression) throws(DSXError) -> TemplateExpression {
    var value = value
    while true {
      if take(".") {
        if case .int(let index) = next {
          position += 1
          value = .index(value, .literal(.int(index)))
        } else {
          value = .member(value, try name("a name is missing behind '.'"))
        }
      } else if take("[") {
        value = try subscripted(value)
      } else if take("(") {
        value = .call(value, try arguments())
      } else {
        return value
      }
    }
  }

  private mutating func subscripted(_ value: TemplateExpression) throws(DSXError)
    -> TemplateExpression
  {
    var parts: [TemplateExpression?] = [nil]
    while !take("]") {
      if take(":") {
        parts.append(nil)
      } else {
        parts[parts.count - 1] = try expression(tuples: false)
        guard peek(":") || peek("]") else { throw fault("']' is missing") }
      }
    }
    if parts.count == 1, let index = parts[0] { return .index(value, index) }
    guard (2...3).contains(parts.count) else { throw fault("an index is missing in '[]'") }
    return .slice(value, parts[0], parts[1], parts.count > 2 ? parts[2] : nil)
  }

  /// Arguments up to the `)` that ends them.
  private mutating func arguments() throws(DSXError) -> TemplateExpression.Arguments {
    var found = TemplateExpression.Arguments()
    while !take(")") {
      if case .name(let name) = next, position + 1 < words.count,
        words[position + 1] == .symbol("=")
      {
        position += 2
        found.named.append((name, try expression(tuples: false)))
      } else {
        found.positional.append(try expression(tuples: false))
      }
      if !peek(")") { try expect(",") }
    }
    return found
  }

  /// Filters, tests and calls of their results behind a value.
  private mutating func decorated(_ value: TemplateExpression) throws(DSXError)
    -> TemplateExpression
  {
    var value = value
    while true {
      if take("|") {
        let filter = try name("a filter needs a name")
        value = .filter(value, filter, take("(") ? try arguments() : .init())
        value = try member(value)
      } else if takeName("is") {
        let negated = takeName("not")
        let test = try name("'is' needs a test")
        var taken = TemplateExpression.Arguments()
        if take("(") {
          taken = try arguments()
        } else if takesBareArgument {
          taken.positional.append(try member(try primary()))
        }
        value = .test(value, test, taken, negated: negated)
      } else {
        return value
      }
    }
  }

  /// Whether a test's argument follows without brackets, as in `is divisibleby 3`.
  private var takesBareArgument: Bool {
    switch next {
    case .string, .int, .double, .symbol("["), .symbol("{"): true
    case .name(let name): !["else", "or", "and", "is", "if", "in", "not"].contains(name)
    default: false
    }
  }
}
