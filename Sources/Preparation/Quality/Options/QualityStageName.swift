/// The named groups of filter rules that `--quality` switches on.
public enum QualityStageName: String, CaseIterable, Hashable, Sendable {
  /// How long the document and its words are.
  case length
  /// Symbols, bullets, ellipses; how much of the text is letters.
  case symbols
  /// How lines end, how short they are, how many there are.
  case lines
  /// Repeated lines, paragraphs and n-grams.
  case repetition
  /// Which scripts the letters belong to.
  case script
}
