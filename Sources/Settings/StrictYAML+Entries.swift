public import DSXCore
internal import Yams

extension StrictYAML {
  /// One element of a list that holds texts, mappings, or both.
  public enum Entry {
    /// A plain or quoted word.
    case text(String)
    /// A mapping.
    case mapping(StrictYAML)
  }

  /// A list of texts and mappings; one alone counts as a list of one, nil when the key is not there.
  public func entries(_ key: String) throws(DSXError) -> [Entry]? {
    guard let node = pairs.first(where: { $0.key == key })?.value else { return nil }
    let nodes = node.sequence.map(Array.init) ?? [node]
    var entries: [Entry] = []
    for (index, node) in nodes.enumerated() {
      if let text = node.scalar?.string {
        entries.append(.text(text))
      } else {
        entries.append(
          .mapping(
            try StrictYAML(node, path: path, place: "'\(key)' number \(index + 1)", shift: shift)))
      }
    }
    return entries
  }

  /// A list of texts, or one text; nil when the key is not there.
  public func words(_ key: String) throws(DSXError) -> [String]? {
    guard let entries = try entries(key) else { return nil }
    var words: [String] = []
    for entry in entries {
      guard case .text(let text) = entry else {
        throw fault(key, "'\(key)' is not a list of texts")
      }
      words.append(text)
    }
    return words
  }

  /// A finite number; nil when the key is not there.
  public func number(_ key: String) throws(DSXError) -> Double? {
    guard let text = try text(key) else { return nil }
    guard let value = Double(text), value.isFinite else {
      throw fault(key, "'\(key)' is not a number")
    }
    return value
  }

  /// A whole number inside a range; nil when the key is not there.
  public func whole(_ key: String, in range: ClosedRange<Int>) throws(DSXError) -> Int? {
    guard let text = try text(key) else { return nil }
    guard let value = Int(text) else { throw fault(key, "'\(key)' is not a whole number") }
    guard range.contains(value) else {
      let top = range.upperBound == Int.max ? "more" : String(range.upperBound)
      throw fault(key, "'\(key)' must be from \(range.lowerBound) to \(top)")
    }
    return value
  }

  /// `true` or `false`; nil when the key is not there.
  public func flag(_ key: String) throws(DSXError) -> Bool? {
    guard let text = try text(key) else { return nil }
    switch text {
    case "true", "True", "yes", "on": return true
    case "false", "False", "no", "off": return false
    default: throw fault(key, "'\(key)' is neither true nor false")
    }
  }

  /// The line that the mapping begins in; nil when it is not known.
  public var firstLine: Int? { line }
}
