public import DSXCore

extension SentencePieceTokenizer {
  /// Text from ids: `SentencePieceProcessor.decode`.
  ///
  /// Control pieces vanish, the unknown piece becomes the model's surface for it (`" ⁇ "` by default),
  /// bytes are joined and what is no UTF-8 becomes U+FFFD byte by byte. Throws `malformed` for an id
  /// outside the vocabulary.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String {
    var decoder = Decoder(self)
    for id in ids {
      guard id >= 0, id < pieces.count else {
        throw DSXError(
          .malformed, "id \(id) is outside the vocabulary of \(pieces.count) pieces")
      }
      decoder.append(pieces.text(id), id)
    }
    return decoder.finished()
  }

  /// Text from pieces: `SentencePieceProcessor.decode` of strings. A piece that the vocabulary does not
  /// hold stands for itself.
  public func decode(pieces texts: [String]) -> String {
    var decoder = Decoder(self)
    for text in texts {
      let bytes = Array(text.utf8)
      let id = bytes.withUnsafeBytes { pieces.id($0) } ?? pieces.unknown
      decoder.append(bytes[...], id)
    }
    return decoder.finished()
  }

  /// Ids between `bos` and `eos`, and reversed before that, as the library's `add_bos`, `add_eos` and
  /// `reverse` do it. Throws `usage` when the model has no such piece.
  public func framed(_ ids: [Int32], bos: Bool = false, eos: Bool = false, reversed: Bool = false)
    throws(DSXError) -> [Int32]
  {
    var framed = reversed ? ids.reversed() : ids
    if bos { framed.insert(try frame(.bos), at: 0) }
    if eos { framed.append(try frame(.eos)) }
    return framed
  }

  private func frame(_ role: SpecialTokens.Role) throws(DSXError) -> Int32 {
    guard let id = specialTokens.id(role) else {
      throw DSXError(.usage, "the vocabulary has no \(role == .bos ? "bos" : "eos") piece")
    }
    return id
  }

  /// Text that grows piece by piece.
  private struct Decoder {
    private let tokenizer: SentencePieceTokenizer
    private let dropsFirstBlank: Bool
    private let dropsAllBlanks: Bool
    private var text: [UInt8] = []
    private var bytes: [UInt8] = []
    private var isAtStart = true

    init(_ tokenizer: SentencePieceTokenizer) {
      self.tokenizer = tokenizer
      let spec = tokenizer.normalizer.spec
      dropsAllBlanks = spec.removeExtraWhitespaces
      dropsFirstBlank = spec.addDummyPrefix || dropsAllBlanks
    }

    /// Appends a piece; its id is -1 when the model has neither it nor an unknown piece.
    mutating func append(_ piece: ArraySlice<UInt8>, _ id: Int32) {
      let pieces = tokenizer.pieces
      let kind = id < 0 ? .unknown : pieces.kinds[Int(id)]
      if kind == .byte {
        bytes.append(UInt8(truncatingIfNeeded: pieces.byteOfID[Int(id)]))
        return
      }
      appendBytes()
      if !text.isEmpty { isAtStart = false }
      if kind == .control { return }
      var rest = piece
      var tookBlank = false
      if isAtStart, dropsFirstBlank, piece.starts(with: SentencePieceNormalizer.blank) {
        rest.removeFirst(3)
        tookBlank = !dropsAllBlanks
      }
      if kind != .unknown {
        appendBlanks(rest)
      } else if id >= 0, pieces.text(id).elementsEqual(piece) {
        text.append(contentsOf: tokenizer.unknownSurface)
      } else {
        text.append(contentsOf: piece)
      }
      if tookBlank { isAtStart = false }
    }

    /// The text, denormalised where the model says how.
    mutating func finished() -> String {
      appendBytes()
      if let denormalizer = tokenizer.denormalizer {
        var output: [UInt8] = []
        text.withUnsafeBytes { denormalizer.normalize($0, into: &output) }
        text = output
      }
      return String(decoding: text, as: UTF8.self)
    }

    /// Appends a piece with blanks for U+2581.
    private mutating func appendBlanks(_ piece: ArraySlice<UInt8>) {
      var index = piece.startIndex
      while index < piece.endIndex {
        if piece[index] == 0xe2, piece[index...].starts(with: SentencePieceNormalizer.blank) {
          text.append(0x20)
          index += 3
        } else {
          text.append(piece[index])
          index += 1
        }
      }
    }

    /// Appends collected bytes and empties them.
    private mutating func appendBytes() {
      guard !bytes.isEmpty else { return }
      bytes.withUnsafeBytes { raw in
        var index = 0
        while index < raw.count {
          let length = UTF8Validation.sequenceLength(raw, at: index)
          if length > 0 {
            text.append(contentsOf: raw[index..<index + length])
          } else {
            text.append(contentsOf: [0xef, 0xbf, 0xbd])
          }
          index += max(length, 1)
        }
      }
      bytes.removeAll(keepingCapacity: true)
    }
  }
}
