internal import DSXCore

extension DSXError {
  /// The error for a column that a table does not have; `wasAsked`: the caller named it.
  static func missingColumn(
    _ name: String, known: [String], file: String, line: Int?, wasAsked: Bool = false
  ) -> DSXError {
    var hint = "columns: " + known.joined(separator: ", ")
    if let near = NearestName.find(name, in: known) { hint = "did you mean '\(near)'? " + hint }
    return DSXError(
      wasAsked ? .usage : .malformed, "the column '\(name)' is missing", file: file, line: line,
      hint: hint)
  }
}
