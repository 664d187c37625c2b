internal import DSXCore

/// A value inside a JSON file with the path that leads to it, for errors that name it:
/// `pre_tokenizer.pretokenizers[1].behavior`.
struct JSONPart {
  let value: JSONValue
  let path: String

  init(_ value: JSONValue, path: String) {
    self.value = value
    self.path = path
  }

  /// Something in the file that breaks its rules.
  func malformed(_ what: String) -> DSXError {
    DSXError(.malformed, path.isEmpty ? what : "\(path): \(what)")
  }

  /// Something that dsx does not do.
  func unsupported(_ what: String) -> DSXError {
    DSXError(
      .unsupported,
      "this tokenizer has a part that dsx does not support: \(path.isEmpty ? "" : path + ": ")\(what)",
      hint: "docs/tokenize.md lists what is supported")
  }

  /// A short form of the value, for messages.
  var shown: String {
    let text = value.text()
    return text.utf8.count <= 60
      ? text : String(decoding: text.utf8.prefix(57), as: UTF8.self) + "..."
  }

  /// The member of that name; nil when it is missing or null.
  subscript(_ name: String) -> JSONPart? {
    guard let member = value[name], !member.isNull else { return nil }
    return JSONPart(member, path: path.isEmpty ? name : "\(path).\(name)")
  }

  /// The elements of an array.
  func elements() throws(DSXError) -> [JSONPart] {
    guard let array = value.array else { throw malformed("a list is needed, not \(shown)") }
    return array.enumerated().map { JSONPart($1, path: "\(path)[\($0)]") }
  }

  /// The `type` of a part.
  func type() throws(DSXError) -> String {
    guard value.object != nil else { throw malformed("an object is needed, not \(shown)") }
    guard let type = self["type"] else { throw malformed("the 'type' is missing") }
    return try type.string()
  }

  func string() throws(DSXError) -> String {
    guard let text = value.string else { throw malformed("a string is needed, not \(shown)") }
    return text
  }

  func int() throws(DSXError) -> Int {
    guard let number = value.int else { throw malformed("a whole number is needed, not \(shown)") }
    return number
  }

  /// A whole number from 0 on.
  func count() throws(DSXError) -> Int {
    let number = try int()
    guard number >= 0, number <= 1 << 31 else { throw malformed("\(number) is out of range") }
    return number
  }

  /// A member that must be there.
  func required(_ name: String) throws(DSXError) -> JSONPart {
    guard let part = self[name] else { throw malformed("'\(name)' is missing") }
    return part
  }

  /// A member that is true or false; `fallback` when it is missing.
  func flag(_ name: String, _ fallback: Bool) throws(DSXError) -> Bool {
    guard let part = self[name] else { return fallback }
    guard let flag = part.value.bool else {
      throw part.malformed("true or false is needed, not \(part.shown)")
    }
    return flag
  }

  /// A member that is true or false and must be there.
  func flag(_ name: String) throws(DSXError) -> Bool {
    guard self[name] != nil else { throw malformed("'\(name)' is missing") }
    return try flag(name, false)
  }

  /// A member that is one code point.
  func scalar(_ name: String) throws(DSXError) -> UInt32 {
    let part = try required(name)
    let scalars = try part.string().unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first else {
      throw part.malformed("one character is needed, not \(part.shown)")
    }
    return scalar.value
  }

  /// Refuses members that are not known: they might change the result.
  func allow(_ names: Set<String>) throws(DSXError) {
    for member in value.object ?? [] where !names.contains(member.name) {
      throw unsupported("'\(member.name)'")
    }
  }
}
