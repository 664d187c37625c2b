internal import ArgumentParser
internal import DSXCore
internal import Text

/// The options of `dsx tokenize` that are for vocabularies.
struct VocabularyOptions: ParsableArguments {
  @Flag(help: "Print the vocabulary's pieces instead of ids.")
  var pieces = false

  /// A usage error when one of these options was given.
  func refuseAny() throws {
    if pieces { throw ValidationError("--pieces needs a vocabulary; jieba has words") }
  }

  /// The vocabulary in `file`, ready for lines.
  func lines(_ file: TokenizerFile, _ options: LineOptions) throws(DSXError) -> VocabularyLines {
    VocabularyLines(try file.load(), pieces: pieces, options)
  }
}
