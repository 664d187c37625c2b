/// A piece of an encoded text: what `SentencePieceProcessor.encode` gives as `proto`.
public struct SentencePieceToken: Sendable, Hashable {
  /// The id.
  public let id: Int32
  /// The piece as text; for the unknown id the normalised text that it stands for.
  public internal(set) var piece: String
  /// The bytes of the original text, in UTF-8, that the piece covers. Of the bytes of a character that
  /// byte fallback took apart only the last covers it, the others are empty and lie before it.
  public internal(set) var range: Range<Int>
}

extension SentencePieceTokenizer {
  /// The pieces of a text with their ids and places.
  ///
  /// Ids are those of the encoder. A series of unknown characters is one token, whose piece is their text.
  /// Slower than an encoder: for looking at pieces and offsets.
  public func tokens(_ text: String) -> [SentencePieceToken] {
    var text = text
    return text.withUTF8 { tokens(UnsafeRawBufferPointer($0)) }
  }

  /// The pieces of a text (valid UTF-8) with their ids and places.
  public func tokens(_ text: UnsafeRawBufferPointer) -> [SentencePieceToken] {
    let (normalized, origins) = normalizer.aligned(text)
    var encoder = SentencePieceEncoder(self)
    encoder.isRaw = true
    var ids: [Int32] = []
    normalized.withUnsafeBytes { encoder.encode(normalized: $0, into: &ids) }
    return tokens(normalized, origins, ids)
  }

  /// Tokens from raw ids, -1 for each unknown stretch, of a normalised text.
  func tokens(_ normalized: [UInt8], _ origins: [Int], _ ids: [Int32]) -> [SentencePieceToken] {
    var tokens: [SentencePieceToken] = []
    var start = 0
    var afterUnknown = false
    for id in ids {
      let end = start + length(of: id, in: normalized, at: start)
      let (from, to) = (origins[start], max(origins[start], origins[end]))
      let bytes = normalized[start..<end]
      if id >= 0 {
        tokens.append(
          SentencePieceToken(
            id: id, piece: String(decoding: bytes, as: UTF8.self), range: from..<to))
      } else if !pieces.byteIDs.isEmpty {
        for (offset, byte) in bytes.enumerated() {
          let byteID = pieces.byteIDs[Int(byte)]
          let isLast = offset == bytes.count - 1
          tokens.append(
            SentencePieceToken(
              id: byteID, piece: piece(of: byteID) ?? "", range: from..<(isLast ? to : from)))
        }
      } else if afterUnknown {
        tokens[tokens.count - 1].piece += String(decoding: bytes, as: UTF8.self)
        let first = tokens[tokens.count - 1].range.lowerBound
        tokens[tokens.count - 1].range = first..<max(first, to)
      } else {
        tokens.append(
          SentencePieceToken(
            id: pieces.unknown, piece: String(decoding: bytes, as: UTF8.self), range: from..<to))
      }
      afterUnknown = id < 0
      start = end
    }
    return tokens
  }

  /// The pieces of a text: `encode(text, out_type=str)`.
  public func encodePieces(_ text: String) -> [String] { tokens(text).map(\.piece) }

  private func length(of id: Int32, in text: [UInt8], at start: Int) -> Int {
    if id >= 0 { return pieces.byteCount(id) }
    return text.withUnsafeBytes { text in
      if case .word = algorithm { return SentencePieceEncoder.wordEnd(text, start) - start }
      if case .char = algorithm, !normalizer.symbols.isEmpty {
        let length = normalizer.symbols.match(text, start)
        if length > 0 { return length }
      }
      return SentencePieceEncoder.scalar(text, start).1
    }
  }
}
