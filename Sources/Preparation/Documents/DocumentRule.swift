/// What ends a document.
///
/// Line ends are LF, CR LF and CR. A byte-order mark is text: it stays as U+FEFF at the start of the
/// first document of a plain text, with and without compat, as Python's `utf-8` leaves it.
public enum DocumentRule: String, CaseIterable, Sendable {
  /// One or more blank lines; a line of spaces and tabs only is blank.
  case blankLine = "blank-line"
  /// Two or more line feeds in a row (after CR LF and CR became LF).
  ///
  /// Under compat exactly two, taken greedily from the left, so that a third begins the next document
  /// and a fourth and fifth are a document of one line feed: PanGu-alpha's `split("\n\n")`. Else no
  /// document begins or ends with a line feed.
  case doubleLineFeed = "double-line-feed"
  /// Every line is a document.
  case line
  /// Every file is a document.
  case file
  /// Every object of a JSON-lines file, or of a JSON array, is a document: one of its strings.
  case jsonRow = "json-row"
  /// Every row of a CSV file is a document: one of its columns.
  case csvRow = "csv-row"

  /// Whether the rule can cut a content.
  func fits(_ content: InputFormat.Content) -> Bool {
    switch content {
    case .text: self != .jsonRow && self != .csvRow
    case .jsonLines, .json: self == .jsonRow
    case .csv, .tsv: self == .csvRow
    }
  }
}
