/// The way back from what `PanGuEncoder` encodes: words joined by blanks to the text as it was.
public enum PanGuText {
  /// Drops the blanks between words, then U+2582 becomes a blank and U+2583 a line feed, as the
  /// original's tokenizer decodes. What the vocabulary's normaliser folded stays folded.
  public static func restored(_ decoded: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in decoded.unicodeScalars where scalar != " " {
      switch scalar {
      case "\u{2582}": scalars.append(" ")
      case "\u{2583}": scalars.append("\n")
      default: scalars.append(scalar)
      }
    }
    return String(scalars)
  }
}
