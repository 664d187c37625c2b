internal import ArgumentParser
internal import DSXCore
internal import Preparation

/// The options of `dsx prepare` that say what inputs hold and how they become documents.
struct InputArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read all inputs as if their names ended so: txt jsonl json csv tsv, gz zst xz bz2 zip tar, "
        + "or both, as csv.gz.", valueName: "end"))
  var inputFormat: String?
  @Option(help: "What ends a document. Default: two line feeds in text, rows in JSON and CSV.")
  var documents: DocumentRule?
  @Option(
    help: ArgumentHelp(
      "The member of JSON rows that is the text; a.b goes inside.", valueName: "name"))
  var textField = "text"
  @Option(help: ArgumentHelp("The column of CSV rows that is the text.", valueName: "name"))
  var textColumn = "text"
  @Option(
    help: ArgumentHelp(
      "The character between CSV fields, or tab. Default: a comma; a tab in .tsv.",
      valueName: "character"))
  var delimiter: String?
  @Option(help: "A JSON or CSV row without the text: stop, or leave it out and count it.")
  var onBadRow = BadRowPolicy.error
  @Option(
    help: ArgumentHelp(
      "Clean documents, rules in this order: "
        + CleaningRule.allCases.map(\.rawValue).joined(separator: ","), valueName: "rules"))
  var clean: String?
  @Flag(help: "Let archives and compressed inputs unpack to more than 200 times their size.")
  var trustArchive = false

  /// The options as the library takes them. Throws `usage` and `unknownName`.
  func documentOptions() throws(DSXError) -> DocumentOptions {
    var options = DocumentOptions()
    if let inputFormat {
      guard let choice = InputFormatChoice(inputFormat) else {
        throw DSXError(
          .usage, "--input-format '\(inputFormat)' is no format",
          hint: "it is the end of a file's name: txt jsonl json csv tsv, gz zst xz bz2 zip tar, or "
            + "both, as csv.gz")
      }
      options.inputFormat = choice
    }
    options.rule = documents
    options.textField = textField
    options.textColumn = textColumn
    if let delimiter {
      let byte = delimiter == "tab" || delimiter == "\\t" ? 0x09 : delimiter.utf8.first
      guard let byte, delimiter.utf8.count == 1 || byte == 0x09 else {
        throw DSXError(.usage, "--delimiter must be one ASCII character, or tab")
      }
      options.delimiter = byte
    }
    options.badRow = onBadRow
    if let clean { options.cleaning = try CleaningChain(names: clean) }
    options.limits.isTrusted = trustArchive
    return options
  }
}
