internal import DSXCore

/// SentencePiece's text normaliser: character map, blanks collapsed and written as U+2581, dummy
/// prefix. Immutable: everything is written in `init` only.
final class SentencePieceNormalizer: @unchecked Sendable {
  let spec: SentencePieceModel.NormalizerSpec
  let whitespaceAsSuffix: Bool
  let charsmap: Charsmap?
  let symbols: UserSymbols
  /// For each scalar below U+10000 one bit: it stands for itself, no rule and no symbol starts with it.
  private let plainTable: FlatTable<UInt64>
  /// The same as an address: threads that share it count no references.
  private let plain: UnsafePointer<UInt64>
  /// Whether no rule and no symbol starts with a blank.
  private let isBlankPlain: Bool

  /// The bytes of U+2581, which stands for a blank in pieces.
  static let blank: [UInt8] = [0xe2, 0x96, 0x81]

  init(
    _ spec: SentencePieceModel.NormalizerSpec, whitespaceAsSuffix: Bool, symbols: UserSymbols
  ) throws(DSXError) {
    self.spec = spec
    self.whitespaceAsSuffix = whitespaceAsSuffix
    self.symbols = symbols
    let map =
      spec.charsmap.isEmpty ? nil : try Charsmap(spec.charsmap, offset: spec.charsmapOffset)
    charsmap = map
    var plain = [UInt64](repeating: 0, count: 1024)
    var bytes: [UInt8] = []
    for value in 0..<UInt32(0x10000) where value != 0x20 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      bytes.removeAll(keepingCapacity: true)
      bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
      let isTouched = bytes.withUnsafeBytes {
        symbols.mayStart(with: $0) || map?.touches($0) ?? false
      }
      if isTouched { continue }
      plain[Int(value >> 6)] |= 1 << UInt64(value & 63)
    }
    plainTable = FlatTable(plain)
    self.plain = plainTable.base
    isBlankPlain = withUnsafeBytes(of: UInt8(0x20)) {
      !symbols.mayStart(with: $0) && !(map?.touches($0) ?? false)
    }
  }

  /// Whether each blank of a text stands for itself alone, whatever lies around it.
  var blanksStandAlone: Bool {
    !(charsmap?.hasBlankInKey ?? false) && !symbols.hasBlank && spec.escapeWhitespaces
  }

  /// Appends the normalised text, as `Normalizer::Normalize` makes it.
  func normalize(_ text: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    let first = output.count
    var index = 0
    if spec.removeExtraWhitespaces {
      while index < text.count {
        var isBlank = false
        let length = prefix(text, index) { isBlank = $0.count == 1 && $0[0] == 0x20 }
        guard isBlank else { break }
        index += length
      }
    }
    guard index < text.count else { return }
    if !whitespaceAsSuffix && spec.addDummyPrefix { appendBlank(&output) }
    let rest = UnsafeRawBufferPointer(rebasing: text[index...])
    append(rest, afterBlank: spec.removeExtraWhitespaces, to: &output)
    if spec.removeExtraWhitespaces { trim(&output, from: first) }
    if whitespaceAsSuffix && spec.addDummyPrefix { appendBlank(&output) }
  }

  /// Appends the mapped characters of `text` without prefix and without trimming the end.
  ///
  /// `afterBlank` says that blanks at the start are extra ones.
  func append(_ text: UnsafeRawBufferPointer, afterBlank: Bool, to output: inout [UInt8]) {
    var afterBlank = afterBlank
    var index = 0
    while index < text.count {
      let start = index
      index = endOfPlain(text, index)
      if index > start {
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<index]))
        afterBlank = false
        guard index < text.count else { break }
      }
      if text[index] == 0x20, isBlankPlain {
        if !afterBlank { appendBlank(&output) }
        afterBlank = spec.removeExtraWhitespaces
        index += 1
        continue
      }
      index += prefix(text, index) { piece in
        var place = 0
        if afterBlank { while place < piece.count, piece[place] == 0x20 { place += 1 } }
        guard place < piece.count else { return }
        while place < piece.count {
          if piece[place] == 0x20 { appendBlank(&output) } else { output.append(piece[place]) }
          place += 1
        }
        afterBlank = spec.removeExtraWhitespaces && piece[piece.count - 1] == 0x20
      }
    }
  }

  /// The first byte from `index` on that does not belong to a plain character.
  @inline(__always)
  private func endOfPlain(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start
    while index < text.count {
      let byte = text[index]
      let (scalar, length): (Int, Int)
      if byte < 0x80 {
        (scalar, length) = (Int(byte), 1)
      } else if byte >= 0xe0, byte < 0xf0, UTF8Validation.sequenceLength(text, at: index) == 3 {
        scalar =
          Int(byte & 0x0f) << 12 | Int(text[index + 1] & 0x3f) << 6 | Int(text[index + 2] & 0x3f)
        length = 3
      } else if byte >= 0xc2, byte < 0xe0, UTF8Validation.sequenceLength(text, at: index) == 2 {
        (scalar, length) = (Int(byte & 0x1f) << 6 | Int(text[index + 1] & 0x3f), 2)
      } else {
        break
      }
      guard plain[scalar >> 6] >> UInt64(scalar & 63) & 1 == 1 else { break }
      index += length
    }
    return index
  }

  /// `NormalizePrefix`: hands what stands for the start of the text to `body`; returns the length read.
  func prefix(
    _ text: UnsafeRawBufferPointer, _ index: Int, _ body: (UnsafeRawBufferPointer) -> Void
  ) -> Int {
    let symbol = symbols.match(text, index)
    if symbol > 0 {
      body(UnsafeRawBufferPointer(rebasing: text[index..<index + symbol]))
      return symbol
    }
    if let charsmap {
      let match = charsmap.longestMatch(text, index)
      if match.length > 0 {
        charsmap.withReplacement(match.replacement, body)
        return match.length
      }
    }
    let length = UTF8Validation.sequenceLength(text, at: index)
    guard length > 0 else {
      withUnsafeBytes(of: (UInt8(0xef), UInt8(0xbf), UInt8(0xbd)), body)
      return 1
    }
    body(UnsafeRawBufferPointer(rebasing: text[index..<index + length]))
    return length
  }

  func appendBlank(_ output: inout [UInt8]) {
    if spec.escapeWhitespaces {
      output.append(0xe2)
      output.append(0x96)
      output.append(0x81)
    } else {
      output.append(0x20)
    }
  }

  private func trim(_ output: inout [UInt8], from first: Int) {
    if spec.escapeWhitespaces {
      while output.count - first >= 3, output[output.count - 3] == 0xe2,
        output[output.count - 2] == 0x96, output[output.count - 1] == 0x81
      { output.removeLast(3) }
    } else {
      while output.count > first, output[output.count - 1] == 0x20 { output.removeLast() }
    }
  }
}
