internal import DSXCore

/// The prefixes of entity tags.
enum TagPrefix: UInt8, CaseIterable, Sendable {
  case inside, outside, begin, end, single, unit, last

  init?(letter byte: UInt8) {
    switch byte {
    case UInt8(ascii: "I"): self = .inside
    case UInt8(ascii: "O"): self = .outside
    case UInt8(ascii: "B"): self = .begin
    case UInt8(ascii: "E"): self = .end
    case UInt8(ascii: "S"): self = .single
    case UInt8(ascii: "U"): self = .unit
    case UInt8(ascii: "L"): self = .last
    default: return nil
    }
  }
}

/// A tag taken apart.
struct ParsedTag: Sendable {
  var prefix: TagPrefix
  /// Place in `TagTable.types`; 0 is `_`, the type of tags without one.
  var type: Int32
}

/// Tags that were seen, numbered: each is taken apart once.
struct TagTable: Sendable {
  /// Entity types in order of appearance; the first is `_`.
  private(set) var types = ["_"]
  private var places = [ExactText("_"): Int32(0)]
  private var tags = [ExactText("O"): Int32(0)]
  private(set) var parsed = [ParsedTag(prefix: .outside, type: 0)]

  /// The number of a tag. A tag that is empty or does not begin (end) with one of the scheme's letters is
  /// an error.
  mutating func number(_ tag: String, _ rules: TagRules) throws(DSXError) -> Int32 {
    // The most frequent tag by far.
    if tag.utf8.count == 1, tag.utf8.first == UInt8(ascii: "O") { return 0 }
    let key = ExactText(tag)
    if let number = tags[key] { return number }
    let parts = try rules.parse(tag)
    let number = Int32(parsed.count)
    parsed.append(ParsedTag(prefix: parts.prefix, type: place(of: parts.type)))
    tags[key] = number
    return number
  }

  /// The place of a type, made where there is none.
  mutating func place(of type: String) -> Int32 {
    let key = ExactText(type)
    if let place = places[key] { return place }
    let place = Int32(types.count)
    types.append(type)
    places[key] = place
    return place
  }
}

/// How tags are taken apart and which are allowed.
struct TagRules: Sendable, Equatable {
  var style: EntityStyle
  var isSuffix: Bool

  func parse(_ tag: String) throws(DSXError) -> (prefix: TagPrefix, type: String) {
    let bytes = Array(tag.utf8)
    guard let letter = isSuffix ? bytes.last : bytes.first, let prefix = TagPrefix(letter: letter),
      style.allowed.contains(prefix)
    else { throw fault(tag) }
    let rest = isSuffix ? bytes.dropLast() : bytes.dropFirst()
    guard prefix != .outside || rest.isEmpty else {
      throw DSXError(
        .malformed, "the tag '\(tag)' is O with a type", hint: "a tag outside of entities is O")
    }
    let dash = UInt8(ascii: "-")
    let type: ArraySlice<UInt8>
    switch style {
    case .lenient:
      // What comes behind the first dash (before the last one); all of it when there is none.
      if isSuffix {
        type = rest.lastIndex(of: dash).map { rest[..<$0] } ?? rest
      } else {
        type = rest.firstIndex(of: dash).map { rest[($0 + 1)...] } ?? rest
      }
    case .strict:
      let start = rest.firstIndex { $0 != dash } ?? rest.endIndex
      let end = rest.lastIndex { $0 != dash }.map { $0 + 1 } ?? start
      type = rest[start..<max(start, end)]
    case .mindformers:
      guard prefix == .outside || rest.first == dash else { throw fault(tag) }
      type = rest.dropFirst().prefix { $0 != dash }
    }
    let name = type.isEmpty ? "_" : String(decoding: type, as: UTF8.self)
    if style == .lenient, name == "_", prefix == .unit || prefix == .last { throw fault(tag) }
    return (prefix, name)
  }

  private func fault(_ tag: String) -> DSXError {
    let letters = style.allowed.map { "\($0.letter)" }.sorted().joined(separator: ", ")
    return DSXError(
      .malformed, "'\(tag)' is no tag of \(style.title)",
      hint: "tags \(isSuffix ? "end" : "begin") with one of \(letters), as in "
        + (isSuffix ? "PER-B" : "B-PER"))
  }
}

extension TagPrefix {
  var letter: Character {
    switch self {
    case .inside: "I"
    case .outside: "O"
    case .begin: "B"
    case .end: "E"
    case .single: "S"
    case .unit: "U"
    case .last: "L"
    }
  }
}
