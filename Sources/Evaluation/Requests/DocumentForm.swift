/// What one document of a perplexity is.
public enum DocumentForm: String, CaseIterable, Sendable {
  /// A row.
  case row
  /// All rows, joined by line feeds.
  case split
  /// An article of WikiText: it begins at a line ` = Title = `.
  case wikitext
}
