internal import DSXCore

/// The merge rules of a SentencePiece BPE model in the form that encoding needs.
///
/// Symbols are numbers: a piece's id, or, for a character that occurs in pieces without being one, a
/// number from `pieces.count` on. SentencePiece merges two neighbours when the joined text is a piece;
/// here every piece's two-part splits into symbols are known beforehand as pairs.
final class BPEVocabulary: Sendable {
  let pieces: PieceTable
  /// Symbol of each scalar below U+10000, -1 when no piece has it.
  private let basicPlane: [Int32]
  private let otherPlanes: [UInt32: Int32]
  /// The id that each symbol gives.
  let idOfSymbol: [Int32]
  /// The scalar of each symbol from `pieces.count` on.
  let extraScalars: [UInt32]
  /// The place of each piece in the order of merging: the higher score first, equal scores equal.
  let ranks: [Int32]
  /// Whether a piece holds U+2581, the blank, behind a character that is none.
  let hasInnerBlank: Bool
  /// Whether a piece is of the unused type: it takes part in merging, then is taken apart again.
  let hasUnused: Bool

  // (left, right) to the merged piece, open addressing; keys are stored plus one.
  private let pairKeys: [UInt64]
  private let pairValues: [Int32]
  // One bit for each hash of two neighbouring characters inside a piece.
  private let neighbours: [UInt64]
  private let neighbourShift: UInt64

