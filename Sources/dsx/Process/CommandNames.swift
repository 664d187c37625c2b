internal import ArgumentParser
internal import DSXCore

/// The names of commands, for those who mistype one.
enum CommandNames {
  /// Throws `unknownName` with the nearest name where the words name a command that there is not.
  ///
  /// The parser itself says only that such a word is unexpected, and shows the general help with `--help`.
  static func check(_ words: [String]) throws(DSXError) {
    var command: any ParsableCommand.Type = Dsx.self
    var path: [String] = []
    let words = words.first == "help" ? words.dropFirst() : words[...]
    for word in words {
      let below = command.configuration.subcommands
      guard !below.isEmpty, !word.hasPrefix("-") else { return }
      let named = below.first { names($0).contains(word) }
      guard let named else {
        if word == "help" { return }
        let known = below.filter { $0.configuration.shouldDisplay }.flatMap(names).sorted()
        // `dsx prepare a.txt` forgot an option: only a word that looks like a command was meant as one. That goes
        // for `dsx score`, too, whose default takes no words.
        if !path.isEmpty, NearestName.find(word, in: known) == nil { return }
        var error = DSXError.unknown("command", word, known: known)
        error.message = "unknown command '" + (path + [word]).joined(separator: " ") + "'"
        throw error
      }
      command = named
      path.append(word)
    }
  }

  private static func names(_ command: any ParsableCommand.Type) -> [String] {
    (command.configuration.commandName.map { [$0] } ?? []) + command.configuration.aliases
  }
}
