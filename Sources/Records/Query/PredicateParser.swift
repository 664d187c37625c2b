internal import DSXCore

/// Reads a condition by recursive descent; grammar: RowPredicate.
struct PredicateParser {
  private var lexer: PredicateLexer
  private var token = PredicateLexer.Token.end
  private var start = 0
  private var depth = 0
  private var tests = 0
  private var values = 0

  /// Brackets and NOTs may be nested this deep, and a condition may have so many values: SQLite's own
  /// limits on expressions lie above.
  static let depthLimit = 64
  static let testLimit = 500
  static let valueLimit = 10_000

  init(_ text: String) throws(DSXError) {
    lexer = try PredicateLexer(text)
    try advance()
    guard token != .end else { throw PredicateLexer.fault("it is empty", at: 0) }
  }

  private mutating func advance() throws(DSXError) { (token, start) = try lexer.next() }

  private func fault(_ message: String) -> DSXError { PredicateLexer.fault(message, at: start) }

  /// What stands here, for messages.
  private var found: String {
    switch token {
    case .word(let name, _): "'\(name)'"
    case .text(let text): "the text '\(text.prefix(40))'"
    case .integer(let value): "\(value)"
    case .float(let value): "\(value)"
    case .symbol(let symbol): "'\(symbol)'"
    case .end: "the end"
    }
  }

  private func isKeyword(_ word: String) -> Bool {
    guard case .word(let name, false) = token else { return false }
    return name.uppercased() == word
  }

  private mutating func take(_ word: String) throws(DSXError) -> Bool {
    guard isKeyword(word) else { return false }
    try advance()
    return true
  }

  private mutating func expect(_ symbol: String) throws(DSXError) {
    guard token == .symbol(symbol) else { throw fault("expected '\(symbol)', found \(found)") }
    try advance()
  }

  /// Throws unless everything was read.
  func finish() throws(DSXError) {
    guard token == .end else {
      throw fault("expected AND, OR or the end, found \(found)")
    }
  }

  mutating func condition() throws(DSXError) -> RowPredicate {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else {
      throw fault("it is nested more than \(Self.depthLimit) deep")
    }
    var parts = [try term()]
    while try take("OR") { parts.append(try term()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func term() throws(DSXError) -> RowPredicate {
    var parts = [try factor()]
    while try take("AND") { parts.append(try factor()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor() throws(DSXError) -> RowPredicate {
    if try take("NOT") {
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.depthLimit else {
        throw fault("it is nested more than \(Self.depthLimit) deep")
      }
      return .not(try factor())
    }
    if token == .symbol("(") {
      try advance()
      let inner = try condition()
      try expect(")")
      return inner
    }
    return try test()
  }

  private static let keywords: Set<String> = [
    "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "BETWEEN",
  ]

  private mutating func test() throws(DSXError) -> RowPredicate {
    tests += 1
    guard tests <= Self.testLimit else {
      throw fault("it has more than \(Self.testLimit) tests; use IN for long lists")
    }
    guard case .word(let field, let isQuoted) = token,
      isQuoted || !Self.keywords.contains(field.uppercased())
    else { throw fault("expected a field name, found \(found)") }
    try advance()
    if case .symbol(let symbol) = token, let comparison = RowPredicate.Operator(rawValue: symbol) {
      try advance()
      return .comparison(field: field, comparison, try literal())
    }
    if try take("IS") {
      let isNegated = try take("NOT")
      guard try take("NULL") else { throw fault("expected NULL, found \(found)") }
      return isNegated ? .not(.isNull(field: field)) : .isNull(field: field)
    }
    let isNegated = try take("NOT")
    let test: RowPredicate
    if try take("IN") {
      try expect("(")
      var list = [try literal()]
      while token == .symbol(",") {
        try advance()
        list.append(try literal())
      }
      try expect(")")
      test = .among(field: field, list)
    } else if try take("BETWEEN") {
      let low = try literal()
      guard try take("AND") else { throw fault("expected AND, found \(found)") }
      test = .between(field: field, low, try literal())
    } else if try take("LIKE") {
      guard case .text(let pattern) = token else {
        throw fault("expected a pattern in quotes, found \(found)")
      }
      try advance()
      test = .like(field: field, pattern: pattern)
    } else {
      throw fault("expected a comparison, IN, BETWEEN, LIKE or IS, found \(found)")
    }
    return isNegated ? .not(test) : test
  }

  private mutating func literal() throws(DSXError) -> RowPredicate.Literal {
    values += 1
    guard values <= Self.valueLimit else {
      throw fault("it has more than \(Self.valueLimit) values")
    }
    let value: RowPredicate.Literal
    switch token {
    case .text(let text): value = .text(text)
    case .integer(let number): value = .integer(number)
    case .float(let number): value = .float(number)
    case .word(_, true): throw fault("expected a value, found the name \(found): text has 'quotes'")
    default: throw fault("expected a value, found \(found)")
    }
    try advance()
    return value
  }
}
