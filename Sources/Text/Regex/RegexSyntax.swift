/// The tree of a regular expression.
indirect enum RegexNode: Sendable {
  /// Matches nothing, anywhere.
  case empty
  /// One code point of a set.
  case set(ScalarSet)
  case sequence([RegexNode])
  /// The first that matches.
  case alternation([RegexNode])
  case repeated(RegexNode, minimum: Int, maximum: Int, RegexRepeat)
  /// What follows (or, `behind`, the one code point before) must match, or must not.
  case look(RegexNode, behind: Bool, negative: Bool)
  /// Matched once for all.
  case atomic(RegexNode)
  case anchor(RegexAnchor)

  /// Whether it can match without reading anything.
  var canBeEmpty: Bool {
    switch self {
    case .empty, .look, .anchor: true
    case .set: false
    case .sequence(let parts): parts.allSatisfy(\.canBeEmpty)
    case .alternation(let parts): parts.contains { $0.canBeEmpty }
    case .repeated(let part, let minimum, _, _): minimum == 0 || part.canBeEmpty
    case .atomic(let part): part.canBeEmpty
    }
  }

  /// Which bytes it can begin with: bits of ASCII, and whether others may.
  var first: RegexFirst {
    switch self {
    case .empty, .look, .anchor: .any
    case .set(let set): RegexFirst(low: set.low.0, high: set.low.1, others: true)
    case .sequence(let parts): RegexNode.first(of: parts)
    case .alternation(let parts): parts.dropFirst().reduce(parts[0].first) { $0.union($1.first) }
    case .repeated(let part, let minimum, _, _):
      minimum == 0 || part.canBeEmpty ? .any : part.first
    case .atomic(let part): part.first
    }
  }
}

extension RegexNode {
  /// What a sequence can begin with: its parts up to the first that is never empty.
  private static func first(of parts: [RegexNode]) -> RegexFirst {
    var first = RegexFirst(low: 0, high: 0, others: false)
    for part in parts {
      first = first.union(part.first)
      if !part.canBeEmpty { return first }
    }
    return .any
  }
}

/// How a repetition goes on.
enum RegexRepeat: Sendable {
  /// As far as it can, then back.
  case greedy
  /// As short as it can, then on.
  case lazy
  /// As far as it can, never back.
  case possessive
}

/// Places that a regular expression can ask for.
enum RegexAnchor: Sendable {
  /// `^`
  case lineStart
  /// `$`
  case lineEnd
  /// `\A`
  case textStart
  /// `\z`
  case textEnd
  /// `\Z`
  case textEndBeforeLineFeed
  /// `\b`
  case wordBoundary
  /// `\B`
  case noWordBoundary
}

/// The bytes that something can begin with.
struct RegexFirst: Sendable {
  var low: UInt64
  var high: UInt64
  /// Whether bytes from 0x80 on, or the end of the text, will do.
  var others: Bool

  static let any = RegexFirst(low: .max, high: .max, others: true)

  func union(_ other: RegexFirst) -> RegexFirst {
    RegexFirst(low: low | other.low, high: high | other.high, others: others || other.others)
  }

  /// Whether the text can go on with this byte; nil is the end.
  @inline(__always)
  func allows(_ byte: UInt8) -> Bool {
    if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
    if byte < 128 { return high >> UInt64(byte - 64) & 1 == 1 }
    return others
  }
}
