internal import ArgumentParser
internal import DSXCore
internal import Text

/// The options of `dsx tokenize` that are for vocabularies.
struct VocabularyOptions: ParsableArguments {
  @Flag(
    name: [.customLong("pieces"), .customLong("tokens")],
    help: "Print the vocabulary's pieces instead of ids.")
  var pieces = false

  @Flag(
    name: .customLong("special-tokens"),
    help: "Put the special tokens around each line that the vocabulary puts around texts.")
  var specialTokens = false

  @Flag(
    help:
      "Print an object a line: ids, tokens, offsets in code points, type ids, masks, word numbers."
  )
  var offsets = false

  @Flag(
    name: .customLong("skip-special-tokens"), help: "With --decode: leave special tokens out.")
  var skipSpecialTokens = false

  @Flag(
    name: .customLong("show"),
    help: "Print what the vocabulary is: kind, size, special tokens, parts; reads no text.")
  var shows = false

  func validate() throws {
    if pieces, offsets { throw ValidationError("--offsets prints the pieces anyway") }
  }

  /// A usage error when one of these options was given.
  func refuseAny() throws {
    if pieces { throw ValidationError("--pieces needs a vocabulary; jieba has words") }
    if specialTokens {
      throw ValidationError("--special-tokens needs a vocabulary; jieba has words")
    }
    if offsets { throw ValidationError("--offsets needs a vocabulary; jieba has words") }
    if skipSpecialTokens { throw ValidationError("--skip-special-tokens needs a vocabulary") }
    if shows { throw ValidationError("--show needs a vocabulary; jieba has words") }
  }

  /// The vocabulary in `file`, ready for lines.
  func lines(_ file: TokenizerFile, decodes: Bool, _ options: LineOptions) throws(DSXError)
    -> VocabularyLines
  {
    if skipSpecialTokens, !decodes {
      throw DSXError(.usage, "--skip-special-tokens is for --decode")
    }
    if decodes, pieces || offsets || specialTokens {
      throw DSXError(.usage, "--decode goes without --pieces, --offsets and --special-tokens")
    }
    if offsets, options.format == .text {
      throw DSXError(.usage, "--offsets needs --format json")
    }
    var task = VocabularyLines.Task.ids
    if decodes {
      task = .decode(skipsSpecial: skipSpecialTokens)
    } else if offsets {
      task = .everything
    } else if pieces {
      task = .pieces
    }
    return VocabularyLines(try file.load(), task, addsSpecial: specialTokens, options)
  }
}