  init(_ pieces: PieceTable) throws(DSXError) {
    self.pieces = pieces
    var basicPlane = [Int32](repeating: -1, count: 0x10000)
    var otherPlanes: [UInt32: Int32] = [:]
    var idOfSymbol = (0..<Int32(pieces.count)).map { $0 }
    var extraScalars: [UInt32] = []
    func symbol(_ scalar: UInt32) -> Int32 {
      scalar < 0x10000 ? basicPlane[Int(scalar)] : otherPlanes[scalar] ?? -1
    }
    // Characters: of ordinary pieces all, of the reserved ones those that are a whole piece.
    for id in 0..<Int32(pieces.count) {
      let kind = pieces.kinds[Int(id)]
      let ordinary = kind == .normal || kind == .userDefined || kind == .unused
      let scalars = Array(String(decoding: pieces.text(id), as: UTF8.self).unicodeScalars)
      guard ordinary || scalars.count == 1 else { continue }
      for scalar in scalars where symbol(scalar.value) < 0 {
        let bytes = Array(UTF8.encode(scalar) ?? .init())
        let (piece, output) = bytes.withUnsafeBytes { (pieces.ordinary($0), pieces.id($0)) }
        let number: Int32
        if let piece {
          number = piece
          idOfSymbol[Int(piece)] = output ?? pieces.unknown
        } else {
          number = Int32(idOfSymbol.count)
          idOfSymbol.append(output ?? pieces.unknown)
          extraScalars.append(scalar.value)
        }
        if scalar.value < 0x10000 {
          basicPlane[Int(scalar.value)] = number
        } else {
          otherPlanes[scalar.value] = number
        }
      }
    }
    // A reserved piece of the same text has the id, but not the merges.
    for id in 0..<Int32(pieces.count) {
      let text = Array(pieces.text(id))
      idOfSymbol[Int(id)] = text.withUnsafeBytes { pieces.id($0) } ?? id
    }
    self.basicPlane = basicPlane
    self.otherPlanes = otherPlanes
    self.idOfSymbol = idOfSymbol
    self.extraScalars = extraScalars

    let order = Set(pieces.scores).sorted(by: >)
    var rankOfScore: [Float: Int32] = [:]
    for (rank, score) in order.enumerated() { rankOfScore[score] = Int32(rank) }
    ranks = pieces.scores.map { rankOfScore[$0] ?? 0 }
    hasUnused = pieces.kinds.contains(.unused)

    var pairs: [(key: UInt64, merged: Int32)] = []
    var bigrams: [UInt64] = []
    var hasInnerBlank = false
    for id in 0..<Int32(pieces.count) {
      let kind = pieces.kinds[Int(id)]
      guard kind == .normal || kind == .userDefined || kind == .unused else { continue }
      let text = Array(pieces.text(id))
      var bounds: [Int] = []
      var symbols: [Int32] = []
      var before: UInt32 = 0
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        if scalar.value == 0x2581, before != 0x2581, !bounds.isEmpty { hasInnerBlank = true }
        before = scalar.value
        bounds.append((bounds.last ?? 0) + UTF8.width(scalar))
        symbols.append(symbol(scalar.value))
      }
      for split in 1..<max(symbols.count, 1) {
        bigrams.append(Self.neighbourHash(symbols[split - 1], symbols[split]))
        let (left, right) = text.withUnsafeBytes { text -> (Int32?, Int32?) in
          let head = UnsafeRawBufferPointer(rebasing: text[..<bounds[split - 1]])
          let tail = UnsafeRawBufferPointer(rebasing: text[bounds[split - 1]...])
          return (
            split == 1 ? symbols[0] : pieces.ordinary(head),
            split == symbols.count - 1 ? symbols[split] : pieces.ordinary(tail)
          )
        }
        if let left, let right { pairs.append((Self.pairKey(left, right), id)) }
      }
    }
    self.hasInnerBlank = hasInnerBlank
    var capacity = 16
    while capacity < pairs.count * 2 { capacity <<= 1 }
    var keys = [UInt64](repeating: 0, count: capacity)
    var values = [Int32](repeating: -1, count: capacity)
    for (key, merged) in pairs {
      var slot = Self.pairSlot(key) & (capacity - 1)
      while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & (capacity - 1) }
      keys[slot] = key
      values[slot] = merged
    }
    pairKeys = keys
    pairValues = values
    var bits: UInt64 = 12
    while 1 << bits < bigrams.count * 16, bits < 26 { bits += 1 }
    var neighbours = [UInt64](repeating: 0, count: 1 << Int(bits - 6))
    for hash in bigrams {
      let bit = hash >> (64 - bits)
      neighbours[Int(bit >> 6)] |= 1 << (bit & 63)
    }
    self.neighbours = neighbours
    neighbourShift = 64 - bits
  }

  /// The symbol of a character, -1 when no piece has it.
  @inline(__always)
  func symbol(_ scalar: UInt32) -> Int32 {
    scalar < 0x10000 ? basicPlane[Int(scalar)] : otherPlanes[scalar] ?? -1
  }

  /// Whether some piece may hold these two characters side by side: false is certain.
  @inline(__always)
  func mayTouch(_ left: Int32, _ right: Int32) -> Bool {
    let bit = Self.neighbourHash(left, right) >> neighbourShift
    return neighbours[Int(bit >> 6)] >> (bit & 63) & 1 == 1
  }

  /// The piece that two neighbouring symbols make, -1 when they make none.
  @inline(__always)
  func merged(_ left: Int32, _ right: Int32) -> Int32 {
    guard left >= 0, right >= 0 else { return -1 }
    let key = Self.pairKey(left, right)
    let mask = pairKeys.count - 1
    var slot = Self.pairSlot(key) & mask
    while pairKeys[slot] != key {
      if pairKeys[slot] == 0 { return -1 }
      slot = (slot + 1) & mask
    }
    return pairValues[slot]
  }

  @inline(__always)
  private static func pairKey(_ left: Int32, _ right: Int32) -> UInt64 {
    (UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))) &+ 1
  }

  @inline(__always)
  private static func pairSlot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9e37_79b9_7f4a_7c15) >> 24)
  }

  @inline(__always)
  private static func neighbourHash(_ left: Int32, _ right: Int32) -> UInt64 {
    (UInt64(UInt32(bitPattern: left)) << 24 ^ UInt64(UInt32(bitPattern: right)))
      &* 0x9e37_79b9_7f4a_7c15
  }
}
