/// What is done with a row that breaks the format's rules or its columns' types.
public enum BadRowPolicy: String, CaseIterable, Sendable {
  /// The first one is an error with file, line and column.
  case refuse
  /// It is left out and counted; the first reasons are kept.
  case skip
}
