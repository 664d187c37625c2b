internal import ArgumentParser
internal import DSXCore
internal import Glibc
internal import Jieba
internal import Text

/// `dsx tokenize`: words or ids of each line, for people who check a vocabulary, and for scripts.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Cut lines into words, or encode them with a vocabulary.",
    discussion: """
      Prints one JSON array per input line: words for jieba, ids for a vocabulary, its pieces with \
      --pieces. Lines end at line feeds only; a carriage return belongs to its line.

      Examples:
        echo '我来到北京清华大学' | dsx tokenize --tokenizer jieba
        dsx tokenize --tokenizer vocab.model --pieces corpus.txt
      """)

  @Option(
    help: ArgumentHelp(
      "'jieba', or the path of a vocabulary: a SentencePiece model, a tokenizer.json or a folder.",
      valueName: "jieba|PATH"))
  var tokenizer: String

  @Flag(help: "Print the vocabulary's pieces instead of ids.")
  var pieces = false

  @Flag(name: .customLong("no-hmm"), help: "jieba: only words of the dictionary, no model.")
  var noHMM = false

  @Argument(help: "A text file; standard input when there is none.")
  var file: String?

  func validate() throws {
    if tokenizer == "jieba", pieces {
      throw ValidationError("--pieces needs a vocabulary; jieba has words")
    }
    if tokenizer != "jieba", noHMM {
      throw ValidationError("--no-hmm is for --tokenizer jieba")
    }
  }

  func run() throws {
    // A reader that goes away ends the output, not the process by a signal.
    signal(SIGPIPE, SIG_IGN)
    if tokenizer == "jieba" {
      var cutter = JiebaCutter(try JiebaDictionary.load())
      try lines { line, output in
        output.append(UInt8(ascii: "["))
        cutter.cut(line, hmm: !noHMM) { range in
          if range.lowerBound > 0 { output.append(UInt8(ascii: ",")) }
          JSONBytes.appendString(UnsafeRawBufferPointer(rebasing: line[range]), to: &output)
        }
        output.append(UInt8(ascii: "]"))
      }
      return
    }
    let vocabulary = try TokenizerFile(path: tokenizer).load()
    var encoder = vocabulary.makeEncoder()
    var ids: [Int32] = []
    try lines { line, output in
      ids.removeAll(keepingCapacity: true)
      encoder.encode(line, into: &ids)
      output.append(UInt8(ascii: "["))
      for (index, id) in ids.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        if pieces {
          JSONValue.writeString(vocabulary.piece(of: id) ?? "", into: &output)
        } else {
          JSONBytes.appendInteger(id, to: &output)
        }
      }
      output.append(UInt8(ascii: "]"))
    }
  }

  /// Hands each input line to `body` and prints what it appends, with a line feed.
  private func lines(_ body: (UnsafeRawBufferPointer, inout [UInt8]) -> Void) throws {
    var input = try ByteLines(path: file)
    defer { input.close() }
    var output = OutputBuffer(descriptor: STDOUT_FILENO)
    while output.isOpen {
      let more = try input.next { (line, number, offset) throws(DSXError) in
        if let bad = UTF8Validation.firstInvalid(line) {
          throw DSXError(
            .malformed, "invalid UTF-8", line: number, byte: offset + bad,
            hint: "convert the text to UTF-8 first, for example with iconv")
        }
        body(line, &output.bytes)
        output.bytes.append(0x0a)
      }
      guard more else { break }
      try output.flushIfLarge()
    }
    try output.flush()
  }
}
