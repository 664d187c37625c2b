extension SentencePieceNormalizer {
  /// The normalised text, and for each of its bytes and its end the place in `text` that it came from:
  /// `norm_to_orig` of `Normalizer::Normalize`.
  func aligned(_ text: UnsafeRawBufferPointer) -> (text: [UInt8], origins: [Int]) {
    var output: [UInt8] = []
    var origins: [Int] = []
    var consumed = 0
    if spec.removeExtraWhitespaces {
      while consumed < text.count {
        var isBlank = false
        let length = prefix(text, consumed) { isBlank = $0.count == 1 && $0[0] == 0x20 }
        guard isBlank else { break }
        consumed += length
      }
    }
    guard consumed < text.count else { return ([], [consumed]) }
    func blank() {
      appendBlank(&output)
      while origins.count < output.count { origins.append(consumed) }
    }
    if !whitespaceAsSuffix, spec.addDummyPrefix { blank() }
    var afterBlank = spec.removeExtraWhitespaces
    while consumed < text.count {
      let length = prefix(text, consumed) { piece in
        var place = 0
        while afterBlank, place < piece.count, piece[place] == 0x20 { place += 1 }
        guard place < piece.count else { return }
        for byte in piece[place...] {
          if byte == 0x20 {
            blank()
          } else {
            output.append(byte)
            origins.append(consumed)
          }
        }
        afterBlank = piece[piece.count - 1] == 0x20
      }
      consumed += length
      if !spec.removeExtraWhitespaces { afterBlank = false }
    }
    if spec.removeExtraWhitespaces {
      let space = spec.escapeWhitespaces ? Self.blank : [0x20]
      while output.count >= space.count, output.suffix(space.count).elementsEqual(space) {
        output.removeLast(space.count)
        consumed = origins[output.count]
        origins.removeLast(space.count)
      }
    }
    if whitespaceAsSuffix, spec.addDummyPrefix { blank() }
    origins.append(consumed)
    return (output, origins)
  }
}
