public import DSXCore

extension SentencePieceTokenizer {
  /// Text from ids: `SentencePieceProcessor.decode`.
  ///
  /// Control pieces vanish, the unknown piece becomes the model's surface for it (`" ⁇ "` by default),
  /// bytes are joined and what is no UTF-8 becomes U+FFFD byte by byte. Throws `malformed` for an id
  /// outside the vocabulary.
  public func decode(_ ids: [Int32]) throws(DSXError) -> String {
    var text: [UInt8] = []
    var bytes: [UInt8] = []
    var isAtStart = true
    var tookBlank = false
    let spec = normalizer.spec
    for id in ids {
      guard id >= 0, id < pieces.count else {
        throw DSXError(
          .malformed, "id \(id) is outside the vocabulary of \(pieces.count) pieces")
      }
      let kind = pieces.kinds[Int(id)]
      if kind == .byte {
        bytes.append(UInt8(truncatingIfNeeded: pieces.byteOfID[Int(id)]))
        continue
      }
      Self.appendRepaired(&bytes, to: &text)
      if tookBlank || !text.isEmpty { isAtStart = false }
      tookBlank = false
      switch kind {
      case .control: break
      case .unknown: text.append(contentsOf: unknownSurface)
      default:
        var piece = pieces.text(id)
        if isAtStart, spec.addDummyPrefix || spec.removeExtraWhitespaces,
          piece.starts(with: SentencePieceNormalizer.blank)
        {
          piece.removeFirst(3)
          tookBlank = !spec.removeExtraWhitespaces
        }
        Self.appendBlanks(piece, to: &text)
      }
    }
    Self.appendRepaired(&bytes, to: &text)
    if let denormalizer {
      var output: [UInt8] = []
      text.withUnsafeBytes { denormalizer.normalize($0, into: &output) }
      text = output
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends a piece with blanks for U+2581.
  private static func appendBlanks(_ piece: ArraySlice<UInt8>, to text: inout [UInt8]) {
    var rest = piece
    while let byte = rest.first {
      if byte == 0xe2, rest.starts(with: SentencePieceNormalizer.blank) {
        text.append(0x20)
        rest.removeFirst(3)
      } else {
        text.append(byte)
        rest.removeFirst()
      }
    }
  }

  /// Appends collected bytes and empties them.
  private static func appendRepaired(_ bytes: inout [UInt8], to text: inout [UInt8]) {
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
