public import Jieba

/// PanGu-alpha's encoding of a paragraph: the words of `jieba.cut` (HMM on), in each word blank to
/// U+2582 and line feed to U+2583, joined by one blank, then encoded with the vocabulary.
public struct PanGuEncoder: TokenEncoder {
  /// An encoder for one thread.
  public init(dictionary: JiebaDictionary, tokenizer: any Tokenizer) {}

  /// Appends the ids of `text` (valid UTF-8); no end-of-text id is added.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {}
}
