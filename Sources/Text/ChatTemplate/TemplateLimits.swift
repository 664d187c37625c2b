internal import DSXCore

/// What one rendering has used so far, macros included: a template comes with a model that anybody made, and
/// must neither stall the program nor fill its memory.
///
/// | | costs |
/// | --- | --- |
/// | a statement, an expression | 16 |
/// | a turn of a loop | 64 |
/// | a value that was made | 1 for each value in it, 1 for every second byte of its strings |
/// | a list or a string that is worked on | 1 for every eighth element or byte |
///
/// So a conversation of 1,000 messages with 100 expressions each takes a fortieth of what there is, and all
/// there is takes a few seconds.
final class TemplateLimits {
  /// All that a rendering may spend.
  static let work = 1 << 26
  /// The most bytes of strings in one value, each counted as often as it would be printed.
  static let bytes = 1 << 24
  /// The most values in one value.
  static let values = 1 << 18
  /// How deep lists and mappings may lie in each other: printing and freeing them takes as deep a stack.
  static let depth = 200
  /// How often macros may be defined: each holds what was there before it.
  static let macros = 2000

  /// How many macros run inside of each other.
  var calls = 0
  private var spent = 0
  private var defined = 0

  /// Spends work. Throws `unsupported` when there is none left.
  func spend(_ amount: Int) throws(DSXError) {
    let (sum, overflows) = spent.addingReportingOverflow(amount)
    guard !overflows, sum <= Self.work else {
      throw DSXError(.unsupported, "the chat template does not come to an end")
    }
    spent = sum
  }

  /// Spends what working on a value costs that its parts are looked at.
  func spend(on value: TemplateValue) throws(DSXError) {
    switch value {
    case .string(let text): try spend(text.utf8.count >> 3)
    case .list(let values): try spend(values.count >> 3)
    case .dictionary(let members): try spend(members.count >> 3)
    default: break
    }
  }

  /// Counts the definition of a macro.
  func define() throws(DSXError) {
    defined += 1
    guard defined <= Self.macros else {
      throw DSXError(.unsupported, "the chat template defines more than \(Self.macros) macros")
    }
  }

  /// Spends what a value costs that was made, and gives it back.
  ///
  /// Throws `unsupported` for one that is too large, or nested too deeply. A value that holds another twice
  /// counts it twice: it is printed twice.
  func made(_ value: TemplateValue) throws(DSXError) -> TemplateValue {
    let size = try Size(value)
    try spend(size.values + size.bytes >> 1)
    return value
  }

  /// How large a value is.
  struct Size {
    private(set) var values = 0
    private(set) var bytes = 0
    private(set) var depth = 0

    /// Measures a value. Throws `unsupported` for one that is too large, or nested too deeply.
    init(_ value: TemplateValue) throws(DSXError) { try add(value, 0) }

    private mutating func add(_ value: TemplateValue, _ depth: Int) throws(DSXError) {
      values += 1
      self.depth = max(self.depth, depth)
      switch value {
      case .string(let text): bytes += text.utf8.count
      case .list(let values): for value in values { try add(value, depth + 1) }
      case .dictionary(let members): try add(members, depth)
      case .namespace(let space): try add(space.members, depth)
      default: break
      }
      guard depth <= TemplateLimits.depth else {
        throw DSXError(.unsupported, "the chat template nests its values too deeply")
      }
      try check()
    }

    private mutating func add(_ members: [TemplateValue.Member], _ depth: Int) throws(DSXError) {
      for member in members {
        bytes += member.name.utf8.count
        try add(member.value, depth + 1)
      }
    }

    private func check() throws(DSXError) {
      guard values <= TemplateLimits.values, bytes <= TemplateLimits.bytes else {
        throw DSXError(.unsupported, "a value of the chat template is too long")
      }
    }
  }
}
