internal import DSXCore
internal import Glibc

/// Finds where the rows of a text lie that are no CSV: lines, or the elements of a JSON array.
final class RowRanges {
  /// What a row is.
  enum Kind: Sendable {
    /// A line that is not blank.
    case jsonLines
    /// An element of the array that the text is.
    case jsonArray
    /// A line.
    case text
  }

  let window: TextWindow
  let kind: Kind
  private let maximumRow: Int
  /// Where the next row is looked for.
  private(set) var position: Int
  /// Of an array: what is expected next.
  private enum Expected { case opening, firstElement, element, nothing }
  private var expected = Expected.opening

  init(_ input: TextInput, _ kind: Kind, maximumRow: Int) throws(DSXError) {
    window = try input.open()
    self.kind = kind
    self.maximumRow = maximumRow
    position = try window.start()
  }

  /// Whether the first character that is no blank is `[`.
  static func isArray(_ input: TextInput) throws(DSXError) -> Bool {
    let rows = try RowRanges(input, .jsonArray, maximumRow: 1)
    return try rows.skipBlanks(keeping: nil) == UInt8(ascii: "[")
  }

  /// Goes on at a row's start.
  func seek(to target: Int) throws(DSXError) {
    if target == position { return }
    let isKnown = target > position
    // The byte before tells whether a row can begin here.
    if isKnown { try window.advance(to: max(0, target - 1)) }
    let at = target - window.base
    guard isKnown, at > 0, at <= window.bytes.count else { throw lost(target) }
    if kind == .jsonArray {
      guard target == window.end || !Self.isBlank(window.bytes[at]) else { throw lost(target) }
      position = target
      expected = try skipBlanks(keeping: nil) == nil ? .nothing : .element
    } else if try !window.isLineStart(target) {
      throw lost(target)
    }
    position = target
  }

  private func lost(_ target: Int) -> DSXError {
    DSXError(.usage, "the saved position is not in this file", file: window.name, byte: target)
  }

  /// The next row, without its line end; nil at the end. Text from `kept` on stays in memory.
  func next(keeping kept: Int) throws(DSXError) -> Range<Int>? {
    if kind == .jsonArray { return try element(keeping: kept) }
    while let line = try line(keeping: kept) {
      if kind == .text { return line }
      let bytes = text(line)
      if !bytes.allSatisfy(Self.isBlank) { return line }
    }
    return nil
  }

  /// The bytes of a row that is in memory.
  func text(_ row: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      rebasing: window.bytes[(row.lowerBound - window.base)..<(row.upperBound - window.base)])
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  private func more(keeping kept: Int, from start: Int) throws(DSXError) {
    guard window.end - start <= maximumRow else { throw tooLong(start) }
    try window.fill(from: kept, count: (window.end - kept) * 2 + (1 << 16))
  }

  private func tooLong(_ start: Int) -> DSXError {
    DSXError(
      .malformed, "a row is longer than \(maximumRow >> 20) MiB", file: window.name,
      line: window.line(at: start))
  }

  private func line(keeping kept: Int) throws(DSXError) -> Range<Int>? {
    let start = position
    var searched = 0
    while true {
      let rest = UnsafeRawBufferPointer(rebasing: window.bytes[(start - window.base)...])
      if let base = rest.baseAddress, searched < rest.count {
        let found = Self.lineEnd(base, from: searched, count: rest.count, kind == .text)
        if let end = found, end + 1 < rest.count || rest[end] == 0x0a || window.isAtEnd {
          let isPair = rest[end] == 0x0d && end + 1 < rest.count && rest[end + 1] == 0x0a
          position = start + end + (isPair ? 2 : 1)
          let hasReturn = rest[end] == 0x0a && end > 0 && rest[end - 1] == 0x0d
          let range = start..<(start + end - (hasReturn ? 1 : 0))
          guard range.count <= maximumRow else { throw tooLong(start) }
          return range
        }
        searched = found ?? rest.count
      }
      guard !window.isAtEnd else {
        position = window.end
        return rest.isEmpty ? nil : start..<window.end
      }
      try more(keeping: kept, from: start)
    }
  }

