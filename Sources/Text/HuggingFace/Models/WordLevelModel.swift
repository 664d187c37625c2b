internal import DSXCore

/// Whole words only.
final class WordLevelModel: Sendable {
  let vocabulary: PieceVocabulary
  let unknown: Int32

  /// Throws `malformed` when the vocabulary lacks the unknown token.
  init(_ vocabulary: PieceVocabulary, unknown: String) throws(DSXError) {
    guard let id = vocabulary.id(of: unknown) else {
      throw DSXError(.malformed, "the unknown token '\(unknown)' is not in the vocabulary")
    }
    self.vocabulary = vocabulary
    self.unknown = id
  }

  /// Appends the token of a word.
  func tokenize(_ word: UnsafeRawBufferPointer, into tokens: inout [ModelToken]) {
    let id = vocabulary.id(word)
    tokens.append(ModelToken(id: id < 0 ? unknown : id, start: 0, end: word.count))
  }
}
