internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records head FILE`
struct RecordsHead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Print the first rows as JSON lines.",
    discussion: """
      Bytes are printed as {"base64"}, arrays as {"dtype", "shape", "data"}. With \
      --decode the token ids of int32 arrays become text. With --where the first rows \
      that fulfil a condition on index fields.

      Examples:
        dsx records head -n 3 --decode prepared.mindrecord
        dsx records head -n 3 --where "label = 'news_tech'" news.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(name: .customShort("n"), help: "How many rows.") var rows = 10
  @Option(help: "Only these fields, separated by commas, in this order.") var fields: NameList?
  @OptionGroup var condition: RecordsCondition
  @Flag(help: "Turn the token ids of int32 arrays into text.") var decode = false
  @Option(help: "How the ids were made: jieba, sentencepiece, gpt or a vocabulary's path.")
  var tokenizer: String?
  @Option(help: "The vocabulary that the ids belong to (default: the one that dsx ships).")
  var vocab: String?
  @OptionGroup var reading: RecordsReading

  func validate() throws {
    guard rows >= 0 else { throw ValidationError("-n must not be negative") }
    guard decode || (tokenizer == nil && vocab == nil) else {
      throw ValidationError("--tokenizer and --vocab need --decode")
    }
    try condition.check()
  }

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let decoder =
      decode ? try RecordsDecoding.decoder(for: file, tokenizer: tokenizer, vocab: vocab) : nil
    var printer = try RecordsPrinter(reader, fields: fields?.names, decode: decoder)
    if let query = try condition.query(reader) {
      try printer.print(.matching(query), limit: rows)
    } else {
      try printer.print(.stored(0..<min(rows, reader.count)))
    }
  }
}
