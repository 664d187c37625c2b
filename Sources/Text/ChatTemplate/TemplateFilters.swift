internal import DSXCore

/// The filters behind `|`.
enum TemplateFilters {
  /// `input | name(arguments)`. Throws `unsupported` for a filter that dsx does not know.
  static func apply(_ name: String, _ input: TemplateValue, _ arguments: TemplateArguments)
    throws(DSXError) -> TemplateValue
  {
    switch name {
    case "trim":
      let set = arguments.value(0, "chars").flatMap { $0.isTrue ? $0.text : nil }
      return .string(TemplateText.stripped(input.text, set, left: true, right: true))
    case "upper": return .string(input.text.uppercased())
    case "lower": return .string(input.text.lowercased())
    case "title": return .string(TemplateText.titled(input.text))
    case "capitalize": return .string(TemplateText.capitalized(input.text))
    case "string", "safe": return .string(input.text)
    case "replace":
      guard let old = arguments.value(0, "old"), let new = arguments.value(1, "new") else {
        throw DSXError(.malformed, "'replace' needs two strings")
      }
      return .string(
        try TemplateText.replaced(
          checking: input.text, old.text, new.text, arguments.value(2, "count")?.integer))
    case "tojson":
      // Below zero Python writes no blanks.
      let indent = (arguments.value(0, "indent")?.integer).map { max(0, $0) }
      let size = try TemplateLimits.Size(input)
      let (blanks, overflows) = (indent ?? 0).multipliedReportingOverflow(
        by: (size.depth + 1) * size.values)
      guard !overflows, blanks <= TemplateLimits.bytes else {
        throw DSXError(.unsupported, "tojson indents too far")
      }
      return .string(try input.json(indent: indent))
    case "default", "d":
      let standard = arguments.value(0, "default_value") ?? .string("")
      if case .undefined = input { return standard }
      return arguments.value(1, "boolean")?.isTrue == true && !input.isTrue ? standard : input
    case "int":
      if let value = input.number { return .int(Int(exactly: value.rounded(.towardZero)) ?? 0) }
      return .int(Int(TemplateText.stripped(input.text, nil, left: true, right: true)) ?? 0)
    case "float":
      let text = TemplateText.stripped(input.text, nil, left: true, right: true)
      return .double(input.number ?? Double(text) ?? 0)
    case "abs":
      if let value = input.integer, value != .min { return .int(abs(value)) }
      return .double(abs(input.number ?? 0))
    case "length", "count": return .int(try length(input))
    default: return try elements(name, input, arguments)
    }
  }

  private static func length(_ value: TemplateValue) throws(DSXError) -> Int {
    switch value {
    case .string(let text): text.unicodeScalars.count
    case .dictionary(let members): members.count
    default: try TemplateFunctions.elements(value).count
    }
  }

  /// The filters of lists.
  private static func elements(
    _ name: String, _ input: TemplateValue, _ arguments: TemplateArguments
  ) throws(DSXError) -> TemplateValue {
    switch name {
    case "items":
      guard case .dictionary(let members) = input else {
        if case .undefined = input { return .list([]) }
        throw DSXError(.malformed, "'items' needs a mapping, not \(input.kind)")
      }
      return .list(members.map { .list([.string($0.name), $0.value]) })
    case "dictsort":
      guard case .dictionary(let members) = input else {
        throw DSXError(.malformed, "'dictsort' needs a mapping, not \(input.kind)")
      }
      let sorted = members.sorted {
        let (left, right) = ($0.name.lowercased(), $1.name.lowercased())
        return left.utf8.lexicographicallyPrecedes(right.utf8)
      }
      return .list(sorted.map { .list([.string($0.name), $0.value]) })
    case "list": return .list(try TemplateFunctions.elements(input))
    case "first": return try TemplateFunctions.elements(input).first ?? .undefined("first")
    case "last": return try TemplateFunctions.elements(input).last ?? .undefined("last")
    case "reverse":
      if case .string(let text) = input {
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return .list(try TemplateFunctions.elements(input).reversed())
    case "join":
      let separator = arguments.value(0, "d")?.text ?? ""
      var parts = try TemplateFunctions.elements(input)
      if let attribute = arguments.value(1, "attribute")?.text {
        parts = parts.map { member($0, attribute) }
      }
      return .string(try TemplateText.joined(parts.map(\.text), separator))
    case "unique":
      let values = try TemplateFunctions.elements(input)
      // Each is compared with all before it.
      guard values.count <= 1024 else {
        throw DSXError(.unsupported, "'unique' of more than 1,024 values")
      }
      var kept: [TemplateValue] = []
      for value in values where !kept.contains(where: { TemplateValue.equal($0, value) }) {
        kept.append(value)
      }
      return .list(kept)
    case "map":
      let values = try TemplateFunctions.elements(input)
      if let attribute = arguments.named.first(where: { $0.name == "attribute" })?.value.text {
        return .list(values.map { member($0, attribute) })
      }
      let filter = arguments.value(0)?.text ?? ""
      let rest = TemplateArguments(
        positional: Array(arguments.positional.dropFirst()), named: arguments.named)
      var mapped: [TemplateValue] = []
      for value in values { mapped.append(try apply(filter, value, rest)) }
      return .list(mapped)
    case "select", "reject", "selectattr", "rejectattr":
      return try selected(name, input, arguments)
    default:
      throw DSXError(.unsupported, "dsx does not know the filter '\(name)'")
    }
  }

  private static func selected(
    _ name: String, _ input: TemplateValue, _ arguments: TemplateArguments
  ) throws(DSXError) -> TemplateValue {
    var rest = arguments.positional[...]
    let attribute = name.hasSuffix("attr") ? rest.popFirst()?.text : nil
    let test = rest.popFirst()?.text
    let keeps = name.hasPrefix("select")
    var kept: [TemplateValue] = []
    for value in try TemplateFunctions.elements(input) {
      let tested = attribute.map { member(value, $0) } ?? value
      let holds =
        try test.map { (test) throws(DSXError) in
          try TemplateTests.holds(test, tested, TemplateArguments(positional: Array(rest)))
        } ?? tested.isTrue
      if holds == keeps { kept.append(value) }
    }
    return .list(kept)
  }

  /// `value.a.b` of a dotted name.
  private static func member(_ value: TemplateValue, _ path: String) -> TemplateValue {
    var value = value
    for name in TemplateText.split(path, ".", nil) {
      value = value.member(name) ?? .undefined(name)
    }
    return value
  }
}
