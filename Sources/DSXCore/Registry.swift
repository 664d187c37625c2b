/// A table of named things, as a value: key = (group, name), like ModelScope's registries.
///
/// Unknown names throw an error that lists the known ones and the nearest.
public struct Registry<Element>: Sendable where Element: Sendable {
  /// What the elements are called in messages, e.g. `metric`.
  public let kind: String
  private var table: [String: [String: Element]] = [:]

  /// An empty registry of `kind`.
  public init(kind: String) { self.kind = kind }

  /// Adds an element. Adding a name twice to one group is an error.
  public mutating func register(_ name: String, group: String = "default", _ element: Element)
    throws(DSXError)
  {
    guard table[group]?[name] == nil else {
      throw DSXError(.internal, "the \(kind) '\(name)' is registered twice in '\(group)'")
    }
    table[group, default: [:]][name] = element
  }

  /// All names of a group, sorted.
  public func names(group: String = "default") -> [String] { (table[group] ?? [:]).keys.sorted() }

  /// The element of that name.
  public func find(_ name: String, group: String = "default") throws(DSXError) -> Element {
    if let element = table[group]?[name] { return element }
    throw DSXError.unknown(kind, name, known: names(group: group))
  }
}

extension DSXError {
  /// `unknownName`, with the known names and the nearest of them.
  public static func unknown(_ kind: String, _ name: String, known: [String]) -> DSXError {
    var hint = known.isEmpty ? "none is known here" : "known: " + known.joined(separator: ", ")
    if let near = NearestName.find(name, in: known) { hint = "did you mean '\(near)'? " + hint }
    return DSXError(.unknownName, "unknown \(kind) '\(name)'", hint: hint)
  }
}
