public import DSXCore

/// A stream over the rows of a table file.
public protocol TableCursor: Cursor {
  /// The rows left out so far.
  var badRows: BadRows { get }
  /// Bytes of the input that were used so far, for progress: at most `size` of a file.
  var consumed: Int { get }
}
