internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// The options of `dsx prepare` that say how inputs become documents, and documents text.
struct DocumentArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the inputs are, e.g. text, jsonl, csv, jsonl.gz. Default: their names tell.",
      valueName: "format"))
  var inputFormat: String?
  @Option(help: "What ends a document. Default: by the input, double-line-feed for text.")
  var documents: DocumentRule?
  @Option(help: "The member of a JSON object that is the text; a.b is a member of a member.")
  var textField = "text"
  @Option(help: "The column of a CSV file that is the text.")
  var textColumn = "text"
  @Option(
    help: ArgumentHelp(
      "What separates the fields of a CSV file. Default: a comma, in .tsv a tab.",
      valueName: "character"))
  var delimiter: String?
  @Option(
    name: .customLong("on-bad-utf8"), help: "Text that is not UTF-8: stop, put U+FFFD, or skip.")
  var onBadUTF8 = BadUTF8Policy.error
  @Option(help: "A JSON or CSV row without its text: stop, or skip.")
  var onBadRow = BadRowPolicy.error
  @Option(
    help: ArgumentHelp(
      "Clean the text of each document, by rules with commas between them: wikitext, "
        + "wikitext-gpt2, nfc, nfkc, control, whitespace.", valueName: "rules"))
  var clean: String?
  @Flag(help: "Take archives that unpack to more than 200 times their size.")
  var trustArchive = false

  /// The options' meaning. Throws `usage` and `unknownName`.
  func options() throws(DSXError) -> DocumentOptions {
    var options = DocumentOptions()
    if let inputFormat {
      guard let choice = InputFormatChoice(inputFormat) else {
        throw DSXError(
          .unknownName, "there is no input format '\(inputFormat)'",
          hint: "text, jsonl, json, csv or tsv, e.g. jsonl, jsonl.gz, csv.zip")
      }
      options.inputFormat = choice
    }
    options.rule = documents
    options.textField = textField
    options.textColumn = textColumn
    if let delimiter {
      let bytes = Array(delimiter.utf8)
      guard bytes.count == 1 else {
        throw DSXError(.usage, "--delimiter must be one ASCII character, no quote and no line end")
      }
      options.delimiter = bytes[0]
    }
    options.badRow = onBadRow
    if let clean { options.cleaning = try CleaningChain(names: clean) }
    options.limits.isTrusted = trustArchive
    return options
  }
}
