internal import DSXCore

/// The tables of a byte-level BPE model; immutable, shared by all encoders.
final class ByteLevelVocabulary: Sendable {
  /// Ids above this are refused, so that a damaged file cannot ask for endless tables.
  static let maximumID = 1 << 24

  /// What each id stands for: bytes for a decoder, the spelling for people.
  struct Piece: Sendable {
    var spelling: String
    var bytes: [UInt8]
  }

  /// By id; nil where the vocabulary has a hole.
  let pieces: [Piece?]
  /// The id of each spelling, by its UTF-8: `String` keys would take canonically equal ones for one.
  let ids: [[UInt8]: Int32]
  /// The id of each single byte.
  let byteIDs: [Int32]
  let merges: MergeTable
  /// Whether a piece that is in the vocabulary as a whole takes that id without merging.
  let ignoresMerges: Bool
  let addedTokens: [AddedToken]

  /// Checks and builds.
  ///
  /// - Parameters:
  ///   - vocabulary: spelling and id of every piece.
  ///   - merges: left and right spelling in rank order.
  /// Throws `malformed` for two pieces with one id, a merge of pieces that are not there, ids out of
  /// range, or added tokens that disagree with the vocabulary; `unsupported` when a byte has no piece.
  init(
    vocabulary: [(spelling: String, id: Int)], merges: [(left: String, right: String)],
    ignoresMerges: Bool, addedTokens: [AddedToken]
  ) throws(DSXError) {
    var pieces: [Piece?] = []
    var ids: [[UInt8]: Int32] = [:]
    ids.reserveCapacity(vocabulary.count + addedTokens.count)
    func place(_ spelling: String, _ bytes: [UInt8], _ id: Int) throws(DSXError) {
      guard id >= 0, id < Self.maximumID else {
        throw DSXError(.malformed, "the piece '\(spelling)' has the id \(id), outside 0..<2^24")
      }
      if id >= pieces.count {
        pieces.append(contentsOf: repeatElement(nil, count: id + 1 - pieces.count))
      }
      if let other = pieces[id] {
        throw DSXError(
          .malformed, "the pieces '\(other.spelling)' and '\(spelling)' have the same id \(id)")
      }
      guard ids.updateValue(Int32(id), forKey: Array(spelling.utf8)) == nil else {
        throw DSXError(.malformed, "the piece '\(spelling)' comes twice in the vocabulary")
      }
      pieces[id] = Piece(spelling: spelling, bytes: bytes)
    }
    for (spelling, id) in vocabulary {
      // A piece outside the byte alphabet decodes as its own UTF-8, as the reference does.
      try place(spelling, ByteAlphabet.decode(spelling) ?? Array(spelling.utf8), id)
    }
    for token in addedTokens {
      guard !token.content.isEmpty else {
        throw DSXError(.malformed, "the added token with id \(token.id) is empty")
      }
      if let known = ids[Array(token.content.utf8)] {
        guard known == token.id else {
          throw DSXError(
            .malformed,
            "the added token '\(token.content)' has the id \(token.id), "
              + "but the vocabulary gives it \(known)")
        }
      } else {
        try place(
          token.content, ByteAlphabet.decode(token.content) ?? Array(token.content.utf8),
          Int(token.id))
      }
    }
    byteIDs = try Self.byteIDs(ids)
    var table: [(left: Int32, right: Int32, merged: Int32)] = []
    table.reserveCapacity(merges.count)
    for (rank, merge) in merges.enumerated() {
      let (left, right) = (Array(merge.left.utf8), Array(merge.right.utf8))
      guard let first = ids[left], let second = ids[right], let merged = ids[left + right] else {
        throw DSXError(
          .malformed,
          "merge \(rank) ('\(merge.left)' '\(merge.right)') uses or makes a piece that is not in "
            + "the vocabulary")
      }
      table.append((first, second, merged))
    }
    self.merges = MergeTable(table)
    self.pieces = pieces
    self.ids = ids
    self.ignoresMerges = ignoresMerges
    self.addedTokens = addedTokens
  }

  private static func byteIDs(_ ids: [[UInt8]: Int32]) throws(DSXError) -> [Int32] {
    var result: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      guard let id = ids[ByteAlphabet.spell([byte])] else {
        throw DSXError(
          .unsupported,
          "the vocabulary has no piece for byte 0x\(String(byte, radix: 16)), so some text would "
            + "be lost",
          hint: "dsx takes byte-level vocabularies with all 256 bytes")
      }
      result.append(id)
    }
    return result
  }
}
