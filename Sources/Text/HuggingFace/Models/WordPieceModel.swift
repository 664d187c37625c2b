internal import DSXCore

/// WordPiece: from the left always the longest piece; a word that cannot be covered is unknown.
final class WordPieceModel: Sendable {
  let vocabulary: PieceVocabulary
  let unknown: Int32
  let maximumCharacters: Int
  private let heads: ByteTrie
  private let tails: ByteTrie

  /// Throws `malformed` when the vocabulary lacks the unknown token.
  init(
    _ vocabulary: PieceVocabulary, unknown: String, prefix: String, maximumCharacters: Int
  ) throws(DSXError) {
    guard let id = vocabulary.id(of: unknown) else {
      throw DSXError(.malformed, "the unknown token '\(unknown)' is not in the vocabulary")
    }
    self.vocabulary = vocabulary
    self.unknown = id
    self.maximumCharacters = maximumCharacters
    var heads = ByteTrie()
    var tails = ByteTrie()
    let mark = Array(prefix.utf8)
    for id in 0..<Int32(vocabulary.size) {
      guard let text = vocabulary.utf8(id), !text.isEmpty else { continue }
      heads.insert(text, id)
      if text.count > mark.count, text.starts(with: mark) {
        tails.insert(text.dropFirst(mark.count), id)
      }
    }
    self.heads = heads
    self.tails = tails
  }

  /// Appends the tokens of a word.
  func tokenize(_ word: UnsafeRawBufferPointer, into tokens: inout [ModelToken]) {
    let first = tokens.count
    if word.count > maximumCharacters {
      var count = 0
      for byte in word where byte & 0xc0 != 0x80 { count += 1 }
      if count > maximumCharacters {
        tokens.append(ModelToken(id: unknown, start: 0, end: word.count))
        return
      }
    }
    var start = 0
    while start < word.count {
      guard let (id, end) = (start == 0 ? heads : tails).longest(word, start, word.count) else {
        tokens.removeLast(tokens.count - first)
        tokens.append(ModelToken(id: unknown, start: 0, end: word.count))
        return
      }
      tokens.append(ModelToken(id: id, start: start, end: end))
      start = end
    }
  }
}
