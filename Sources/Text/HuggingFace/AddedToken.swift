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
  /// Whether it is matched after the other added tokens (the file's `normalized`), in normalized text.
  public let isNormalized: Bool
  /// Whether it is special: `makePlainTextEncoder()` reads its spelling as ordinary text.
  public let isSpecial: Bool
  /// Whether it is only found where no word character touches it.
  public let isSingleWord: Bool
  /// Whether the id stands fast; else the vocabulary gives one, as the library does.
  let keepsID: Bool

  /// A token with its rules.
  public init(
    id: Int32, content: String, stripsLeft: Bool = false, stripsRight: Bool = false,
    isNormalized: Bool = false, isSpecial: Bool = true, isSingleWord: Bool = false
  ) {
    self.init(
      id: id, content: content, stripsLeft: stripsLeft, stripsRight: stripsRight,
      isNormalized: isNormalized, isSpecial: isSpecial, isSingleWord: isSingleWord, keepsID: false)
  }

  init(
    id: Int32, content: String, stripsLeft: Bool = false, stripsRight: Bool = false,
    isNormalized: Bool = false, isSpecial: Bool = true, isSingleWord: Bool = false, keepsID: Bool
  ) {
    self.id = id
    self.content = content
    self.stripsLeft = stripsLeft
    self.stripsRight = stripsRight
    self.isNormalized = isNormalized
    self.isSpecial = isSpecial
    self.isSingleWord = isSingleWord
    self.keepsID = keepsID
  }

  /// The same token with another id.
  func with(id: Int32) -> AddedToken {
    AddedToken(
      id: id, content: content, stripsLeft: stripsLeft, stripsRight: stripsRight,
      isNormalized: isNormalized, isSpecial: isSpecial, isSingleWord: isSingleWord)
  }
}
