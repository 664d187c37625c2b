internal import DSXCore

/// SentencePiece's precompiled character map: a Darts double array from UTF-8 keys to replacements.
///
/// | offset | size | what |
/// | --- | --- | --- |
/// | 0 | 4 | size of the double array in bytes, little-endian |
/// | 4 | size | units of 4 bytes, little-endian |
/// | 4 + size | rest | replacements, each ended by a zero byte |
///
/// A unit: label = bits 31 and 0 to 7, has-leaf = bit 8, offset = (unit >> 10) << ((unit & 0x200) >> 6);
/// a leaf's low 31 bits are the place of the replacement.
struct Charsmap {
  private let units: [UInt32]
  private let replacements: [UInt8]
  /// Whether some key holds an ASCII blank.
  private(set) var hasBlankInKey = false

  /// Checks every unit that a text can reach: places inside the array, replacements inside theirs.
  init(_ bytes: [UInt8], offset base: Int) throws(DSXError) {
    func broken(_ what: String) -> DSXError {
      DSXError(.corrupt, "the model's character map is broken: \(what)", byte: base)
    }
    guard bytes.count > 8 else { throw broken("too short") }
    let size =
      Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    guard size >= 4, size % 4 == 0, size < bytes.count - 4 else {
      throw broken("its trie has \(size) of \(bytes.count) bytes")
    }
    units = bytes.withUnsafeBytes { raw in
      (0..<size / 4).map {
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 + $0 * 4, as: UInt32.self))
      }
    }
    replacements = Array(bytes[(4 + size)...])
    guard replacements.last == 0 else { throw broken("the last replacement has no end") }
    let invalid = replacements.withUnsafeBytes { UTF8Validation.firstInvalid($0) }
    guard invalid == nil else { throw broken("a replacement is not valid UTF-8") }
    try walkAll(broken)
  }

  @inline(__always)
  private static func next(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }

  private mutating func walkAll(_ broken: (String) -> DSXError) throws(DSXError) {
    var seen = [Bool](repeating: false, count: units.count)
    var waiting = [0]
    seen[0] = true
    while let place = waiting.popLast() {
      let unit = units[place]
      let children = place ^ Self.next(unit)
      if place != 0, unit & 0x100 != 0 {
        guard children < units.count else { throw broken("a leaf lies outside the trie") }
        guard Int(units[children] & 0x7fff_ffff) < replacements.count else {
          throw broken("a replacement lies outside the map")
        }
      }
      for label in 1..<256 {
        let child = children ^ label
        guard child < units.count, units[child] & 0x8000_00ff == UInt32(label), !seen[child] else {
          continue
        }
        if label == 0x20 { hasBlankInKey = true }
        seen[child] = true
        waiting.append(child)
      }
    }
  }

  /// The longest key that `text` has at `index`: its length and its replacement; length 0 when none.
  func longestMatch(_ text: UnsafeRawBufferPointer, _ index: Int) -> (
    length: Int, replacement: Range<Int>
  ) {
    var place = Self.next(units[0])
    var at = index
    var length = 0
    var value = 0
    while at < text.count {
      let byte = text[at]
      place ^= Int(byte)
      guard place < units.count else { break }
      let unit = units[place]
      guard unit & 0x8000_00ff == UInt32(byte) else { break }
      at += 1
      place ^= Self.next(unit)
      if unit & 0x100 != 0, place < units.count {
        length = at - index
        value = Int(units[place] & 0x7fff_ffff)
      }
    }
    guard length > 0, value < replacements.count else { return (0, 0..<0) }
    var end = value
    while replacements[end] != 0 { end += 1 }
    return (length, value..<end)
  }

  /// Whether any key starts with the first character of `bytes`, or ends inside it.
  func touches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var place = Self.next(units[0])
    for byte in bytes {
      place ^= Int(byte)
      guard place < units.count else { return false }
      let unit = units[place]
      guard unit & 0x8000_00ff == UInt32(byte) else { return false }
      if unit & 0x100 != 0 { return true }
      place ^= Self.next(unit)
    }
    return true
  }

  /// The bytes of a replacement.
  func withReplacement(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    replacements.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
