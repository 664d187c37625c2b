public import ArgumentParser
internal import DSXCore
public import Jieba

/// The options of `dsx tokenize` that are for `--tokenizer jieba`.
struct JiebaOptions: ParsableArguments {
  @Option(help: "accurate: the best words; full: all words; search: the short ones inside too.")
  var mode: JiebaMode?

  @Flag(name: .customLong("no-hmm"), help: "Only words of the dictionary, no model.")
  var noHMM = false

  @Option(
    name: .customLong("dict"),
    help: ArgumentHelp(
      "A dictionary in place of jieba's: lines 'word frequency [tag]'.", valueName: "file"))
  var dictionary: String?

  @Option(
    name: .customLong("user-dict"),
    help: ArgumentHelp(
      "More words: lines 'word [frequency] [tag]'. May be given again.", valueName: "file"))
  var userDictionaries: [String] = []

  func validate() throws {
    if noHMM, mode == .full {
      throw ValidationError("--mode full has no model: leave out --no-hmm")
    }
  }

  /// A usage error when one of these options was given.
  func refuseAny() throws {
    let given = [
      mode != nil ? "--mode" : nil, noHMM ? "--no-hmm" : nil,
      dictionary != nil ? "--dict" : nil, userDictionaries.isEmpty ? nil : "--user-dict",
    ]
    if let name = given.compactMap({ $0 }).first {
      throw ValidationError("\(name) is for --tokenizer jieba")
    }
  }

  /// jieba's dictionary, ready for lines.
  func lines(_ options: LineOptions) throws(DSXError) -> JiebaLines {
    let dictionary = try JiebaDictionary.load(
      dictionary: dictionary, userDictionaries: userDictionaries)
    return JiebaLines(dictionary, mode: mode ?? .accurate, hmm: !noHMM, options)
  }
}

extension JiebaMode: ExpressibleByArgument {}
