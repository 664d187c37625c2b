/// Encodes texts on one thread with a byte-level BPE vocabulary; keeps a cache of pieces.
public struct ByteLevelEncoder: TokenEncoder {
  private let vocabulary: ByteLevelVocabulary
  private let matchers: [AddedTokenMatcher]
  private let addsPrefixSpace: Bool
  private let splitsByPattern: Bool
  private let splitter = GPT2Splitter()
  private var merger: BytePairMerger
  private var cache = PieceCache()
  private var symbols: [Int32] = []
  /// When not nil: where in the text each token ends, which `encodeWithOffsets` reads.
  private var trace: [Range<Int>]?

  /// An encoder; `plain` reads the spelling of special tokens as ordinary text.
  public init(_ tokenizer: ByteLevelTokenizer, plain: Bool) {
    vocabulary = tokenizer.vocabulary
    matchers = plain ? tokenizer.plainMatchers : tokenizer.matchers
    addsPrefixSpace = tokenizer.addsPrefixSpace
    splitsByPattern = tokenizer.splitsByPattern
    merger = BytePairMerger(tokenizer.vocabulary.merges)
  }

  /// Appends the ids of `text`. Linear in the text but for the merges of long pieces (n log n).
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    encode(text, 0..<text.count, level: 0, into: &ids)
  }

  /// The ids of a text and for each the code points of the text that it covers.
  ///
  /// Ranges are not trimmed; tokens that share a code point's bytes all cover it.
  public mutating func encodeWithOffsets(_ text: String) -> (ids: [Int32], offsets: [Range<Int>]) {
    var ids: [Int32] = []
    trace = []
    defer { trace = nil }
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { encode($0, into: &ids) }
    // codePoints[i] = index of the code point that byte i belongs to.
    var codePoints: [Int] = []
    var count = -1
    for byte in bytes {
      if byte & 0xc0 != 0x80 { count += 1 }
      codePoints.append(count)
    }
    let offsets = (trace ?? []).map { range in
      codePoints[range.lowerBound]..<codePoints[range.upperBound - 1] + 1
    }
    return (ids, offsets)
  }

  /// Cuts out the added tokens of matcher `level`; what lies between goes to the next level.
  private mutating func encode(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, level: Int, into ids: inout [Int32]
  ) {
    guard level < matchers.count else {
      encodeStretch(text, range, into: &ids)
      return
    }
    var start = range.lowerBound
    while let found = matchers[level].next(text, from: start, to: range.upperBound) {
      var (from, to) = (found.range.lowerBound, found.range.upperBound)
      if found.token.stripsLeft { from = Blanks.start(text, before: from, notBefore: start) }
      if found.token.stripsRight { to = Blanks.end(text, after: to, notAfter: range.upperBound) }
      encode(text, start..<from, level: level + 1, into: &ids)
      ids.append(found.token.id)
      trace?.append(from..<to)
      start = to
    }
    encode(text, start..<range.upperBound, level: level + 1, into: &ids)
  }

  /// Encodes text between added tokens.
  private mutating func encodeStretch(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, into ids: inout [Int32]
  ) {
    guard !range.isEmpty else { return }
    let stretch = UnsafeRawBufferPointer(rebasing: text[range])
    guard addsPrefixSpace, stretch[0] != 0x20 else {
      encodePieces(stretch, at: range.lowerBound, prefix: 0, into: &ids)
      return
    }
    var copy: [UInt8] = [0x20]
    copy.append(contentsOf: stretch)
    copy.withUnsafeBytes { encodePieces($0, at: range.lowerBound, prefix: 1, into: &ids) }
  }

  private mutating func encodePieces(
    _ text: UnsafeRawBufferPointer, at base: Int, prefix: Int, into ids: inout [Int32]
  ) {
    var start = 0
    while start < text.count {
      let end = splitsByPattern ? splitter.pieceEnd(text, from: start) : text.count
      let first = ids.count
      encodePiece(UnsafeRawBufferPointer(rebasing: text[start..<end]), into: &ids)
      if trace != nil {
        // A prefix blank belongs to the character that it was put before.
        var position = start - prefix
        for id in ids[first...] {
          let length = vocabulary.pieces[Int(id)]?.bytes.count ?? 0
          trace?.append(
            base + max(0, position)..<base + max(1, position + length))
          position += length
        }
      }
      start = end
    }
  }

  private mutating func encodePiece(_ piece: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    if piece.count == 1 {
      ids.append(vocabulary.byteIDs[Int(piece[0])])
      return
    }
    let isCached = piece.count <= PieceCache.longestPiece
    let hash = isCached ? PieceCache.hash(piece) : 0
    if isCached, cache.find(piece, hash, into: &ids) { return }
    symbols.removeAll(keepingCapacity: true)
    if vocabulary.ignoresMerges, let id = vocabulary.ids[ByteAlphabet.spell(piece)] {
      symbols.append(id)
    } else {
      for byte in piece { symbols.append(vocabulary.byteIDs[Int(byte)]) }
      merger.merge(&symbols)
    }
    if isCached { cache.insert(piece, hash, symbols) }
    ids.append(contentsOf: symbols)
  }
}

/// White space around added tokens (`\s`).
private enum Blanks {
  /// Where the white space that ends at `end` begins, but not before `limit`.
  static func start(_ text: UnsafeRawBufferPointer, before end: Int, notBefore limit: Int) -> Int {
    var start = end
    while start > limit {
      var lead = start - 1
      while lead > limit, text[lead] & 0xc0 == 0x80 { lead -= 1 }
      guard isSpace(text[lead..<start]) else { break }
      start = lead
    }
    return start
  }

  /// Where the white space that begins at `start` ends, at most `limit`.
  static func end(_ text: UnsafeRawBufferPointer, after start: Int, notAfter limit: Int) -> Int {
    var end = start
    while end < limit {
      var next = end + 1
      while next < limit, text[next] & 0xc0 == 0x80 { next += 1 }
      guard isSpace(text[end..<next]) else { break }
      end = next
    }
    return end
  }

  private static func isSpace(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first else { return false }
    return UnicodeClassTable.shared.rawClass(scalar.value) == UnicodeClass.space.rawValue
  }
}
