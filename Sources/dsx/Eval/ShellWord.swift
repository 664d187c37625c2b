/// One word of a shell command line.
enum ShellWord {
  /// The word as a POSIX shell reads it back: as it is where that is safe, else in single quotes.
  static func quoted(_ word: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-".utf8)
    if !word.isEmpty, word.utf8.allSatisfy({ plain.contains($0) }) { return word }
    var quoted = "'"
    for scalar in word.unicodeScalars {
      if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }
}
