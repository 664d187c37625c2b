internal import ArgumentParser
internal import DSXCore
internal import Jieba

/// The options of `dsx tokenize` that are for `--tokenizer jieba`.
struct JiebaOptions: ParsableArguments {
  @Flag(name: .customLong("no-hmm"), help: "Only words of the dictionary, no model.")
  var noHMM = false

  /// A usage error when one of these options was given.
  func refuseAny() throws {
    if noHMM { throw ValidationError("--no-hmm is for --tokenizer jieba") }
  }

  /// jieba's dictionary, ready for lines.
  func lines(_ options: LineOptions) throws(DSXError) -> JiebaLines {
    JiebaLines(try JiebaDictionary.load(), hmm: !noHMM, options)
  }
}
