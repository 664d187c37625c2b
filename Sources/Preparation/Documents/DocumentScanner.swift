internal import DSXCore

/// Finds the documents of a plain text.
///
/// Line ends are LF, CR LF and CR, as Python's text mode takes them; a CR LF that is cut by the border
/// of two pieces counts once. One look at each byte.
struct DocumentScanner: EnterableScanner {
  let rule: DocumentRule
  /// `doubleLineFeed`: exactly as `split("\n\n")`, see the rule.
  let isExact: Bool
  private(set) var documentStart = 0
  /// `doubleLineFeed`: where the line end begins that a second one would make a border of.
  private var firstBreak: Int?
  private var isAfterCarriageReturn = false
  /// `blankLine`: whether the line, and the document, have anything but blanks; and its end so far.
  private var lineHasInk = false
  private var documentHasInk = false
  private var documentEnd = 0

  init(rule: DocumentRule, isExact: Bool = true) {
    self.rule = rule
    self.isExact = isExact
  }

  mutating func begin(at position: Int) {
    self = DocumentScanner(rule: rule, isExact: isExact)
    documentStart = position
  }

  func isKnown(after byte: UInt8) -> Bool {
    switch byte {
    case 0x0a, 0x0d: false
    case 0x20, 0x09: rule != .blankLine
    default: true
    }
  }

  mutating func enter(at position: Int) {
    // The document that is under way began somewhere before.
    begin(at: position - 1)
    (lineHasInk, documentHasInk, documentEnd) = (true, true, position)
  }

  mutating func rebase(by count: Int) {
    documentStart -= count
    if let first = firstBreak { firstBreak = first - count }
    documentEnd -= count
  }

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
      firstBreak = nil
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

  mutating func finish(
    _ bytes: UnsafeRawBufferPointer, at end: Int, _ emit: (Range<Int>) -> Void
  ) {
    switch rule {
    case .blankLine:
      if documentHasInk { emit(documentStart..<(lineHasInk ? end : documentEnd)) }
    case .doubleLineFeed:
      let last = isExact ? end : firstBreak ?? end
      if documentStart < last { emit(documentStart..<last) }
    case .line, .file, .jsonRow, .csvRow:
      if documentStart < end { emit(documentStart..<end) }
    }
    documentStart = end
  }

  private mutating func lineEnds(at position: Int, _ emit: (Range<Int>) -> Void) {
    switch rule {
    case .file, .jsonRow, .csvRow: break
    case .line:
      emit(documentStart..<position)
      documentStart = position + 1
    case .doubleLineFeed:
      if !isExact, documentStart == position {
        documentStart = position + 1
        return
      }
      guard let first = firstBreak else {
        firstBreak = position
        return
      }
      if documentStart < first { emit(documentStart..<first) }
      documentStart = position + 1
      firstBreak = nil
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