  /// The first LF, or of text also a CR.
  private static func lineEnd(
    _ base: UnsafeRawPointer, from: Int, count: Int, _ takesReturns: Bool
  ) -> Int? {
    let feed = memchr(base + from, 0x0a, count - from).map { UnsafeRawPointer($0) - base }
    guard takesReturns else { return feed }
    let end = feed ?? count
    return memchr(base + from, 0x0d, end - from).map { UnsafeRawPointer($0) - base } ?? feed
  }

  // MARK: arrays

  /// The next character that is no blank; it is not passed. nil at the end.
  private func skipBlanks(keeping kept: Int?) throws(DSXError) -> UInt8? {
    while true {
      while position < window.end {
        let byte = window.bytes[position - window.base]
        if !Self.isBlank(byte) { return byte }
        position += 1
      }
      guard !window.isAtEnd else { return nil }
      try window.fill(from: kept ?? position, count: position - (kept ?? position) + (1 << 16))
    }
  }

  private func fault(_ message: String, hint: String? = nil) -> DSXError {
    DSXError(
      .malformed, message, file: window.name, line: window.line(at: position),
      byte: window.isStream ? nil : position, hint: hint)
  }

  private func element(keeping kept: Int) throws(DSXError) -> Range<Int>? {
    if expected == .opening {
      guard let first = try skipBlanks(keeping: kept) else {
        expected = .nothing
        return nil
      }
      guard first == UInt8(ascii: "[") else {
        throw fault(
          "the text is not a JSON array",
          hint: "it begins with '['; one object a line is JSON lines (.jsonl)")
      }
      position += 1
      expected = .firstElement
    }
    guard expected != .nothing else { return nil }
    guard let first = try skipBlanks(keeping: kept) else {
      throw fault("the JSON array does not end", hint: "the file is cut off: ']' is missing")
    }
    if first == UInt8(ascii: "]"), expected == .firstElement { return try end(keeping: kept) }
    let start = position
    position = try valueEnd(keeping: kept)
    let row = start..<position
    guard let after = try skipBlanks(keeping: kept) else {
      throw fault("the JSON array does not end", hint: "the file is cut off: ']' is missing")
    }
    switch after {
    case UInt8(ascii: ","):
      position += 1
      // So that a saved position is that of an element.
      guard let next = try skipBlanks(keeping: kept), next != UInt8(ascii: "]") else {
        throw fault("there is no element behind the comma")
      }
      expected = .element
    case UInt8(ascii: "]"): _ = try end(keeping: kept)
    default: throw fault("expected ',' or ']' behind an element")
    }
    return row
  }

  private func end(keeping kept: Int) throws(DSXError) -> Range<Int>? {
    position += 1
    expected = .nothing
    if try skipBlanks(keeping: kept) != nil {
      throw fault("there is more after the end of the JSON array")
    }
    return nil
  }

  /// Behind the value at `position`: brackets are counted outside of strings, the value is not checked.
  private func valueEnd(keeping kept: Int) throws(DSXError) -> Int {
    let start = position
    var at = start
    var depth = 0
    var isInside = false
    while true {
      while at < window.end {
        let byte = window.bytes[at - window.base]
        if isInside {
          if byte == UInt8(ascii: "\\") {
            // What is escaped ends nothing; it may not be in memory yet.
            at += 1
          } else if byte == UInt8(ascii: "\"") {
            isInside = false
            if depth == 0 { return at + 1 }
          }
        } else {
          switch byte {
          case UInt8(ascii: "\""): isInside = true
          case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
          case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth == 0 { return at }
            depth -= 1
            if depth == 0 { return at + 1 }
          case UInt8(ascii: ",") where depth == 0: return at
          case let byte where depth == 0 && Self.isBlank(byte): return at
          default: break
          }
        }
        at += 1
      }
      guard !window.isAtEnd else {
        throw fault("the JSON array does not end", hint: "the file is cut off: ']' is missing")
      }
      try more(keeping: kept, from: start)
    }
  }
}
