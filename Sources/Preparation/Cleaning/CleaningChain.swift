public import DSXCore
internal import Text

/// Cleaning rules in the order in which they are applied to each document.
///
/// Works on valid UTF-8 whose line ends are LF. The result depends on the document alone.
public struct CleaningChain: Hashable, Sendable {
  /// The rules, in order. A rule may come twice.
  public let rules: [CleaningRule]

  /// No rule: documents stay as they are.
  public init() { rules = [] }

  /// These rules.
  public init(_ rules: [CleaningRule]) { self.rules = rules }

  /// Rules from their names with commas between them, as `--clean` takes them. Throws `unknownName`.
  public init(names: String) throws(DSXError) {
    var rules: [CleaningRule] = []
    for part in names.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      let name = String(decoding: part, as: UTF8.self)
      guard let rule = CleaningRule(rawValue: name) else {
        throw DSXError(
          .unknownName, "there is no cleaning rule '\(name)'",
          hint: "--clean takes " + CleaningRule.allCases.map(\.rawValue).joined(separator: ", ")
            + ", with commas between them")
      }
      rules.append(rule)
    }
    self.rules = rules
  }

  /// Whether there is nothing to do.
  public var isEmpty: Bool { rules.isEmpty }

  /// Cleans one document. `changed` has a count for each rule: it goes up for a rule that changed it.
  public func apply(to text: inout [UInt8], changed: inout [Int]) {
    for (index, rule) in rules.enumerated() where Self.apply(rule, to: &text) {
      changed[index] += 1
    }
  }

  /// Applies one rule; whether it changed anything.
  private static func apply(_ rule: CleaningRule, to text: inout [UInt8]) -> Bool {
    switch rule {
    case .wikitext, .wikitextGPT2:
      let before = text
      WikitextCleaning.clean(&text, isGPT2: rule == .wikitextGPT2)
      return text != before
    case .nfc: return NormalForm.nfc.normalize(&text)
    case .nfkc: return NormalForm.nfkc.normalize(&text)
    case .control: return ControlCleaning.clean(&text)
    case .whitespace: return WhitespaceCleaning.clean(&text)
    }
  }
}
