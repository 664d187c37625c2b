/// The characters of a vocabulary as numbers, and which of them stand side by side in some piece.
///
/// A symbol is a piece's id for a character that is an ordinary piece, or a number from `pieces.count` on
/// for a character that only occurs inside pieces. -1 is a character that no piece holds: no piece can
/// reach over it, and none over two characters that stand side by side in no piece.
struct CharacterSymbols {
  /// Symbol of each scalar below U+10000, -1 when no piece has it.
  let basicPlane: FlatTable<Int32>
  private let otherPlanes: [UInt32: Int32]
  /// The id that each symbol gives when it stands alone, -1 for the unknown one.
  let idOfSymbol: FlatTable<Int32>
  /// The scalar of each symbol from `pieces.count` on.
  let extraScalars: [UInt32]
  // One bit for each hash of two neighbouring characters inside a piece.
  let neighbours: FlatTable<UInt64>
  let neighbourShift: UInt64

  init(_ pieces: PieceTable) {
    var basicPlane = [Int32](repeating: -1, count: 0x10000)
    var otherPlanes: [UInt32: Int32] = [:]
    var idOfSymbol = (0..<Int32(pieces.count)).map { id in
      pieces.isOrdinary(id) && pieces.kinds[Int(id)] != .unused ? id : -1
    }
    var extraScalars: [UInt32] = []
    var bigrams: [UInt64] = []
    for id in 0..<Int32(pieces.count) where pieces.isOrdinary(id) {
      var last: Int32 = -1
      for scalar in String(decoding: pieces.text(id), as: UTF8.self).unicodeScalars {
        let value = scalar.value
        var symbol = value < 0x10000 ? basicPlane[Int(value)] : otherPlanes[value] ?? -1
        if symbol < 0 {
          let bytes = Array(UTF8.encode(scalar) ?? .init())
          if let piece = bytes.withUnsafeBytes({ pieces.ordinary($0) }) {
            symbol = piece
          } else {
            symbol = Int32(idOfSymbol.count)
            idOfSymbol.append(-1)
            extraScalars.append(value)
          }
          if value < 0x10000 {
            basicPlane[Int(value)] = symbol
          } else {
            otherPlanes[value] = symbol
          }
        }
        if last >= 0 { bigrams.append(Self.neighbourHash(last, symbol)) }
        last = symbol
      }
    }
    self.basicPlane = FlatTable(basicPlane)
    self.otherPlanes = otherPlanes
    self.idOfSymbol = FlatTable(idOfSymbol)
    self.extraScalars = extraScalars
    var bits: UInt64 = 12
    while 1 << bits < bigrams.count * 16, bits < 26 { bits += 1 }
    var neighbours = [UInt64](repeating: 0, count: 1 << Int(bits - 6))
    for hash in bigrams {
      let bit = hash >> (64 - bits)
      neighbours[Int(bit >> 6)] |= 1 << (bit & 63)
    }
    self.neighbours = FlatTable(neighbours)
    neighbourShift = 64 - bits
  }

  /// The symbol of a character, -1 when no piece has it.
  @inline(__always)
  func symbol(_ scalar: UInt32) -> Int32 {
    scalar < 0x10000 ? basicPlane[Int(scalar)] : other(scalar)
  }

  /// The symbol of a character above U+FFFF.
  func other(_ scalar: UInt32) -> Int32 { otherPlanes[scalar] ?? -1 }

  /// The hash of two neighbours, of which the upper bits choose a bit of `neighbours`.
  @inline(__always)
  static func neighbourHash(_ left: Int32, _ right: Int32) -> UInt64 {
    (UInt64(UInt32(bitPattern: left)) << 24 ^ UInt64(UInt32(bitPattern: right)))
      &* 0x9e37_79b9_7f4a_7c15
  }
}
