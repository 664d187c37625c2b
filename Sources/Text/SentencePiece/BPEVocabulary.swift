internal import DSXCore

/// The merge rules of a SentencePiece BPE model in the form that encoding needs.
///
/// Symbols are those of `CharacterSymbols`. SentencePiece merges two neighbours when the joined text
/// is a piece; here every piece's two-part splits into symbols are known beforehand as pairs.
final class BPEVocabulary: Sendable {
  let pieces: PieceTable
  /// The characters as symbols.
  let characters: CharacterSymbols
  /// The place of each piece in the order of merging: the higher score first, equal scores equal.
  let ranks: FlatTable<Int32>
  /// Whether a piece holds U+2581, the blank, behind a character that is none.
  let hasInnerBlank: Bool
  /// Whether a piece is of the unused type: it takes part in merging, then is taken apart again.
  let hasUnused: Bool

  // (left, right) to the merged piece, open addressing; keys are stored plus one.
  private let pairKeys: FlatTable<UInt64>
  private let pairValues: FlatTable<Int32>

  /// Longer pieces that merging makes are refused: every split of them has to be looked up.
  static let maximumMergedBytes = 1024

  init(_ pieces: PieceTable) throws(DSXError) {
    self.pieces = pieces
    let characters = CharacterSymbols(pieces)
    self.characters = characters
    ranks = FlatTable(Self.ranks(pieces.scores))
    hasUnused = (0..<Int32(pieces.count)).contains {
      pieces.kinds[Int($0)] == .unused && pieces.isOrdinary($0)
    }
    var pairs: [(key: UInt64, merged: Int32)] = []
    var hasInnerBlank = false
    var bounds: [Int] = []
    var symbols: [Int32] = []
    for id in 0..<Int32(pieces.count) where pieces.isOrdinary(id) {
      let text = Array(pieces.text(id))
      bounds.removeAll(keepingCapacity: true)
      symbols.removeAll(keepingCapacity: true)
      var before: UInt32 = 0
      for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
        if scalar.value == 0x2581, before != 0x2581, !bounds.isEmpty { hasInnerBlank = true }
        before = scalar.value
        bounds.append((bounds.last ?? 0) + UTF8.width(scalar))
        symbols.append(characters.symbol(scalar.value))
      }
      // A user-defined symbol is found in the text before any merging, so nothing merges into it.
      guard pieces.kinds[Int(id)] != .userDefined else { continue }
      guard text.count <= Self.maximumMergedBytes else {
        throw DSXError(
          .unsupported, "piece \(id) is longer than \(Self.maximumMergedBytes) bytes")
      }
      for split in 1..<max(symbols.count, 1) {
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
    pairKeys = FlatTable(keys)
    pairValues = FlatTable(values)
  }

  /// Ranks in the order in which SentencePiece compares scores: by their bits, so that 0 comes before -0.
  private static func ranks(_ scores: [Float]) -> [Int32] {
    func key(_ score: Float) -> Int32 {
      let bits = Int32(bitPattern: score.bitPattern)
      return bits < 0 ? Int32.min &- bits &- 1 : bits
    }
    var rankOfKey: [Int32: Int32] = [:]
    for (rank, value) in Set(scores.map(key)).sorted(by: >).enumerated() {
      rankOfKey[value] = Int32(rank)
    }
    return scores.map { rankOfKey[key($0)] ?? 0 }
  }

  /// The piece that two neighbouring symbols make, -1 when they make none.
  @inline(__always)
  func merged(_ left: Int32, _ right: Int32) -> Int32 {
    guard left >= 0, right >= 0 else { return -1 }
    let key = Self.pairKey(left, right)
    let (keys, mask) = (pairKeys.base, pairKeys.count - 1)
    var slot = Self.pairSlot(key) & mask
    while keys[slot] != key {
      if keys[slot] == 0 { return -1 }
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
}
