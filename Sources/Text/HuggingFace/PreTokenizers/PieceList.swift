/// Text that is cut into pieces on its way through the pre-tokenizers.
struct PieceList {
  /// The text of all pieces.
  var text: AlignedText
  /// The pieces as ranges of bytes; never empty ones.
  var pieces: [Range<Int>]

  /// One piece, or none for a text without bytes.
  init(_ text: AlignedText) {
    self.text = text
    pieces = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
  }

  /// The original place of a piece's first byte. Without kept places that is known only for a text
  /// whose normalizer takes nothing from its start.
  func originalStart(_ piece: Range<Int>) -> Int {
    text.keepsSpans
      ? text.original(piece).lowerBound : text.origin + (piece.lowerBound == 0 ? 0 : 1)
  }

  /// Cuts every piece at the matches that `find` hands on for it.
  mutating func split(
    _ behavior: SplitBehavior, inverted: Bool = false,
    _ find: (UnsafeRawBufferPointer, Range<Int>, (Range<Int>) -> Void) -> Void
  ) {
    var output: [Range<Int>] = []
    output.reserveCapacity(pieces.count * 2)
    var parts: [(range: Range<Int>, isMatch: Bool)] = []
    text.bytes.withUnsafeBytes { bytes in
      for piece in pieces {
        parts.removeAll(keepingCapacity: true)
        var last = piece.lowerBound
        find(bytes, piece) { match in
          if last != match.lowerBound { parts.append((last..<match.lowerBound, inverted)) }
          parts.append((match, !inverted))
          last = match.upperBound
        }
        if last != piece.upperBound { parts.append((last..<piece.upperBound, inverted)) }
        behavior.collect(parts, into: &output)
      }
    }
    pieces = output
  }

  /// Cuts every piece at the code points that `isMatch` holds for.
  mutating func split(_ behavior: SplitBehavior, where isMatch: (UInt32) -> Bool) {
    split(behavior) { bytes, piece, match in
      var index = piece.lowerBound
      while index < piece.upperBound {
        let (code, next) = UTF8Scalars.read(bytes, index)
        if isMatch(code) { match(index..<next) }
        index = next
      }
    }
  }

  /// Changes the text of every piece by itself.
  mutating func transform(_ change: (inout AlignedText, Int) -> Void) {
    var output = AlignedText(keepsSpans: text.keepsSpans)
    output.origin = text.origin
    output.bytes.reserveCapacity(text.bytes.count + 2 * pieces.count)
    var part = AlignedText(keepsSpans: text.keepsSpans)
    for index in pieces.indices {
      let piece = pieces[index]
      part.bytes = Array(text.bytes[piece])
      if text.keepsSpans { part.spans = Array(text.spans[piece]) }
      let start = originalStart(piece)
      part.origin = start
      change(&part, start)
      let first = output.bytes.count
      output.bytes.append(contentsOf: part.bytes)
      output.spans.append(contentsOf: part.spans)
      pieces[index] = first..<output.bytes.count
    }
    text = output
    pieces.removeAll(where: \.isEmpty)
  }
}
