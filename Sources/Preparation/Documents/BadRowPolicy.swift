/// What to do with a row of a JSON or CSV input that has no text where it should.
public enum BadRowPolicy: String, CaseIterable, Sendable {
  /// End the run with file, line and byte.
  case error
  /// Leave the row out and count it.
  case skip
}
