internal import DSXCore

/// The wording of errors on the terminal.
enum ErrorText {
  /// What is wrong, where, the system's words, and what to do: one line each.
  static func text(for error: DSXError) -> String {
    // Ended without doing anything, because there was nothing left to do.
    if error.code.exitCode == .ok { return "dsx: finished already: " + error.message }
    var lines = ["dsx: error: " + error.message]
    if let file = error.location.file {
      lines.append("  in " + file + error.placeSuffix)
    } else if !error.placeSuffix.isEmpty {
      lines.append("  at " + error.placeSuffix.dropFirst(2))
    }
    if let underlying = error.underlying { lines.append("  because: " + underlying) }
    if let hint = error.hint { lines.append("  hint: " + hint) }
    return lines.joined(separator: "\n")
  }
}
