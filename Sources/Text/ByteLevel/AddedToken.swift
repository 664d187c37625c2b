/// A token that is cut out of the text before it is split into pieces.
public struct AddedToken: Sendable, Hashable {
  /// Its id.
  public let id: Int32
  /// Its spelling in a text, not in the byte alphabet.
  public let content: String
  /// Whether white space before it belongs to it.
  public let stripsLeft: Bool
  /// Whether white space after it belongs to it.
  public let stripsRight: Bool
  /// Whether it is matched after the other added tokens (the file's `normalized`).
  public let isNormalized: Bool
  /// Whether it is special: `makePlainTextEncoder()` reads its spelling as ordinary text.
  public let isSpecial: Bool

  /// A token with its rules.
  public init(
    id: Int32, content: String, stripsLeft: Bool = false, stripsRight: Bool = false,
    isNormalized: Bool = false, isSpecial: Bool = true
  ) {
    self.id = id
    self.content = content
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isNormalized = isNormalized
    self.isSpecial = isSpecial
  }
}

/// Finds added tokens in a text: the leftmost match, the longest of those.
struct AddedTokenMatcher: Sendable {
  /// One token, ready to compare.
  struct Entry: Sendable {
    let token: AddedToken
    let bytes: [UInt8]
  }

  private let entries: [Entry]
  /// For each first byte the tokens that start with it, the longest first.
  private let byFirst: [[Entry]]

  init(_ tokens: [AddedToken]) {
    entries = tokens.map { Entry(token: $0, bytes: Array($0.content.utf8)) }
    var table = [[Entry]](repeating: [], count: 256)
    for entry in entries.sorted(by: { $0.bytes.count > $1.bytes.count }) {
      if let first = entry.bytes.first { table[Int(first)].append(entry) }
    }
    byFirst = table
  }

  var isEmpty: Bool { entries.isEmpty }

  /// The first match at or after `start`, before `end`; nil when there is none.
  func next(_ text: UnsafeRawBufferPointer, from start: Int, to end: Int)
    -> (token: AddedToken, range: Range<Int>)?
  {
    for index in start..<max(start, end) {
      for entry in byFirst[Int(text[index])] where index + entry.bytes.count <= end {
        var offset = 0
        while offset < entry.bytes.count, entry.bytes[offset] == text[index + offset] {
          offset += 1
        }
        if offset == entry.bytes.count { return (entry.token, index..<index + offset) }
      }
    }
    return nil
  }
}
