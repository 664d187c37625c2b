internal import DSXCore

/// Typed reading of the members of `configuration.json`; errors name the field and the file.
struct ConfigurationFields {
  /// The file, for messages.
  let file: String

  /// An object, empty where there is none.
  func object(_ value: JSONValue, _ name: String, _ path: String) throws(DSXError) -> JSONValue {
    guard let part = value[name], !part.isNull else { return .object([]) }
    guard part.object != nil else { throw wrong(path, "an object", part) }
    return part
  }

  /// A text, or nil.
  func text(_ value: JSONValue, _ name: String, _ path: String) throws(DSXError) -> String? {
    guard let part = value[name], !part.isNull else { return nil }
    guard let text = part.string else { throw wrong(path, "a text", part) }
    return text
  }

  /// A whole number of at least `least`, or nil.
  func count(_ value: JSONValue, _ name: String, _ path: String, least: Int) throws(DSXError)
    -> Int?
  {
    guard let part = value[name], !part.isNull else { return nil }
    guard let count = part.int, count >= least else {
      throw wrong(path, "a whole number of at least \(least)", part)
    }
    return count
  }

  /// The error for a field of another kind.
  func wrong(_ path: String, _ wanted: String, _ value: JSONValue) -> DSXError {
    DSXError(.malformed, "'\(path)' must be \(wanted), not \(value.text())", file: file)
  }
}
