internal import ArgumentParser
internal import DSXCore
internal import Text

/// `dsx tokenize`: words or ids of each line, for people who check a vocabulary, and for scripts.
///
/// Each kind of tokenizer has its options and its `LineTokenizer` in files of its own.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Cut lines into words, or encode them with a vocabulary.",
    discussion: """
      Prints one JSON array per input line: words for jieba, ids for a vocabulary, its pieces with \
      --pieces. Lines end at line feeds only; a carriage return belongs to its line.

      Examples:
        echo '我来到北京清华大学' | dsx tokenize --tokenizer jieba
        dsx tokenize --tokenizer jieba --mode search --format text corpus.txt
        dsx tokenize --tokenizer vocab.model --pieces corpus.txt
        echo 'a line' | dsx tokenize --tokenizer sentencepiece | dsx tokenize \\
            --tokenizer sentencepiece --decode
      """)

  @Option(
    help: ArgumentHelp(
      "'jieba', 'sentencepiece' (dsx's own vocabulary), or the path of a vocabulary: a SentencePiece model, a tokenizer.json or a folder.",
      valueName: "jieba|sentencepiece|PATH"))
  var tokenizer: String

  @OptionGroup(title: "Lines") var lines: LineOptions
  @OptionGroup(title: "jieba") var jieba: JiebaOptions
  @OptionGroup(title: "Vocabularies") var vocabulary: VocabularyOptions
  @OptionGroup(title: "SentencePiece") var sentencePiece: SentencePieceOptions

  @Argument(help: "A text file; standard input when there is none.")
  var file: String?

  func validate() throws {
    if tokenizer == "jieba" {
      try vocabulary.refuseAny()
      try sentencePiece.refuseAny("needs a SentencePiece vocabulary; jieba has words")
    } else {
      try jieba.refuseAny()
    }
  }

  func run() throws {
    if tokenizer == "jieba" {
      var cutter = try jieba.lines(lines)
      try lines.run(file, &cutter)
    } else {
      let found = try SentencePieceLines.find(tokenizer)
      if vocabulary.shows {
        let summary = VocabularySummary(try found.load(), found)
        Output.write(Array(summary.text(lines.format).utf8))
        return
      }
      if found.format == .sentencePiece,
        (sentencePiece.isGiven && !vocabulary.skipSpecialTokens) || vocabulary.pieces
      {
        let model = try SentencePieceTokenizer(path: found.files[0])
        var encoder = try sentencePiece.lines(model, pieces: vocabulary.pieces, lines)
        try lines.run(file, &encoder)
        return
      }
      try sentencePiece.refuseOthers("is for SentencePiece vocabularies")
      var encoder = try vocabulary.lines(found, decodes: sentencePiece.decode, lines)
      try lines.run(file, &encoder)
    }
  }
}
