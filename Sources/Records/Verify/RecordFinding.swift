/// Something that a verification found.
public struct RecordFinding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    /// Rows are damaged, lost, or MindSpore cannot read the set.
    case error
    /// Readable, but not as it should be.
    case warning
  }

  /// How bad it is.
  public var severity: Severity
  /// The path of the data or index file.
  public var file: String
  /// What is wrong.
  public var message: String
  /// The row, numbered over the whole set, where one is concerned.
  public var row: Int?
  /// The byte offset in the file, where one is known.
  public var byte: Int?
}
