/// What ends a document.
///
/// Line ends are LF, CR LF and CR. A byte-order mark is text: it stays as U+FEFF at the start of the
/// first document, with and without compat, as Python's `utf-8` leaves it.
public enum DocumentRule: String, Sendable {
  /// Two line feeds (after CR LF and CR became LF), taken greedily from the left; empty pieces are no
  /// documents. A third line feed begins the next document. This is PanGu-alpha's `split("\n\n")`.
  case doubleLineFeed = "double-line-feed"
  /// One or more blank lines; a line of spaces and tabs only is blank.
  case blankLine = "blank-line"
  /// Every line is a document.
  case line
  /// Every file is a document.
  case file
}
