/// The words of the command line as they are parsed.
enum CommandWords {
  /// The words behind the program's name. `--limit -3` is joined to `--limit=-3`: else `-3` would be
  /// taken for an option, and the message be about a missing value.
  static func words(_ all: [String] = Array(CommandLine.arguments.dropFirst())) -> [String] {
    var words: [String] = []
    var isLiteral = false
    for word in all {
      if !isLiteral, isNegative(word), let last = words.last, isOption(last) {
        words[words.count - 1] = last + "=" + word
      } else {
        words.append(word)
      }
      isLiteral = isLiteral || word == "--"
    }
    return joined(words)
  }

  /// `datasets convert plan` is the command `datasets convert-plan`: a command that takes a name of its
  /// own, as `convert` does, can have no commands below it. Help on `score` is that on `score run`, which
  /// has the options.
  private static func joined(_ words: [String]) -> [String] {
    if words == ["help", "score"] || words == ["score", "--help"] || words == ["score", "-h"] {
      return ["help", "score", "run"]
    }
    let start = words.first == "help" ? 1 : 0
    guard words.count > start + 2, words[start] == "datasets", words[start + 1] == "convert",
      ["plan", "run", "merge"].contains(words[start + 2])
    else { return words }
    return words[...start] + ["convert-" + words[start + 2]] + words[(start + 3)...]
  }

  private static func isOption(_ word: String) -> Bool {
    word.utf8.count > 2 && word.hasPrefix("--") && !word.utf8.contains(UInt8(ascii: "="))
  }

  /// Whether a word is a negative number.
  private static func isNegative(_ word: String) -> Bool {
    guard word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 else { return false }
    return word.utf8.dropFirst().allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
  }
}
