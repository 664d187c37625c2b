internal import DSXCore
internal import Yams

extension JSONValue {
  /// The JSON value of a YAML node. Quoted scalars are texts; plain ones are typed by YAML 1.2's core
  /// schema: `null ~`, `true false`, decimal, `0x` and `0o` integers, finite numbers; all else is text.
  init(yaml node: Node, fault: (String) -> DSXError) throws(DSXError) {
    switch node {
    case .scalar(let scalar):
      self =
        scalar.style == .plain || scalar.style == .any
        ? .init(plain: scalar.string) : .string(scalar.string)
    case .sequence(let sequence):
      var values: [JSONValue] = []
      for element in sequence { values.append(try JSONValue(yaml: element, fault: fault)) }
      self = .array(values)
    case .mapping(let mapping):
      var members: [JSONValue.Member] = []
      var names: Set<String> = []
      for (key, value) in mapping {
        guard let name = key.scalar?.string else { throw fault("a key is no plain word") }
        guard names.insert(name).inserted else {
          throw fault("the key '\(name)' comes twice")
        }
        members.append(.init(name, try JSONValue(yaml: value, fault: fault)))
      }
      self = .object(members)
    case .alias:
      throw fault("aliases are not read here")
    }
  }

  /// A plain scalar by the core schema.
  private init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    default:
      if text.hasPrefix("0x"), let number = Int64(text.dropFirst(2), radix: 16) {
        self = .int(number)
      } else if text.hasPrefix("0o"), let number = Int64(text.dropFirst(2), radix: 8) {
        self = .int(number)
      } else if let number = Int64(text) {
        self = .int(number)
      } else if let first = text.utf8.first,
        first == 0x2e || first == 0x2b || first == 0x2d || (0x30...0x39).contains(first),
        let number = Double(text), number.isFinite
      {
        self = .double(number)
      } else {
        self = .string(text)
      }
    }
  }
}
