internal import DSXCore

/// A value in a chat template, with the rules of the Python objects that templates expect.
indirect enum TemplateValue {
  /// A name or member that does not exist: prints nothing, is false, has no members.
  case undefined(String)
  case none
  case bool(Bool)
  case int(Int)
  case double(Double)
  case string(String)
  case list([TemplateValue])
  case dictionary([Member])
  /// `namespace()`: the only thing that an inner scope can change for an outer one.
  case namespace(Namespace)
  case function(Function)

  /// One entry of a dictionary, which keeps its order.
  struct Member {
    var name: String
    var value: TemplateValue
  }

  /// What `namespace()` makes.
  final class Namespace {
    var members: [Member]
    init(_ members: [Member]) { self.members = members }
  }

  /// Something that can be called: a global function, a macro, a method.
  struct Function {
    var name: String
    var call: (TemplateArguments) throws(DSXError) -> TemplateValue
  }

  /// Python's `bool(value)`.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .int(let value): value != 0
    case .double(let value): value != 0
    case .string(let text): !text.isEmpty
    case .list(let values): !values.isEmpty
    case .dictionary(let members): !members.isEmpty
    case .namespace, .function: true
    }
  }

  /// The value of a member of a dictionary or namespace; nil when there is none.
  func member(_ name: String) -> TemplateValue? {
    switch self {
    case .dictionary(let members): members.last { $0.name == name }?.value
    case .namespace(let space): space.members.last { $0.name == name }?.value
    default: nil
    }
  }

  /// The number, where this is one (true is 1, as in Python).
  var number: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The whole number, where this is one.
  var integer: Int? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): value
    default: nil
    }
  }

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .undefined(let name): "undefined ('\(name)')"
    case .none: "none"
    case .bool: "a boolean"
    case .int: "an integer"
    case .double: "a float"
    case .string: "a string"
    case .list: "a list"
    case .dictionary: "a mapping"
    case .namespace: "a namespace"
    case .function(let function): "the function '\(function.name)'"
    }
  }

  /// Python's `==`.
  static func equal(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
    if let left = left.number, let right = right.number { return left == right }
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.string(let left), .string(let right)):
      // Swift compares canonically equivalent strings as equal, Python does not.
      return left.utf8.elementsEqual(right.utf8)
    case (.list(let left), .list(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
    case (.dictionary(let left), .dictionary(let right)):
      return left.count == right.count
        && left.allSatisfy { member in
          right.contains { $0.name == member.name && equal($0.value, member.value) }
        }
    case (.namespace(let left), .namespace(let right)): return left === right
    default: return false
    }
  }
}

/// The arguments of a call in a template.
struct TemplateArguments {
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  /// The argument at `index`, or that of the name.
  func value(_ index: Int, _ name: String = "") -> TemplateValue? {
    index < positional.count ? positional[index] : named.first { $0.name == name }?.value
  }
}
