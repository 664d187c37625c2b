internal import DSXCore

/// Python's string operations, by code points and exact bytes: never by grapheme clusters.
enum TemplateText {
  /// Where `part` begins in `text`, in bytes; nil when it is not there.
  static func find(_ part: String, in text: String) -> Int? {
    find(Array(part.utf8), in: Array(text.utf8), from: 0)
  }

  private static func find(_ part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard !part.isEmpty else { return start }
    guard start + part.count <= text.count else { return nil }
    return (start...(text.count - part.count)).first { at in
      text[at] == part[0] && text[at..<at + part.count].elementsEqual(part)
    }
  }

  /// `text.replace(old, new, count)`; an empty `old` stands between all characters.
  static func replaced(_ text: String, _ old: String, _ new: String, _ limit: Int?) -> String {
    guard !old.isEmpty else {
      var result = ""
      var left = limit ?? Int.max
      for scalar in text.unicodeScalars {
        if left > 0 { result += new }
        left -= 1
        result.unicodeScalars.append(scalar)
      }
      return left > 0 ? result + new : result
    }
    return split(text, old, limit).joined(separator: new)
  }

  /// `text.replace(old, new, count)` for strings that a template states. Throws `unsupported` when the result
  /// is too long, before it is made.
  static func replaced(
    checking text: String, _ old: String, _ new: String, _ limit: Int?
  ) throws(DSXError) -> String {
    // As in Python, a count below zero is none.
    let limit = limit.flatMap { $0 < 0 ? nil : $0 }
    let places = old.isEmpty ? text.utf8.count + 1 : text.utf8.count / old.utf8.count
    if new.utf8.count > old.utf8.count {
      // Most replacements are far below even when every place counts.
      var found = min(places, limit ?? places)
      if found > TemplateLimits.bytes / new.utf8.count, !old.isEmpty {
        found = split(text, old, limit).count - 1
      }
      try check(text.utf8.count, found, new.utf8.count)
    }
    return replaced(text, old, new, limit)
  }

  /// `separator.join(parts)`. Throws `unsupported` when the result is too long, before it is made.
  static func joined(_ parts: [String], _ separator: String) throws(DSXError) -> String {
    try check(
      parts.reduce(0) { $0 + $1.utf8.count }, max(0, parts.count - 1), separator.utf8.count)
    return parts.joined(separator: separator)
  }

  /// Refuses a string of `bytes` bytes and `count` times `size` more.
  private static func check(_ bytes: Int, _ count: Int, _ size: Int) throws(DSXError) {
    let (more, overflows) = count.multipliedReportingOverflow(by: size)
    guard !overflows, more <= TemplateLimits.bytes, bytes <= TemplateLimits.bytes else {
      throw DSXError(.unsupported, "a string of the chat template is too long")
    }
  }

  /// `text.split(separator, limit)`.
  static func split(_ text: String, _ separator: String, _ limit: Int?) -> [String] {
    let (bytes, separator) = (Array(text.utf8), Array(separator.utf8))
    var parts: [String] = []
    var start = 0
    while limit.map({ $0 < 0 || parts.count < $0 }) ?? true,
      let at = find(separator, in: bytes, from: start)
    {
      parts.append(String(decoding: bytes[start..<at], as: UTF8.self))
      start = at + separator.count
    }
    parts.append(String(decoding: bytes[start...], as: UTF8.self))
    return parts
  }

  /// `text.split()`: at runs of white space, none at the ends.
  static func words(_ text: String) -> [String] {
    text.unicodeScalars.split(whereSeparator: isSpace).map {
      String(String.UnicodeScalarView($0))
    }
  }

  /// `text.strip(characters)` on the sides that are asked for.
  static func stripped(_ text: String, _ characters: String?, left: Bool, right: Bool) -> String {
    let set = characters.map { Array($0.unicodeScalars) }
    func goes(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? isSpace(scalar) }
    var scalars = text.unicodeScalars[...]
    while left, let first = scalars.first, goes(first) { scalars.removeFirst() }
    while right, let last = scalars.last, goes(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// Python's white space: Unicode's and U+001C to U+001F.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
  }

  /// `text.title()`: a capital at the start of each run of letters.
  static func titled(_ text: String) -> String {
    var result = ""
    var isInside = false
    for scalar in text.unicodeScalars {
      let one = String(String.UnicodeScalarView([scalar]))
      result += isInside ? one.lowercased() : one.uppercased()
      isInside = scalar.properties.isAlphabetic
    }
    return result
  }

  /// `text.capitalize()`.
  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return text }
    let rest = String(String.UnicodeScalarView(text.unicodeScalars.dropFirst()))
    return String(String.UnicodeScalarView([first])).uppercased() + rest.lowercased()
  }
}
