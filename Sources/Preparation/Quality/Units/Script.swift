/// The writing systems that are told apart, and what else a character can be.
public enum Script: String, CaseIterable, Hashable, Sendable {
  /// Chinese characters.
  case han
  /// Latin letters.
  case latin
  /// Hiragana and Katakana.
  case kana
  /// Korean letters and syllables.
  case hangul
  /// Cyrillic letters.
  case cyrillic
  /// Arabic letters.
  case arabic
  /// Letters and marks of any other script.
  case other
  /// Numbers.
  case digits
  /// Punctuation, symbols, and code points without a meaning.
  case punctuation
  /// Blanks, line ends, control and format characters.
  case blank

  /// The scripts whose letters `--keep-scripts` can name.
  public static let writing: [Script] = [.han, .latin, .kana, .hangul, .cyrillic, .arabic, .other]

  /// Its place in `allCases`, as `CharacterClass` holds it.
  var index: Int {
    switch self {
    case .han: 0
    case .latin: 1
    case .kana: 2
    case .hangul: 3
    case .cyrillic: 4
    case .arabic: 5
    case .other: 6
    case .digits: 7
    case .punctuation: 8
    case .blank: 9
    }
  }
}
