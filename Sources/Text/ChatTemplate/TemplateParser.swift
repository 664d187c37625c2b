internal import DSXCore

/// Statements from the tokens of a template. What it does not know is an error that names it.
struct TemplateParser {
  private let tokens: [TemplateToken]
  private var position = 0
  private var depth = 0

  /// The statements of a template.
  static func parse(_ text: String) throws(DSXError) -> [TemplateStatement] {
    var parser = TemplateParser(tokens: try TemplateLexer.tokens(text))
    let (statements, end) = try parser.statements(until: [])
    if let end { throw TemplateLexer.fault("'\(end.keyword)' has no beginning", end.line) }
    return statements
  }

  private init(tokens: [TemplateToken]) { self.tokens = tokens }

  /// A tag that ends a block.
  private struct End {
    var keyword: String
    var words: TemplateWords
    var line: Int
  }

  /// Reads to a tag of `ends`, which it takes, or to the end of the template.
  private mutating func statements(until ends: Set<String>) throws(DSXError)
    -> ([TemplateStatement], End?)
  {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 32 else { throw TemplateLexer.fault("blocks are nested too deeply", 1) }
    var found: [TemplateStatement] = []
    while position < tokens.count {
      let token = tokens[position]
      position += 1
      switch token {
      case .text(let text): found.append(TemplateStatement(line: 0, action: .text(text)))
      case .output(let words, let line):
        var words = TemplateWords(words, line: line)
        let expression = try words.expression(tuples: true)
        try words.end()
        found.append(TemplateStatement(line: line, action: .output(expression)))
      case .tag(let words, let line):
        var words = TemplateWords(words, line: line)
        let keyword = try words.name("a tag begins with a word")
        if ends.contains(keyword) {
          return (found, End(keyword: keyword, words: words, line: line))
        }
        guard !keyword.hasPrefix("end"), keyword != "else", keyword != "elif" else {
          return (found, End(keyword: keyword, words: words, line: line))
        }
        let action = try statement(keyword, &words, line)
        found.append(TemplateStatement(line: line, action: action))
      }
    }
    return (found, nil)
  }

  /// The body of a block up to one of `ends`.
  private mutating func body(_ keyword: String, _ line: Int, _ ends: Set<String>) throws(DSXError)
    -> ([TemplateStatement], End)
  {
    let (statements, end) = try statements(until: ends)
    guard let end, ends.contains(end.keyword) else {
      let found = end.map { "'\($0.keyword)' comes first" } ?? "the template ends first"
      throw TemplateLexer.fault("'\(keyword)' does not end: \(found)", end?.line ?? line)
    }
    if end.keyword != "elif" { try end.words.end() }
    return (statements, end)
  }

  private mutating func statement(_ keyword: String, _ words: inout TemplateWords, _ line: Int)
    throws(DSXError) -> TemplateStatement.Action
  {
    switch keyword {
    case "if": return try branch(&words, line)
    case "for": return try loop(&words, line)
    case "set": return try assignment(&words, line)
    case "macro": return try macro(&words, line)
    case "generation":
      try words.end()
      return .generation(try body(keyword, line, ["endgeneration"]).0)
    case "break", "continue":
      try words.end()
      return keyword == "break" ? .leave : .next
    default:
      throw TemplateLexer.fault(
        "dsx does not know the tag '\(keyword)'; it knows if, for, set, macro, generation, break "
          + "and continue", line)
    }
  }

  private mutating func branch(_ words: inout TemplateWords, _ line: Int) throws(DSXError)
    -> TemplateStatement.Action
  {
    var branches: [(TemplateExpression, [TemplateStatement])] = []
    var condition = try words.expression(tuples: true)
    try words.end()
    while true {
      var (statements, end) = try body("if", line, ["elif", "else", "endif"])
      branches.append((condition, statements))
      switch end.keyword {
      case "elif":
        condition = try end.words.expression(tuples: true)
        try end.words.end()
      case "else":
        return .branch(branches, otherwise: try body("else", line, ["endif"]).0)
      default: return .branch(branches, otherwise: [])
      }
    }
  }

  private mutating func loop(_ words: inout TemplateWords, _ line: Int) throws(DSXError)
    -> TemplateStatement.Action
  {
    var names = [try words.name("'for' needs a name")]
    while words.take(",") { names.append(try words.name("'for' needs a name")) }
    guard words.takeName("in") else { throw TemplateLexer.fault("'for' needs 'in'", line) }
    let values = try words.expression(tuples: false, conditional: false)
    let condition = words.takeName("if") ? try words.expression(tuples: false) : nil
    if words.takeName("recursive") {
      throw TemplateLexer.fault("dsx does not know recursive loops", line)
    }
    try words.end()
    let (statements, end) = try body("for", line, ["else", "endfor"])
    let otherwise = end.keyword == "else" ? try body("else", line, ["endfor"]).0 : []
    return .loop(
      TemplateStatement.Loop(
        names: names, values: values, condition: condition, body: statements,
        otherwise: otherwise))
  }

  private mutating func assignment(_ words: inout TemplateWords, _ line: Int) throws(DSXError)
    -> TemplateStatement.Action
  {
    var targets: [TemplateStatement.Target] = []
    repeat {
      let name = try words.name("'set' needs a name")
      if words.take(".") {
        targets.append(.member(name, try words.name("'set' needs a name")))
      } else {
        targets.append(.name(name))
      }
    } while words.take(",")
    if words.take("=") {
      let value = try words.expression(tuples: true)
      try words.end()
      return .set(targets, value)
    }
    try words.end()
    guard targets.count == 1 else { throw TemplateLexer.fault("'set' needs '='", line) }
    return .setBlock(targets[0], try body("set", line, ["endset"]).0)
  }

  private mutating func macro(_ words: inout TemplateWords, _ line: Int) throws(DSXError)
    -> TemplateStatement.Action
  {
    let name = try words.name("'macro' needs a name")
    var parameters: [(name: String, standard: TemplateExpression?)] = []
    guard words.take("(") else { throw TemplateLexer.fault("'macro' needs parameters", line) }
    while !words.take(")") {
      let parameter = try words.name("a parameter needs a name")
      let standard = words.take("=") ? try words.expression(tuples: false) : nil
      parameters.append((parameter, standard))
      guard words.take(",") || words.peek(")") else {
        throw TemplateLexer.fault("the parameters of '\(name)' do not end", line)
      }
    }
    try words.end()
    let statements = try body("macro", line, ["endmacro"]).0
    return .macro(TemplateStatement.Macro(name: name, parameters: parameters, body: statements))
  }
}
