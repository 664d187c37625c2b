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
  private let units: FlatTable<UInt32>
  private let replacements: FlatTable<UInt8>
  /// Whether some key holds an ASCII blank.
  let hasBlankInKey: Bool

  /// SentencePiece looks at this many keys that begin alike, shorter ones first.
  private static let maximumMatches = 32

  /// Checks the sizes and every unit, as SentencePiece does: places inside the array, replacements
  /// inside theirs. `base` is where the file has the map.
  init(_ bytes: [UInt8], offset base: Int) throws(DSXError) {
    func broken(_ what: String) -> DSXError {
      DSXError(.corrupt, "the model's character map is broken: \(what)", byte: base)
    }
    guard bytes.count > 8 else { throw broken("too short") }
    let size =
      Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    guard size >= 1024, size % 1024 == 0, size < bytes.count - 4 else {
      throw broken("its trie has \(size) of \(bytes.count) bytes, no multiple of 1,024")
    }
    let units = bytes.withUnsafeBytes { raw in
      (0..<size / 4).map {
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 + $0 * 4, as: UInt32.self))
      }
    }
    let replacements = Array(bytes[(4 + size)...])
    guard replacements.last == 0 else { throw broken("the last replacement has no end") }
    let invalid = replacements.withUnsafeBytes { UTF8Validation.firstInvalid($0) }
    guard invalid == nil else { throw broken("a replacement is not valid UTF-8") }
    let isValid = units.withUnsafeBufferPointer {
      Self.isValid($0, replacementBytes: replacements.count)
    }
    guard isValid else { throw broken("a unit of its trie points outside") }
    self.units = FlatTable(units)
    self.replacements = FlatTable(replacements)
    hasBlankInKey = units.withUnsafeBufferPointer { Self.findBlank($0) }
  }

  private static func isValid(
    _ units: UnsafeBufferPointer<UInt32>, replacementBytes: Int
  ) -> Bool {
    guard units[0] & 0x8000_00ff == 0, units[0] & 0x100 == 0, next(units[0]) != 0,
      next(units[0]) | 0xff < units.count
    else { return false }
    for place in 1..<units.count {
      let unit = units[place]
      if unit & 0x8000_0000 != 0 {
        if Int(unit & 0x7fff_ffff) >= replacementBytes { return false }
      } else {
        let children = place ^ next(unit)
        if children | 0xff >= units.count { return false }
        if unit & 0x100 != 0, units[children] & 0x8000_0000 == 0 { return false }
      }
    }
    return true
  }

  @inline(__always)
  private static func next(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }

  /// Whether a unit that a text can reach stands for a blank. Linear in the number of units.
  private static func findBlank(_ units: UnsafeBufferPointer<UInt32>) -> Bool {
    // Units by the place that their parent's offset leads to: place ^ label.
    var first = [Int32](repeating: -1, count: units.count)
    var sibling = [Int32](repeating: -1, count: units.count)
    for place in 1..<units.count where units[place] & 0x8000_0000 == 0 {
      let group = place ^ Int(units[place] & 0xff)
      sibling[place] = first[group]
      first[group] = Int32(place)
    }
    var seen = [Bool](repeating: false, count: units.count)
    var waiting = [next(units[0])]
    seen[waiting[0]] = true
    while let group = waiting.popLast() {
      var place = Int(first[group])
      while place >= 0 {
        if units[place] & 0xff == 0x20 { return true }
        let children = place ^ next(units[place])
        if !seen[children] {
          seen[children] = true
          waiting.append(children)
        }
        place = Int(sibling[place])
      }
    }
    return false
  }

  /// The longest key that `text` has at `index`: its length and its replacement; length 0 when none.
  func longestMatch(_ text: UnsafeRawBufferPointer, _ index: Int) -> (
    length: Int, replacement: Range<Int>
  ) {
    var place = Self.next(units[0])
    var at = index
    var length = 0
    var matches = 0
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
        matches += 1
        if matches == Self.maximumMatches { break }
      }
    }
    guard length > 0, value < replacements.count else { return (0, 0..<0) }
    var end = value
    while replacements[end] != 0 { end += 1 }
    return (length, value..<end)
  }

  /// Whether any key starts with `bytes`, the ones of a character, or ends inside them.
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
    body(UnsafeRawBufferPointer(start: replacements.base + range.lowerBound, count: range.count))
  }
}
