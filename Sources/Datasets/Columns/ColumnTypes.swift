public import DSXCore

/// How a loader decides the columns of a table and their types.
public enum ColumnTypes: Sendable {
  /// Every column, one decision each, taken over the whole file before the first row is handed out.
  case inferred
  /// Only these scalar columns, in this order; a value of another type is an error.
  case declared([Field])
}

extension DSXError {
  /// The error for a column that a table does not have.
  static func missingColumn(_ name: String, known: [String], file: String, line: Int?) -> DSXError {
    var hint = "columns: " + known.joined(separator: ", ")
    if let near = NearestName.find(name, in: known) { hint = "did you mean '\(near)'? " + hint }
    return DSXError(
      .malformed, "the column '\(name)' is missing", file: file, line: line, hint: hint)
  }
}
