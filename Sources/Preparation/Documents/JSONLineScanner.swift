internal import DSXCore
internal import Glibc

/// Finds the lines of a JSON-lines text: they end at LF alone, since a CR between tokens is a blank.
/// Lines of blanks are no rows.
struct JSONLineScanner: EnterableScanner {
  private(set) var documentStart = 0

  mutating func begin(at position: Int) { documentStart = position }
  func isKnown(after byte: UInt8) -> Bool { byte != 0x0a }
  mutating func enter(at position: Int) { begin(at: position - 1) }
  mutating func rebase(by count: Int) { documentStart -= count }

  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (Range<Int>) -> Void
  ) {
    guard let base = bytes.baseAddress else { return }
    var position = range.lowerBound
    while position < range.upperBound,
      let found = memchr(base + position, 0x0a, range.upperBound - position)
    {
      let end = UnsafeRawPointer(found) - base
      hand(bytes, end, emit)
      documentStart = end + 1
      position = end + 1
    }
  }

  mutating func finish(
    _ bytes: UnsafeRawBufferPointer, at end: Int, _ emit: (Range<Int>) -> Void
  ) {
    if documentStart < end { hand(bytes, end, emit) }
    documentStart = end
  }

  private func hand(_ bytes: UnsafeRawBufferPointer, _ end: Int, _ emit: (Range<Int>) -> Void) {
    let line = documentStart..<end
    // A line that was entered in its middle may begin before the bytes that are at hand.
    let isBlank = line.clamped(to: 0..<end).allSatisfy {
      bytes[$0] == 0x20 || bytes[$0] == 0x09 || bytes[$0] == 0x0d
    }
    if !isBlank { emit(line) }
  }
}
