/// Finds the documents of one file in raw bytes that arrive piece by piece.
///
/// Line ends are LF, CR LF and CR, as Python's text mode takes them; a CR LF that is cut by the border
/// of two pieces counts once. Positions are those of the buffer that is scanned; `rebase` moves them
/// when bytes at the front of it are gone. It never looks back, so a document may span any number of
/// pieces. One look at each byte.
struct DocumentScanner {
  let rule: DocumentRule
  /// Where the document that is under way begins: nothing before is needed any more.
  private(set) var documentStart = 0
  /// `doubleLineFeed`: where the line end begins that a second one would make a border of.
  private var firstBreak = -1
  private var isAfterCarriageReturn = false
  /// `blankLine`: whether the line, and the document, have anything but blanks; and its end so far.
  private var lineHasInk = false
  private var documentHasInk = false
  private var documentEnd = 0

  init(rule: DocumentRule) { self.rule = rule }

  /// Starts a new file at `position`.
  mutating func begin(at position: Int) {
    self = DocumentScanner(rule: rule)
    documentStart = position
  }

  /// `count` bytes at the front of the buffer are gone.
  mutating func rebase(by count: Int) {
    documentStart -= count
    firstBreak -= count
    documentEnd -= count
  }

  /// Looks at `range` of `bytes`, which follows what was scanned before; hands on finished documents.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (Range<Int>) -> Void
  ) {
    guard rule != .file else { return }
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = bytes[position]
      if byte == 0x0a || byte == 0x0d {
        if byte == 0x0a, isAfterCarriageReturn {
          // The second half of a CR LF: if the CR ended a document, the next begins after the LF.
          if documentStart == position { documentStart += 1 }
          isAfterCarriageReturn = false
        } else {
          isAfterCarriageReturn = byte == 0x0d
          lineEnds(at: position, emit)
        }
        position += 1
        continue
      }
      isAfterCarriageReturn = false
      firstBreak = -1
      if rule == .blankLine, !lineHasInk {
        if byte != 0x20 && byte != 0x09 {
          lineHasInk = true
          documentHasInk = true
        }
        position += 1
        continue
      }
      position += 1
      while position + 8 <= range.upperBound,
        !Self.hasLineEnd(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      {
        position += 8
      }
    }
  }

  /// The file ends at `end`: what is left is a document.
  mutating func finish(at end: Int, _ emit: (Range<Int>) -> Void) {
    switch rule {
    case .blankLine:
      if documentHasInk { emit(documentStart..<(lineHasInk ? end : documentEnd)) }
    case .doubleLineFeed, .line, .file:
      if documentStart < end { emit(documentStart..<end) }
    }
    documentStart = end
  }

  private mutating func lineEnds(at position: Int, _ emit: (Range<Int>) -> Void) {
    switch rule {
    case .file: break
    case .line:
      emit(documentStart..<position)
      documentStart = position + 1
    case .doubleLineFeed:
      guard firstBreak >= 0 else {
        firstBreak = position
        return
      }
      if documentStart < firstBreak { emit(documentStart..<firstBreak) }
      documentStart = position + 1
      firstBreak = -1
    case .blankLine:
      if lineHasInk {
        documentEnd = position
        lineHasInk = false
      } else {
        if documentHasInk { emit(documentStart..<documentEnd) }
        documentHasInk = false
        documentStart = position + 1
      }
    }
  }

  /// Whether one of eight bytes is CR or LF: the usual "has a zero byte" test on word XOR pattern.
  @inline(__always)
  private static func hasLineEnd(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    let feed = word ^ (ones &* 0x0a)
    let carriage = word ^ (ones &* 0x0d)
    return ((feed &- ones) & ~feed | (carriage &- ones) & ~carriage) & tops != 0
  }
}
