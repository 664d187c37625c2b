internal import DSXCore

/// SentencePiece's precompiled character map as Hugging Face tokenizers reads it.
///
/// Not as SentencePiece does: the text is cut into grapheme clusters; a cluster of less than six bytes
/// of which a key is a prefix is replaced as a whole by what the shortest such key maps to; otherwise
/// each code point is looked up for itself, again by the shortest key. The layout is that of `Charsmap`.
struct PrecompiledMap: Sendable {
  private let units: [UInt32]
  private let replacements: [UInt8]
  /// For code points below U+10000 one bit each: no key begins with it.
  private var plain: [UInt64]

  /// Reads the bytes of `precompiled_charsmap`. Places are checked when they are followed.
  init(_ bytes: [UInt8]) throws(DSXError) {
    func broken(_ what: String) -> DSXError {
      DSXError(.corrupt, "the character map is broken: \(what)")
    }
    guard bytes.count >= 4 else { throw broken("too short") }
    let size = bytes.withUnsafeBytes {
      Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
    }
    guard size >= 4, size % 4 == 0, size <= bytes.count - 4 else {
      throw broken("its trie has \(size) of \(bytes.count) bytes")
    }
    units = bytes.withUnsafeBytes { raw in
      (0..<size / 4).map {
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 + $0 * 4, as: UInt32.self))
      }
    }
    replacements = Array(bytes[(4 + size)...])
    if replacements.withUnsafeBytes({ UTF8Validation.firstInvalid($0) }) != nil {
      throw broken("a replacement is not valid UTF-8")
    }
    plain = []
    var plain = [UInt64](repeating: 0, count: 0x10000 >> 6)
    var spelled: [UInt8] = []
    for code in UInt32(0)..<0x10000 where !(0xd800..<0xe000).contains(code) {
      spelled.removeAll(keepingCapacity: true)
      UTF8Scalars.append(code, to: &spelled)
      if spelled.withUnsafeBytes({ !walk($0, 0..<$0.count).mayMatch }) {
        plain[Int(code >> 6)] |= 1 << UInt64(code & 63)
      }
    }
    self.plain = plain
  }

  private static func next(_ unit: UInt32) -> Int { Int((unit >> 10) << ((unit & 0x200) >> 6)) }

  /// Follows `range` of the text to the first leaf: where its replacement lies, and whether a longer
  /// text might still match.
  private func walk(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> (
    mayMatch: Bool, place: Int?
  ) {
    var place = Self.next(units[0])
    for index in range {
      let byte = text[index]
      if byte == 0 { return (false, nil) }
      place ^= Int(byte)
      guard place < units.count else { return (false, nil) }
      let unit = units[place]
      guard unit & 0x8000_00ff == UInt32(byte) else { return (false, nil) }
      place ^= Self.next(unit)
      if unit & 0x100 != 0 {
        guard place < units.count else { return (false, nil) }
        return (true, Int(units[place] & 0x7fff_ffff))
      }
    }
    return (true, nil)
  }

  /// The code points that a part of the text is replaced by; nil when no key is a prefix of it.
  private func replacement(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt32]? {
    guard let place = walk(text, range).place else { return nil }
    guard place < replacements.count else { return [] }
    let end = replacements[place...].firstIndex(of: 0) ?? replacements.count
    return String(decoding: replacements[place..<end], as: UTF8.self).unicodeScalars.map(\.value)
  }

  @inline(__always)
  private func isPlain(_ code: UInt32) -> Bool {
    code < 0x10000 && plain[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1
  }

  /// Whether a grapheme cluster surely ends before this code point, and it is no mark itself.
  @inline(__always)
  private static func standsAlone(_ code: UInt32) -> Bool {
    switch code {
    case 0x0a, 0x0d: false
    case 0..<0x300, 0x3001...0x3029, 0x3041...0x3096, 0x30a1...0x30ff, 0x3400...0x4dbf,
      0x4e00...0x9fff, 0xff01...0xff9d, 0x2010...0x2027, 0x2581:
      true
    default: false
    }
  }

  func apply(_ text: inout AlignedText) {
    var isPlainText = true
    var isSimple = true
    text.bytes.withUnsafeBytes { bytes in
      var index = 0
      while index < bytes.count {
        let (code, next) = UTF8Scalars.read(bytes, index)
        if !isPlain(code) { isPlainText = false }
        if !Self.standsAlone(code) { isSimple = false }
        index = next
      }
    }
    if isPlainText { return }
    var output: [UnicodeNormalizer.Change] = []
    output.reserveCapacity(text.bytes.count)
    var isModified = false
    text.bytes.withUnsafeBytes { bytes in
      func look(_ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
          let (code, next) = UTF8Scalars.read(bytes, index)
          if !isPlain(code), let new = replacement(bytes, index..<next) {
            isModified = true
            Self.append(new, for: 1, &output)
          } else {
            output.append(.init(code: code, change: 0))
          }
          index = next
        }
      }
      if isSimple {
        look(0..<bytes.count)
        return
      }
      var start = 0
      for cluster in String(decoding: bytes, as: UTF8.self) {
        let end = start + cluster.utf8.count
        if end - start < 6, let new = replacement(bytes, start..<end) {
          isModified = true
          Self.append(new, for: cluster.unicodeScalars.count, &output)
        } else {
          look(start..<end)
        }
        start = end
      }
    }
    guard isModified else { return }
    TextNormalizer.rewrite(&text) { rewriter in
      for item in output { rewriter.apply(item.change, item.code) }
    }
  }

  /// Appends what stands for `count` code points: those there are too many of are new, what is
  /// missing was swallowed by the last one written.
  private static func append(
    _ new: [UInt32], for count: Int, _ output: inout [UnicodeNormalizer.Change]
  ) {
    for code in new { output.append(.init(code: code, change: 0)) }
    let more = new.count - count
    if more > 0 {
      for index in output.count - more..<output.count { output[index].change = 1 }
    } else if more < 0, !output.isEmpty {
      output[output.count - 1].change += Int32(more)
    }
  }
}
