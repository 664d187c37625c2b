/// The writing systems that are told apart, and what else a character can be.
public enum Script: String, CaseIterable, Hashable, Sendable {
  case han, latin, kana, hangul, cyrillic, arabic
  /// Letters and marks of any other script.
  case other
  /// Decimal digits and other numbers.
  case digits
  /// Punctuation and symbols.
  case punctuation
  /// Blanks, line ends and control characters.
  case blank
}
