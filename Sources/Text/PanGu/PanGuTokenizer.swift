public import DSXCore
internal import Jieba

/// PanGu-alpha's tokenizer: jieba's words, then a SentencePiece vocabulary (see `PanGuEncoder`), and back
/// to the text as it was (see `PanGuText`).
public struct PanGuTokenizer: Tokenizer {
  private let vocabulary: SentencePieceTokenizer
  private let dictionary: JiebaDictionary

  /// The vocabulary of a SentencePiece `.model` file, with jieba's dictionary, which is looked for in
  /// `homes`. Throws what their readers throw.
  public init(path: String, homes: Homes) throws(DSXError) {
    vocabulary = try SentencePieceTokenizer(path: path)
    dictionary = try JiebaDictionary.load(homes: homes)
  }

  /// One number for jieba's dictionary, which decides ids as the vocabulary does.
  public static func dictionaryFingerprint(homes: Homes) throws(DSXError) -> String {
    try JiebaDictionary.fingerprint(homes: homes)
  }

  /// Number of ids.
  public var vocabularySize: Int { vocabulary.vocabularySize }
  /// The vocabulary's own.
  public var specialTokens: SpecialTokens { vocabulary.specialTokens }
  /// The id of a piece.
  public func id(of piece: String) -> Int32? { vocabulary.id(of: piece) }
  /// The piece of an id.
  public func piece(of id: Int32) -> String? { vocabulary.piece(of: id) }

  /// The text of ids: without the blanks between words, with the blanks and line feeds of the text.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String {
    PanGuText.restored(try vocabulary.decode(ids))
  }

  /// An encoder for one thread.
  public func makeEncoder() -> any TokenEncoder {
    PanGuEncoder(dictionary: dictionary, tokenizer: vocabulary)
  }
}
