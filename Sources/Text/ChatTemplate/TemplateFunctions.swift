internal import DSXCore

/// The global functions of a template, and what loops know of themselves.
enum TemplateFunctions {
  /// `range`, `namespace`, `dict` and `raise_exception`. There is no `strftime_now`: what a template prints
  /// must not depend on the day; templates that ask whether it is there take their fixed date.
  static var globals: [String: TemplateValue] {
    [
      "range": function("range", range),
      "namespace": function("namespace") { (arguments) in .namespace(.init(members(arguments))) },
      "dict": function("dict") { (arguments) in .dictionary(members(arguments)) },
      "raise_exception": function("raise_exception") { (arguments) throws(DSXError) in
        throw DSXError(
          .malformed, "the chat template refuses it: " + (arguments.value(0, "message")?.text ?? "")
        )
      },
    ]
  }

  private static func function(
    _ name: String, _ call: @escaping (TemplateArguments) throws(DSXError) -> TemplateValue
  ) -> TemplateValue {
    .function(TemplateValue.Function(name: name, call: call))
  }

  private static func members(_ arguments: TemplateArguments) -> [TemplateValue.Member] {
    var members: [TemplateValue.Member] = []
    if case .dictionary(let first)? = arguments.positional.first { members = first }
    for (name, value) in arguments.named {
      members.removeAll { $0.name == name }
      members.append(TemplateValue.Member(name: name, value: value))
    }
    return members
  }

  private static func range(_ arguments: TemplateArguments) throws(DSXError) -> TemplateValue {
    let bounds = arguments.positional.compactMap(\.integer)
    guard bounds.count == arguments.positional.count, (1...3).contains(bounds.count) else {
      throw DSXError(.malformed, "range() takes one to three integers")
    }
    let (start, end) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
    let step = bounds.count == 3 ? bounds[2] : 1
    guard step != 0 else { throw DSXError(.malformed, "the step of range() is 0") }
    let (span, overflows) = end.subtractingReportingOverflow(start)
    // As magnitudes: -2^63 has no other sign.
    guard !overflows, span.magnitude / step.magnitude <= 100_000 else {
      throw DSXError(.malformed, "range() has more than 100,000 elements")
    }
    return .list(stride(from: start, to: end, by: step).map { .int($0) })
  }

  /// What `for` goes over: elements, characters, or the keys of a mapping.
  static func elements(_ value: TemplateValue) throws(DSXError) -> [TemplateValue] {
    switch value {
    case .list(let values): return values
    case .dictionary(let members): return members.map { .string($0.name) }
    case .string(let text):
      guard text.utf8.count <= 1 << 20 else {
        throw DSXError(.unsupported, "a string of more than 1 MiB is taken apart")
      }
      return text.unicodeScalars.map { .string(String(String.UnicodeScalarView([$0]))) }
    case .undefined: return []
    default: throw DSXError(.malformed, "\(value.kind) has no elements")
    }
  }

  /// The variable `loop` in turn `index`.
  static func loop(_ values: [TemplateValue], _ index: Int) -> TemplateValue {
    func member(_ name: String, _ value: TemplateValue) -> TemplateValue.Member {
      TemplateValue.Member(name: name, value: value)
    }
    let count = values.count
    return .dictionary([
      member("index", .int(index + 1)), member("index0", .int(index)),
      member("revindex", .int(count - index)), member("revindex0", .int(count - index - 1)),
      member("first", .bool(index == 0)), member("last", .bool(index == count - 1)),
      member("length", .int(count)),
      member("previtem", index > 0 ? values[index - 1] : .undefined("previtem")),
      member("nextitem", index + 1 < count ? values[index + 1] : .undefined("nextitem")),
      member(
        "cycle",
        function("cycle") { (arguments) throws(DSXError) in
          guard !arguments.positional.isEmpty else {
            throw DSXError(.malformed, "loop.cycle() needs values")
          }
          return arguments.positional[index % arguments.positional.count]
        }),
    ])
  }
}
