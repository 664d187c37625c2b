/// One part of a path pattern (between two slashes), matched against one file name as shells do.
///
/// `*` is any run of characters, `?` one character, `[abc]`, `[a-z]` and `[!a]` (or `[^a]`) one of a
/// set, `\` takes the next character literally. A character is a Unicode scalar. A name that begins
/// with a dot is only matched by a pattern that begins with one.
struct GlobPattern {
  private enum Element {
    case literal(Unicode.Scalar)
    case any
    case run
    case set([ClosedRange<UInt32>], inverted: Bool)
  }
  private var elements: [Element] = []
  private var beginsWithDot = false
  /// Whether it is the part `**`: any number of folders.
  let isRecursive: Bool
  /// The only name that can match, when there is no special character.
  private(set) var literal: String?

  /// A pattern from its text. A `[` without its `]` stands for itself.
  init(_ text: String) {
    isRecursive = text == "**"
    let scalars = Array(text.unicodeScalars)
    var isSpecial = false
    var plain = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "*":
        isSpecial = true
        if case .run? = elements.last { continue }
        elements.append(.run)
      case "?":
        isSpecial = true
        elements.append(.any)
      case "[":
        if let set = Self.set(scalars, &index) {
          isSpecial = true
          elements.append(set)
        } else {
          elements.append(.literal(scalar))
          plain.append(scalar)
        }
      case "\\" where index < scalars.count:
        elements.append(.literal(scalars[index]))
        plain.append(scalars[index])
        index += 1
      default:
        elements.append(.literal(scalar))
        plain.append(scalar)
      }
    }
    if case .literal(".")? = elements.first { beginsWithDot = true }
    literal = isSpecial ? nil : String(plain)
  }

  /// Whether a path holds characters that a pattern treats as special.
  static func isPattern(_ path: String) -> Bool {
    path.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
      || path.utf8.contains(UInt8(ascii: "["))
  }

  /// Reads a set after its `[`; nil, with `index` unchanged, when it does not end.
  private static func set(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Element? {
    var position = index
    var inverted = false
    if position < scalars.count, scalars[position] == "!" || scalars[position] == "^" {
      inverted = true
      position += 1
    }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while position < scalars.count, isFirst || scalars[position] != "]" {
      isFirst = false
      let low = scalars[position].value
      position += 1
      // A dash between two members is a range; at either end it stands for itself.
      if position + 1 < scalars.count, scalars[position] == "-", scalars[position + 1] != "]" {
        let high = scalars[position + 1].value
        position += 2
        if low <= high { ranges.append(low...high) }
      } else {
        ranges.append(low...low)
      }
    }
    guard position < scalars.count else { return nil }
    index = position + 1
    return .set(ranges, inverted: inverted)
  }

  /// Whether the whole name matches. Linear in name times pattern at worst.
  func matches(_ name: String) -> Bool {
    let scalars = Array(name.unicodeScalars)
    if scalars.first == ".", !beginsWithDot { return false }
    var (at, element) = (0, 0)
    // Where the latest run began, and how much of the name it has taken: the only point to go back to.
    var (runElement, runAt) = (-1, 0)
    while at < scalars.count {
      if element < elements.count, case .run = elements[element] {
        (runElement, runAt) = (element, at)
        element += 1
      } else if element < elements.count, one(elements[element], scalars[at]) {
        element += 1
        at += 1
      } else if runElement >= 0 {
        runAt += 1
        at = runAt
        element = runElement + 1
      } else {
        return false
      }
    }
    return elements[element...].allSatisfy { if case .run = $0 { true } else { false } }
  }

  private func one(_ element: Element, _ scalar: Unicode.Scalar) -> Bool {
    switch element {
    case .literal(let wanted): scalar == wanted
    case .any: true
    case .run: false
    case .set(let ranges, let inverted):
      ranges.contains { $0.contains(scalar.value) } != inverted
    }
  }
}
