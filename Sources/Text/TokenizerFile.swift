public import DSXCore

/// Opens a vocabulary file of any kind that dsx knows.
public enum TokenizerFile {
  /// The vocabulary in `path`: a SentencePiece `.model`.
  public static func load(path: String) throws(DSXError) -> any Tokenizer {
    try SentencePieceTokenizer(path: path)
  }
}
