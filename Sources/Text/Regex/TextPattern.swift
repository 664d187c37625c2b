/// What a `Split` or a `Replace` looks for.
enum TextPattern: Sendable {
  /// Exactly these bytes; nothing when there are none.
  case string([UInt8])
  /// A regular expression.
  case regex(Regex)
  /// A regular expression that is scanned by hand.
  case scanner(PieceScanner)

  /// Hands every match in `range` of the text to `body`, from left to right.
  func forEachMatch(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ body: (Range<Int>) -> Void
  ) {
    switch self {
    case .string(let wanted):
      guard let first = wanted.first, range.count >= wanted.count else { return }
      var index = range.lowerBound
      let last = range.upperBound - wanted.count
      while index <= last {
        guard text[index] == first, wanted.indices.allSatisfy({ text[index + $0] == wanted[$0] })
        else {
          index += 1
          continue
        }
        body(index..<index + wanted.count)
        index += wanted.count
      }
    case .regex(let regex): regex.forEachMatch(text, range, body)
    case .scanner(let scanner):
      let window = UnsafeRawBufferPointer(rebasing: text[range])
      var start = 0
      while start < window.count {
        let end = scanner.pieceEnd(window, from: start)
        body(start + range.lowerBound..<end + range.lowerBound)
        start = end
      }
    }
  }
}
