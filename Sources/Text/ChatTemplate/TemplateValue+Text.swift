internal import DSXCore

/// How values print: Python's `str`, its `repr` inside of containers, and `json.dumps`.
extension TemplateValue {
  /// A value from JSON.
  init(_ json: JSONValue) {
    switch json {
    case .string(let text): self = .string(text)
    case .array(let values): self = .list(values.map { TemplateValue($0) })
    case .object(let members):
      self = .dictionary(members.map { Member(name: $0.name, value: TemplateValue($0.value)) })
    case .bool(let value): self = .bool(value)
    case .null: self = .none
    default:
      if let value = json.int { self = .int(value) } else { self = .double(json.double ?? 0) }
    }
  }

  /// What `{{ value }}` prints.
  var text: String {
    switch self {
    case .undefined: ""
    case .string(let text): text
    default: representation
    }
  }

  /// Python's `repr`.
  private var representation: String {
    switch self {
    case .undefined: "Undefined"
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .int(let value): String(value)
    case .double(let value): Self.text(value)
    case .string(let text): Self.quoted(text)
    case .list(let values): "[" + values.map(\.representation).joined(separator: ", ") + "]"
    case .dictionary(let members):
      "{"
        + members.map { Self.quoted($0.name) + ": " + $0.value.representation }
        .joined(separator: ", ") + "}"
    case .namespace: "<Namespace>"
    case .function(let function): "<function \(function.name)>"
    }
  }

  private static func text(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e16 { return String(Int(value)) + ".0" }
    return "\(value)"
  }

  private static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar =
      text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
    var result = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case quote:
        result.append("\\")
        result.append(quote)
      default: result.append(scalar)
      }
    }
    result.append(quote)
    return String(result)
  }

  /// `json.dumps(value, ensure_ascii=False, indent=indent)`: what transformers' `tojson` prints.
  func json(indent: Int?, depth: Int = 0) throws(DSXError) -> String {
    switch self {
    case .none: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .int, .double: return representation
    case .string(let text):
      var bytes: [UInt8] = []
      JSONValue.writeString(text, into: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    case .list(let values):
      var parts: [String] = []
      for value in values { parts.append(try value.json(indent: indent, depth: depth + 1)) }
      return Self.enclosed("[", parts, "]", indent, depth)
    case .dictionary(let members):
      var parts: [String] = []
      for member in members {
        let name = try TemplateValue.string(member.name).json(indent: nil)
        parts.append(name + ": " + (try member.value.json(indent: indent, depth: depth + 1)))
      }
      return Self.enclosed("{", parts, "}", indent, depth)
    case .undefined, .namespace, .function:
      throw DSXError(.malformed, "tojson cannot write \(kind)")
    }
  }

  private static func enclosed(
    _ open: String, _ parts: [String], _ close: String, _ indent: Int?, _ depth: Int
  ) -> String {
    guard let indent, !parts.isEmpty else { return open + parts.joined(separator: ", ") + close }
    let inner = "\n" + String(repeating: " ", count: indent * (depth + 1))
    let outer = "\n" + String(repeating: " ", count: indent * depth)
    return open + inner + parts.joined(separator: "," + inner) + outer + close
  }
}
