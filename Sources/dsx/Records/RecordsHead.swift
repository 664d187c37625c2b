internal import ArgumentParser
internal import DSXCore
internal import Records

/// `dsx records head FILE`
struct RecordsHead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head",
    abstract: "Print the first rows as JSON lines.",
    discussion: """
      Bytes are printed as {"base64"}, arrays as {"dtype", "shape", "data"}. With
      --decode the token ids of int32 arrays become text.

      Example:
        dsx records head -n 3 --decode prepared.mindrecord
      """)

  @Argument(help: "A data file of the set.") var file: String
  @Option(name: .customShort("n"), help: "How many rows.") var rows = 10
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
  }

  func run() throws {
    let reader = try RecordReader(path: file, verify: reading.isVerified)
    let decoder =
      decode ? try RecordsDecoding.decoder(for: file, tokenizer: tokenizer, vocab: vocab) : nil
    try RecordsPrinter(reader, decode: decoder).print(rows: 0..<min(rows, reader.count))
  }
}
