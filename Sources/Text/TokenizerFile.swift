public import DSXCore

/// Opens a vocabulary file of any kind that dsx knows.
public enum TokenizerFile {
  /// The vocabulary in `path`: a Hugging Face `tokenizer.json` (any name that ends in `.json`), else a
  /// SentencePiece `.model`.
  public static func load(path: String) throws(DSXError) -> any Tokenizer {
    if path.utf8.suffix(5).elementsEqual(".json".utf8) {
      return try ByteLevelTokenizer.open(tokenizerJSON: path)
    }
    return try SentencePieceTokenizer(path: path)
  }
}
