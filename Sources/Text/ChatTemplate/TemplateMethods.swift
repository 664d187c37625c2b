internal import DSXCore

/// The methods of Python's strings, lists and dictionaries that templates call.
enum TemplateMethods {
  /// The method of that name; nil when the object has none.
  static func method(_ name: String, of object: TemplateValue) -> TemplateValue.Function? {
    let call: ((TemplateArguments) throws(DSXError) -> TemplateValue)?
    switch object {
    case .string(let text): call = string(name, text)
    case .dictionary(let members): call = dictionary(name, members)
    case .namespace(let space): call = dictionary(name, space.members)
    case .list(let values): call = list(name, values)
    default: call = nil
    }
    return call.map { TemplateValue.Function(name: name, call: $0) }
  }

  private typealias Call = (TemplateArguments) throws(DSXError) -> TemplateValue

  private static func text(_ arguments: TemplateArguments, _ index: Int, _ name: String)
    throws(DSXError) -> String
  {
    guard case .string(let text)? = arguments.value(index, name) else {
      throw DSXError(.malformed, "an argument must be a string")
    }
    return text
  }

  private static func optional(_ arguments: TemplateArguments, _ index: Int, _ name: String)
    throws(DSXError) -> String?
  {
    switch arguments.value(index, name) {
    case nil, .some(.none): return nil
    default: return try text(arguments, index, name)
    }
  }

  private static func string(_ name: String, _ value: String) -> Call? {
    switch name {
    case "strip", "lstrip", "rstrip":
      return { (arguments) throws(DSXError) in
        let set = try optional(arguments, 0, "chars")
        return .string(
          TemplateText.stripped(value, set, left: name != "rstrip", right: name != "lstrip"))
      }
    case "split":
      return { (arguments) throws(DSXError) in
        let limit = arguments.value(1, "maxsplit")?.integer
        guard let separator = try optional(arguments, 0, "sep") else {
          return .list(TemplateText.words(value).map { .string($0) })
        }
        guard !separator.isEmpty else { throw DSXError(.malformed, "split() by an empty string") }
        return .list(TemplateText.split(value, separator, limit).map { .string($0) })
      }
    case "splitlines":
      return { (_) in
        var lines = TemplateText.split(
          TemplateText.replaced(
            TemplateText.replaced(value, "\r\n", "\n", nil), "\r", "\n", nil), "\n", nil)
        if lines.last == "" { lines.removeLast() }
        return .list(lines.map { .string($0) })
      }
    case "startswith", "endswith":
      return { (arguments) throws(DSXError) in
        var parts: [String] = []
        if case .list(let values)? = arguments.positional.first {
          for case .string(let text) in values { parts.append(text) }
        } else {
          parts = [try text(arguments, 0, "prefix")]
        }
        return .bool(
          parts.contains { part in
            name == "startswith"
              ? value.utf8.starts(with: part.utf8)
              : value.utf8.reversed().starts(with: part.utf8.reversed())
          })
      }
    case "replace":
      return { (arguments) throws(DSXError) in
        .string(
          try TemplateText.replaced(
            checking: value, try text(arguments, 0, "old"), try text(arguments, 1, "new"),
            arguments.value(2, "count")?.integer))
      }
    case "find":
      return { (arguments) throws(DSXError) in
        guard let byte = TemplateText.find(try text(arguments, 0, "sub"), in: value) else {
          return .int(-1)
        }
        return .int(
          String(decoding: Array(value.utf8)[..<byte], as: UTF8.self).unicodeScalars.count)
      }
    case "count":
      return { (arguments) throws(DSXError) in
        .int(TemplateText.split(value, try text(arguments, 0, "sub"), nil).count - 1)
      }
    case "join":
      return { (arguments) throws(DSXError) in
        let parts = try TemplateFunctions.elements(arguments.value(0) ?? .none)
        return .string(try TemplateText.joined(parts.map(\.text), value))
      }
    case "upper": return { (_) in .string(value.uppercased()) }
    case "lower": return { (_) in .string(value.lowercased()) }
    case "title": return { (_) in .string(TemplateText.titled(value)) }
    case "capitalize": return { (_) in .string(TemplateText.capitalized(value)) }
    case "isdigit":
      return { (_) in
        .bool(
          !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0.properties.numericType == .decimal })
      }
    default: return nil
    }
  }

  private static func dictionary(_ name: String, _ members: [TemplateValue.Member]) -> Call? {
    switch name {
    case "items": return { (_) in .list(members.map { .list([.string($0.name), $0.value]) }) }
    case "keys": return { (_) in .list(members.map { .string($0.name) }) }
    case "values": return { (_) in .list(members.map(\.value)) }
    case "get":
      return { (arguments) throws(DSXError) in
        let key = try text(arguments, 0, "key")
        return members.last { $0.name == key }?.value ?? arguments.value(1, "default") ?? .none
      }
    default: return nil
    }
  }

  private static func list(_ name: String, _ values: [TemplateValue]) -> Call? {
    switch name {
    case "index":
      return { (arguments) throws(DSXError) in
        let wanted = arguments.value(0) ?? .none
        guard let at = values.firstIndex(where: { TemplateValue.equal($0, wanted) }) else {
          throw DSXError(.malformed, "index() of a value that is not in the list")
        }
        return .int(at)
      }
    case "count":
      return { (arguments) in
        let wanted = arguments.value(0) ?? .none
        return .int(values.filter { TemplateValue.equal($0, wanted) }.count)
      }
    default: return nil
    }
  }
}
