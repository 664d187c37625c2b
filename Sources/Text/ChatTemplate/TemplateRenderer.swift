internal import DSXCore

/// Runs the statements of a template.
struct TemplateRenderer {
  /// What was printed so far.
  private(set) var output: [UInt8] = []
  /// The bytes of `output` that were printed inside of `{% generation %}`.
  private(set) var generated: [Range<Int>] = []
  private var scopes: [Scope]
  private var line = 1
  let limits: TemplateLimits

  /// More output is refused: a template must not fill the memory.
  private static let maximumBytes = 64 << 20

  init(globals: [String: TemplateValue]) {
    scopes = [Scope(TemplateFunctions.globals), Scope(globals)]
    limits = TemplateLimits()
  }

  /// A macro's: prints for itself, inside of `scopes`.
  private init(scopes: [Scope], line: Int, limits: TemplateLimits) {
    self.scopes = scopes
    self.line = line
    self.limits = limits
  }

  /// The names of one scope; shared, so that a macro sees what is set later.
  private final class Scope {
    var values: [String: TemplateValue]
    init(_ values: [String: TemplateValue] = [:]) { self.values = values }
  }

  /// How a block ended.
  private enum Flow { case on, leave, next }

  /// Runs a whole template.
  mutating func run(_ statements: [TemplateStatement]) throws(DSXError) {
    // A macro holds the scope that holds the macro.
    defer { for scope in scopes { scope.values = [:] } }
    try runBody(statements)
  }

  private mutating func runBody(_ statements: [TemplateStatement]) throws(DSXError) {
    do {
      _ = try block(statements)
    } catch {
      var error = error
      if error.location.line == nil { error.location.line = line }
      throw error
    }
  }

  private mutating func block(_ statements: [TemplateStatement]) throws(DSXError) -> Flow {
    for statement in statements {
      try limits.spend(16)
      guard output.count <= Self.maximumBytes else {
        throw DSXError(.unsupported, "the chat template does not come to an end")
      }
      if statement.line > 0 { line = statement.line }
      let flow = try run(statement.action)
      if flow != .on { return flow }
    }
    return .on
  }

  private mutating func run(_ action: TemplateStatement.Action) throws(DSXError) -> Flow {
    switch action {
    case .text(let text): output.append(contentsOf: text.utf8)
    case .output(let expression): output.append(contentsOf: try value(expression).text.utf8)
    case .set(let targets, let expression): try assign(targets, try value(expression))
    case .setBlock(let target, let body):
      try assign([target], .string(try captured(body)))
    case .branch(let branches, let otherwise):
      for (condition, body) in branches where try value(condition).isTrue {
        return try block(body)
      }
      return try block(otherwise)
    case .loop(let loop): try run(loop)
    case .macro(let macro):
      try limits.define()
      set(macro.name, .function(function(macro)))
    case .generation(let body):
      let start = output.count
      let flow = try block(body)
      if output.count > start { generated.append(start..<output.count) }
      return flow
    case .leave: return .leave
    case .next: return .next
    }
    return .on
  }

  /// What a block prints, instead of printing it.
  private mutating func captured(_ body: [TemplateStatement]) throws(DSXError) -> String {
    let (before, marks) = (output, generated)
    output = []
    defer {
      output = before
      generated = marks
    }
    _ = try block(body)
    return String(decoding: output, as: UTF8.self)
  }

  private mutating func set(_ name: String, _ value: TemplateValue) {
    scopes[scopes.count - 1].values[name] = value
  }

  private mutating func assign(_ targets: [TemplateStatement.Target], _ value: TemplateValue)
    throws(DSXError)
  {
    guard targets.count > 1 else {
      for target in targets { try assign(target, value) }
      return
    }
    guard case .list(let values) = value, values.count == targets.count else {
      throw fault("\(targets.count) names cannot be set to \(value.kind)")
    }
    for (target, value) in zip(targets, values) { try assign(target, value) }
  }

  private mutating func assign(_ target: TemplateStatement.Target, _ value: TemplateValue)
    throws(DSXError)
  {
    switch target {
    case .name(let name): set(name, value)
    case .member(let name, let member):
      guard case .namespace(let space) = lookUp(name) else {
        throw fault("'\(name)' is no namespace, so that '\(name).\(member)' cannot be set")
      }
      if let index = space.members.firstIndex(where: { $0.name == member }) {
        space.members[index].value = value
      } else {
        space.members.append(TemplateValue.Member(name: member, value: value))
      }
    }
  }

  /// The value of a name, innermost scope first.
  func lookUp(_ name: String) -> TemplateValue {
    for scope in scopes.reversed() { if let value = scope.values[name] { return value } }
    return .undefined(name)
  }

  private mutating func run(_ loop: TemplateStatement.Loop) throws(DSXError) {
    var values = try TemplateFunctions.elements(try value(loop.values))
    scopes.append(Scope())
    defer { scopes.removeLast() }
    if let condition = loop.condition {
      var kept: [TemplateValue] = []
      for element in values {
        try limits.spend(16)
        try bind(loop.names, element)
        if try value(condition).isTrue { kept.append(element) }
      }
      values = kept
    }
    if values.isEmpty { _ = try block(loop.otherwise) }
    for (index, element) in values.enumerated() {
      try limits.spend(64)
      // What a turn sets is gone at the next.
      scopes[scopes.count - 1] = Scope()
      try bind(loop.names, element)
      set("loop", TemplateFunctions.loop(values, index))
      if try block(loop.body) == .leave { break }
    }
  }

  private mutating func bind(_ names: [String], _ element: TemplateValue) throws(DSXError) {
    guard names.count > 1 else {
      set(names[0], element)
      return
    }
    guard case .list(let parts) = element, parts.count == names.count else {
      throw fault("\(names.count) names cannot be set to \(element.kind)")
    }
    for (name, part) in zip(names, parts) { set(name, part) }
  }

  /// A macro sees the scopes around it and its parameters; it prints into its result.
  private func function(_ macro: TemplateStatement.Macro) -> TemplateValue.Function {
    let (outer, line, limits) = (scopes, line, limits)
    return TemplateValue.Function(name: macro.name) { (arguments) throws(DSXError) in
      guard limits.calls < 12 else {
        throw DSXError(.malformed, "the macro '\(macro.name)' calls itself too often")
      }
      limits.calls += 1
      defer { limits.calls -= 1 }
      var renderer = TemplateRenderer(scopes: outer + [Scope()], line: line, limits: limits)
      for (index, parameter) in macro.parameters.enumerated() {
        if let value = arguments.value(index, parameter.name) {
          renderer.set(parameter.name, value)
        } else if let standard = parameter.standard {
          renderer.set(parameter.name, try renderer.value(standard))
        } else {
          renderer.set(parameter.name, .undefined(parameter.name))
        }
      }
      try renderer.runBody(macro.body)
      return .string(String(decoding: renderer.output, as: UTF8.self))
    }
  }

  /// An error at the line of the statement that runs.
  func fault(_ message: String) -> DSXError {
    DSXError(.malformed, "the chat template cannot be used here: " + message, line: line)
  }
}
