internal import DSXCore

/// Finds the rows of a `.json` file: the elements of an array, or lines when it begins otherwise.
///
/// Looks at brackets, quotes and commas only; whether an element is JSON is seen when it is parsed.
struct JSONFileScanner: BorderScanner {
  private enum Place { case start, value, element, string, escape, after, end, lines }

  private(set) var documentStart = 0
  private var place = Place.start
  private var depth = 0
  /// Whether a comma came last, so that `]` may not follow.
  private var needsValue = false
  private var lines = JSONLineScanner()

  mutating func begin(at position: Int) {
    self = JSONFileScanner()
    documentStart = position
  }

  mutating func rebase(by count: Int) {
    documentStart -= count
    lines.rebase(by: count)
  }

  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (Range<Int>) -> Void
  ) throws(DSXError) {
    var position = range.lowerBound
    while position < range.upperBound {
      if place == .lines {
        lines.scan(bytes, position..<range.upperBound, emit)
        documentStart = lines.documentStart
        return
      }
      let byte = bytes[position]
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
      switch place {
      case .start where isBlank: break
      case .start:
        guard byte == UInt8(ascii: "[") else {
          place = .lines
          lines.begin(at: documentStart)
          continue
        }
        place = .value
      case .value where isBlank: documentStart = position + 1
      case .value:
        documentStart = position
        if byte == UInt8(ascii: "]"), !needsValue {
          place = .end
        } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: ",") {
          throw DSXError(.malformed, "the JSON array lacks an element here", byte: position)
        } else {
          depth = 0
          place = .element
          continue
        }
      case .string: string(byte)
      case .escape: place = .string
      case .element:
        if element(byte) {
          emit(documentStart..<position)
          documentStart = position
          place = .after
          continue
        }
      case .after:
        needsValue = byte == UInt8(ascii: ",")
        place = needsValue ? .value : .end
        documentStart = position + 1
      case .end where isBlank: documentStart = position + 1
      case .end:
        throw DSXError(
          .malformed, "there is more after the end of the JSON array", byte: position)
      case .lines: break
      }
      position += 1
    }
  }

  mutating func finish(
    _ bytes: UnsafeRawBufferPointer, at end: Int, _ emit: (Range<Int>) -> Void
  ) throws(DSXError) {
    switch place {
    case .lines: lines.finish(bytes, at: end, emit)
    case .start, .end: break
    default: throw DSXError(.malformed, "the JSON array ends too early", byte: end)
    }
    documentStart = end
  }

  private mutating func string(_ byte: UInt8) {
    if byte == UInt8(ascii: "\\") {
      place = .escape
    } else if byte == UInt8(ascii: "\"") {
      place = .element
    }
  }

  /// One byte of an element outside of strings; true at the comma or bracket after it.
  private mutating func element(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""): place = .string
    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
    case UInt8(ascii: "}"): depth -= 1
    case UInt8(ascii: "]"):
      if depth <= 0 { return true }
      depth -= 1
    case UInt8(ascii: ","): return depth <= 0
    default: break
    }
    return false
  }
}
