internal import DSXCore

/// Guesses where rows begin, so that several threads can index one text.
///
/// Nobody knows in the middle of a text whether it is inside of quotes, so each guess is tried: from the
/// boundary on as if outside, and as if inside, some rows must come out right. A guess may be wrong; the
/// chunk before it then does not end there, and the reader goes on without the guesses behind it.
struct CSVBoundaries {
  let indexer: CSVIndexer
  /// Bytes that a guess is tried on.
  private static let trial = 1 << 14

  /// Row starts of `text`, which begins at a row: 0, then one behind each `step` bytes where a guess was
  /// possible.
  func starts(_ text: UnsafeRawBufferPointer, step: Int) -> [Int] {
    let scratch = CSVScratch()
    var starts = [0]
    var boundary = step
    while boundary < text.count {
      if let start = guess(text, boundary, scratch), start > starts[starts.count - 1] {
        starts.append(start)
      }
      boundary += step
    }
    return starts
  }

  private func guess(_ text: UnsafeRawBufferPointer, _ boundary: Int, _ scratch: CSVScratch) -> Int? {
    let outside = nextLine(text, boundary).flatMap { isRowStart(text, $0, scratch) ? $0 : nil }
    guard let quote = indexer.dialect.quote else { return outside }
    // Most texts have no line breaks in quotes: where a row starts right, the first guess is taken.
    if let outside { return outside }
    var at = boundary
    let end = min(text.count, boundary + Self.trial)
    while at < end, text[at] != quote { at += 1 }
    guard at < end, let inside = nextLine(text, at), isRowStart(text, inside, scratch) else {
      return nil
    }
    return inside
  }

  private func nextLine(_ text: UnsafeRawBufferPointer, _ from: Int) -> Int? {
    let end = min(text.count - 1, from + Self.trial)
    var at = from
    while at < end {
      if text[at] == 0x0a { return at + 1 }
      if text[at] == 0x0d, text[at + 1] != 0x0a { return at + 1 }
      at += 1
    }
    return nil
  }

  private func isRowStart(_ text: UnsafeRawBufferPointer, _ start: Int, _ scratch: CSVScratch)
    -> Bool
  {
    let rest = UnsafeRawBufferPointer(rebasing: text[start...])
    let count = min(rest.count, Self.trial)
    let chunk = indexer.chunk(
      rest, start: 0, count: count, isAtEnd: count == rest.count, scratch)
    return chunk.rows > 0 && chunk.faults.isEmpty
  }
}
