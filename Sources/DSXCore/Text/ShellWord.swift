/// One word of a shell command line.
public enum ShellWord {
  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-".utf8)

  /// The word as a shell reads it back: as it is where that is safe, else in single quotes.
  ///
  /// A word with control characters is written in bash's `$'...'`, so that it stays on one line.
  public static func quoted(_ word: String) -> String {
    if !word.isEmpty, word.utf8.allSatisfy({ plain.contains($0) }) { return word }
    let escapes = word.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    var quoted = escapes ? "$'" : "'"
    for scalar in word.unicodeScalars {
      switch scalar.value {
      case 0x27: quoted += escapes ? "\\'" : "'\\''"
      case 0x5c where escapes: quoted += "\\\\"
      case 0..<0x20, 0x7f:
        let octal = String(scalar.value, radix: 8)
        quoted += "\\" + String(repeating: "0", count: 3 - octal.utf8.count) + octal
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "'"
  }

  /// A command line: every word quoted, with blanks between.
  public static func line(_ words: [String]) -> String {
    words.map { quoted($0) }.joined(separator: " ")
  }
}
