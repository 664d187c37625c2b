/// The tables of a BPE or unigram model as addresses: copying this counts no references. Valid as long
/// as the tokenizer that made it.
struct EncodingTables: @unchecked Sendable {
  let plane: UnsafePointer<Int32>
  let neighbours: UnsafePointer<UInt64>
  let neighbourShift: UInt64
  let idOfSymbol: UnsafePointer<Int32>
  let isUnigram: Bool
  /// unigram: scores of symbols that stand alone, and of pieces.
  let symbolScores: UnsafePointer<Float>
  let scores: UnsafePointer<Float>
  let unknownScore: Float

  init(_ vocabulary: BPEVocabulary) {
    self.init(vocabulary.characters, isUnigram: false, Self.none.base, Self.none.base, 0)
  }

  init(_ vocabulary: UnigramVocabulary) {
    self.init(
      vocabulary.characters, isUnigram: true, vocabulary.symbolScores.base,
      vocabulary.scores.base, vocabulary.unknownScore)
  }

  private static let none = FlatTable<Float>([0])

  private init(
    _ characters: CharacterSymbols, isUnigram: Bool, _ symbolScores: UnsafePointer<Float>,
    _ scores: UnsafePointer<Float>, _ unknownScore: Float
  ) {
    plane = characters.basicPlane.base
    neighbours = characters.neighbours.base
    neighbourShift = characters.neighbourShift
    idOfSymbol = characters.idOfSymbol.base
    self.isUnigram = isUnigram
    self.symbolScores = symbolScores
    self.scores = scores
    self.unknownScore = unknownScore
  }

  /// Whether some piece may hold these two symbols side by side: false is certain.
  @inline(__always)
  func mayTouch(_ left: Int32, _ right: Int32) -> Bool {
    let bit = CharacterSymbols.neighbourHash(left, right) >> neighbourShift
    return neighbours[Int(bit >> 6)] >> (bit & 63) & 1 == 1
  }
}
