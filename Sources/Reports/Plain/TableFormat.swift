/// The plain forms of a table, for `--format text|markdown|csv`.
public enum TableFormat: String, Sendable, CaseIterable {
  /// Aligned columns for a terminal; East Asian wide characters count as two.
  case text
  /// A GitHub table.
  case markdown
  /// RFC 4180: comma, quotes doubled, lines end in CR LF.
  case csv

  /// The table in this form, ending in a line end.
  public func render(_ table: Table) -> String { "" }
}
