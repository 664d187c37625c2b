public import DSXCore

extension SentencePieceTokenizer {
  /// Ids, pieces and offsets in code points of a text or of a pair of texts; no special tokens are added,
  /// as SentencePiece adds none.
  public func encode(_ text: String, pair: String?, addSpecialTokens: Bool) throws(DSXError)
    -> Encoding
  {
    var encoding = Encoding()
    for (type, part) in [text, pair].enumerated() {
      guard let part else { continue }
      // Code points before each byte.
      var counts: [Int] = [0]
      for byte in part.utf8 { counts.append((counts.last ?? 0) + (byte & 0xc0 == 0x80 ? 0 : 1)) }
      func points(_ byte: Int) -> Int {
        byte < 1 ? 0 : byte >= counts.count - 1 ? counts[counts.count - 1] : counts[byte]
      }
      for token in tokens(part) {
        encoding.ids.append(token.id)
        encoding.tokens.append(token.piece)
        encoding.offsets.append(points(token.range.lowerBound)..<points(token.range.upperBound))
        encoding.typeIDs.append(Int32(type))
        encoding.sequenceIDs.append(Int32(type))
        encoding.wordIDs.append(nil)
        encoding.specialTokensMask.append(0)
        encoding.attentionMask.append(1)
      }
    }
    return encoding
  }
}
