internal import DSXCore

/// One `#SBATCH` line of a script.
enum SlurmDirective {
  /// The line for one argument of sbatch, e.g. `--comment=two words`.
  ///
  /// sbatch reads it neither as a shell does nor the same in all its versions: blanks need double quotes,
  /// inside of which a backslash goes before `"`, `\` and (for old versions) `#`.
  static func line(_ argument: String) -> String {
    let plain = argument.utf8.allSatisfy { byte in
      byte > 0x20 && byte != 0x7f && !Self.special.contains(byte)
    }
    guard !plain || argument.isEmpty else { return "#SBATCH " + argument }
    var quoted = "\""
    for scalar in argument.unicodeScalars {
      if scalar == "\"" || scalar == "\\" || scalar == "#" { quoted += "\\" }
      quoted.unicodeScalars.append(scalar)
    }
    return "#SBATCH " + quoted + "\""
  }

  private static let special = Set("\"'\\#".utf8)
}
