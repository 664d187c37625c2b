internal import DSXCore

/// WordPiece: from the left always the longest piece; a word that cannot be covered is unknown.
final class WordPieceModel: Sendable {
  let vocabulary: PieceVocabulary
  let unknown: Int32
  let maximumCharacters: Int
  /// The id of a word of one code point below U+10000.
  private let singles: [Int32]
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
    var singles = [Int32](repeating: id, count: 0x10000)
    for id in 0..<Int32(vocabulary.size) {
      guard let text = vocabulary.utf8(id), (1...3).contains(text.count) else { continue }
      let scalars = String(decoding: text, as: UTF8.self).unicodeScalars
      if scalars.count == 1, let scalar = scalars.first, scalar.value < 0x10000 {
        singles[Int(scalar.value)] = id
      }
    }
    self.singles = singles
  }

  /// The id of a word of one code point; nil for one that has to be looked up.
  @inline(__always)
  func id(of code: UInt32) -> Int32? {
    code < 0x10000 && maximumCharacters > 0 ? singles[Int(code)] : nil
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
