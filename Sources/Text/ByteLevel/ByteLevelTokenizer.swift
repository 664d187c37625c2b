public import DSXCore

/// Byte-level BPE as GPT-2 has it: from `tokenizer.json`, or `vocab.json` with `merges.txt`.
///
/// Gives the ids of Hugging Face tokenizers 0.23.3. Added tokens are cut out of the text first, the
/// rest is split by GPT-2's pattern (Unicode 16.0 classes), each piece's bytes are merged by rank.
/// Immutable; copies share their tables.
public struct ByteLevelTokenizer: Sendable {
  let vocabulary: ByteLevelVocabulary
  /// Added tokens as the reference looks for them: first those that it does not normalize.
  let matchers: [AddedTokenMatcher]
  /// The same without the special ones.
  let plainMatchers: [AddedTokenMatcher]
  /// Whether every stretch of text gets a blank in front unless it begins with one.
  public let addsPrefixSpace: Bool
  /// Whether text is split by GPT-2's pattern before it is merged.
  public let splitsByPattern: Bool

  init(_ vocabulary: ByteLevelVocabulary, addsPrefixSpace: Bool, splitsByPattern: Bool) {
    self.vocabulary = vocabulary
    self.addsPrefixSpace = addsPrefixSpace
    self.splitsByPattern = splitsByPattern
    func matchers(_ tokens: [AddedToken]) -> [AddedTokenMatcher] {
      [tokens.filter { !$0.isNormalized }, tokens.filter(\.isNormalized)]
        .map { AddedTokenMatcher($0) }.filter { !$0.isEmpty }
    }
    self.matchers = matchers(vocabulary.addedTokens)
    plainMatchers = matchers(vocabulary.addedTokens.filter { !$0.isSpecial })
  }

  /// The tokens that are cut out of the text before it is split.
  public var addedTokens: [AddedToken] { vocabulary.addedTokens }
}

extension ByteLevelTokenizer: Tokenizer {
  /// One more than the largest id.
  public var vocabularySize: Int { vocabulary.pieces.count }

  /// The id of a piece in the byte alphabet (`Ġthe`) or of an added token.
  public func id(of piece: String) -> Int32? { vocabulary.ids[Array(piece.utf8)] }

  /// The piece of an id; nil outside the vocabulary and in its holes.
  public func piece(of id: Int32) -> String? {
    guard id >= 0, Int(id) < vocabulary.pieces.count else { return nil }
    return vocabulary.pieces[Int(id)]?.spelling
  }

  /// The text of ids, special tokens included; bytes that are no UTF-8 become U+FFFD.
  ///
  /// Throws `malformed` for an id outside the vocabulary.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String {
    var bytes: [UInt8] = []
    for (index, id) in ids.enumerated() {
      guard id >= 0, Int(id) < vocabulary.pieces.count, let piece = vocabulary.pieces[Int(id)]
      else {
        throw DSXError(
          .malformed, "id \(id) at position \(index) is outside the vocabulary",
          hint: "ids are 0 to \(vocabulary.pieces.count - 1)")
      }
      bytes.append(contentsOf: piece.bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// An encoder that also finds special tokens in the text, as transformers does by default.
  public func makeEncoder() -> any TokenEncoder { ByteLevelEncoder(self, plain: false) }

  /// An encoder that reads a special token's spelling as ordinary text (transformers'
  /// `split_special_tokens=True`); added tokens that are not special are still found.
  public func makePlainTextEncoder() -> any TokenEncoder { ByteLevelEncoder(self, plain: true) }
}
