public import DSXCore
internal import Yams

/// A YAML mapping read strictly: every key must be known, and be there when it is needed.
public struct StrictYAML {
  let pairs: [(key: String, value: Node)]
  let path: String
  let place: String
  let line: Int?
  let shift: Int

  /// The mapping at the top of a file.
  public init(file path: String) throws(DSXError) {
    let file = try MappedFile(path: path)
    if let bad = file.withBytes({ UTF8Validation.firstInvalid($0) }) {
      throw DSXError(.malformed, "the text is not valid UTF-8", file: path, byte: bad)
    }
    try self.init(text: file.withBytes { String(decoding: $0, as: UTF8.self) }, path: path)
  }

  /// The mapping at the top of a text; `path` and `firstLine` (of the text in that file) are for errors.
  public init(text: String, path: String, firstLine: Int = 1) throws(DSXError) {
    guard AliasExpansion.isSmall(text.utf8) else {
      throw DSXError(
        .malformed, "the aliases of the file stand for more than 1 MiB, or have two anchors",
        file: path, hint: "write out what they stand for")
    }
    let node: Node?
    do { node = try Yams.compose(yaml: text) } catch {
      throw DSXError(.malformed, "the file is not YAML", file: path, underlying: "\(error)")
    }
    guard let node else { throw DSXError(.malformed, "the file is empty", file: path) }
    try self.init(node, path: path, place: "the file", shift: firstLine - 1)
  }

  init(_ node: Node, path: String, place: String, shift: Int) throws(DSXError) {
    self.shift = shift
    self.path = path
    self.place = place
    line = node.mark.map { $0.line + shift }
    guard case .mapping(let mapping) = node else {
      throw DSXError(.malformed, "\(place) is no mapping of keys", file: path, line: line)
    }
    var pairs: [(key: String, value: Node)] = []
    var names: Set<String> = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        throw DSXError(
          .malformed, "a key in \(place) is no plain word", file: path,
          line: key.mark.map { $0.line + shift })
      }
      guard names.insert(name).inserted else {
        throw DSXError(
          .malformed, "the key '\(name)' comes twice", file: path,
          line: key.mark.map { $0.line + shift })
      }
      pairs.append((name, value))
    }
    self.pairs = pairs
  }

  /// The keys, in order.
  public var keys: [String] { pairs.map(\.key) }

  /// Throws for a key outside `known`, with the nearest name.
  public func allow(_ known: [String]) throws(DSXError) {
    for (key, value) in pairs where !known.contains(key) {
      var error = DSXError.unknown("key", key, known: known)
      error.location = .init(file: path, line: value.mark.map { $0.line + shift })
      throw error
    }
  }

  /// An error about one key.
  public func fault(_ key: String, _ message: String, hint: String? = nil) -> DSXError {
    DSXError(
      .malformed, message, file: path,
      line: pairs.first { $0.key == key }?.value.mark.map { $0.line + shift } ?? line, hint: hint)
  }

  /// The text of a key; nil when it is not there. Numbers count as text.
  public func text(_ key: String) throws(DSXError) -> String? {
    guard let node = pairs.first(where: { $0.key == key })?.value else { return nil }
    guard let text = node.scalar?.string else { throw fault(key, "'\(key)' is not a text") }
    return text
  }

  /// The text of a key that must be there.
  public func required(_ key: String) throws(DSXError) -> String {
    guard let text = try text(key), !text.isEmpty else {
      throw fault(key, "\(place) lacks the key '\(key)'")
    }
    return text
  }

  /// A whole number that must be there.
  public func integer(_ key: String) throws(DSXError) -> Int {
    guard let value = Int(try required(key)) else {
      throw fault(key, "'\(key)' is not a whole number")
    }
    return value
  }

  /// One of the cases of an enumeration; nil when the key is not there.
  public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type)
    throws(DSXError) -> Choice? where Choice.RawValue == String
  {
    guard let text = try text(key) else { return nil }
    guard let value = Choice(rawValue: text) else {
      var error = DSXError.unknown(key, text, known: Choice.allCases.map(\.rawValue))
      error.location = fault(key, "").location
      throw error
    }
    return value
  }

  /// A list of texts that must be there and not be empty.
  public func list(_ key: String) throws(DSXError) -> [String] {
    guard let node = pairs.first(where: { $0.key == key })?.value else {
      throw fault(key, "\(place) lacks the key '\(key)'")
    }
    guard case .sequence(let sequence) = node, !sequence.isEmpty else {
      throw fault(key, "'\(key)' is not a list")
    }
    var texts: [String] = []
    for element in sequence {
      guard let text = element.scalar?.string else {
        throw fault(key, "'\(key)' is not a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// A mapping inside; nil when the key is not there.
  public func mapping(_ key: String) throws(DSXError) -> StrictYAML? {
    guard let node = pairs.first(where: { $0.key == key })?.value else { return nil }
    return try StrictYAML(node, path: path, place: "'\(key)'", shift: shift)
  }

  /// A list of mappings; nil when the key is not there. One mapping alone counts as a list of one.
  public func mappings(_ key: String) throws(DSXError) -> [StrictYAML]? {
    guard let node = pairs.first(where: { $0.key == key })?.value else { return nil }
    let nodes = node.sequence.map(Array.init) ?? [node]
    var result: [StrictYAML] = []
    for (index, node) in nodes.enumerated() {
      result.append(
        try StrictYAML(node, path: path, place: "'\(key)' number \(index + 1)", shift: shift))
    }
    return result
  }

  /// The value of a key as a JSON value, plain words typed by YAML 1.2's core schema; nil when it is not
  /// there.
  public func value(_ key: String) throws(DSXError) -> JSONValue? {
    guard let node = pairs.first(where: { $0.key == key })?.value else { return nil }
    return try JSONValue(yaml: node) { self.fault(key, $0) }
  }

  /// All pairs as texts, in order.
  public func texts() throws(DSXError) -> [(name: String, text: String)] {
    var result: [(name: String, text: String)] = []
    for key in keys { result.append((key, try required(key))) }
    return result
  }
}
