/// What to do with a document that is not valid UTF-8.
public enum BadUTF8Policy: String, CaseIterable, Sendable {
  /// End the run with file, line and byte.
  case error
  /// Put U+FFFD in place of each maximal part of a broken sequence, as Python's `errors="replace"`.
  case replace
  /// Leave the document out and count it.
  case skip
}
