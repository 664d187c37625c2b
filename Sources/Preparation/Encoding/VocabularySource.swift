public import DSXCore
public import Text

/// Where a vocabulary comes from: the files behind `--tokenizer` and `--vocab`.
public struct VocabularySource: Sendable {
  private let file: TokenizerFile
  /// The files that the vocabulary is read from; their hashes stand in the plan.
  public var files: [String] { file.files }
  /// How they are read, where their names decide it.
  var reading: String? { file.reading }

  /// Finds the files. Throws `usage` for options that contradict each other, `missingFile` for a path
  /// without a vocabulary.
  public init(_ kind: PreparationVocabulary.Kind, path: String?, homes: Homes) throws(DSXError) {
    switch kind {
    case .jieba, .sentencePiece:
      let standard = "dsx_zh_en_16k.model"
      if let path {
        file = try TokenizerFile(path: path)
      } else {
        file = try TokenizerFile(path: try homes.resource("Text", standard))
      }
    case .gpt:
      guard let path else {
        throw DSXError(
          .usage, "--tokenizer gpt needs --vocab",
          hint: "--vocab names a folder with vocab.json and merges.txt, or that vocab.json")
      }
      file = try TokenizerFile(path: path)
      guard file.format != .sentencePiece else {
        throw DSXError(
          .usage, "--tokenizer gpt takes no SentencePiece model", file: path,
          hint: "--vocab names a folder with vocab.json and merges.txt, or that vocab.json")
      }
    case .file(let named):
      guard path == nil else {
        throw DSXError(
          .usage, "--tokenizer names the vocabulary '\(named)', and --vocab another",
          hint: "give one of them; --tokenizer takes jieba, sentencepiece, gpt or a path")
      }
      do { file = try TokenizerFile(path: named) } catch {
        guard !FilePath.exists(named) else { throw error }
        var error = error
        error.hint = "--tokenizer takes jieba, sentencepiece, gpt or the path of a vocabulary"
        throw error
      }
    }
  }

  /// Reads the vocabulary.
  public func load() throws(DSXError) -> any Tokenizer { try file.load() }
}
