internal import DSXCore

extension SentencePieceEncoder {
  /// Appends the ids of normalised text with BPE dropout: each merge is skipped with probability `alpha`.
  mutating func encode(
    normalized text: UnsafeRawBufferPointer, _ vocabulary: BPEVocabulary, dropout alpha: Double,
    _ random: inout PCG64, into ids: inout [Int32]
  ) {
    collectWhole(text, vocabulary)
    merger.merge(vocabulary, dropout: alpha, &random)
    finishWhole(text, vocabulary, &ids)
  }

  /// Puts the symbols of a whole text into the merger.
  mutating func collectWhole(_ text: UnsafeRawBufferPointer, _ vocabulary: BPEVocabulary) {
    let symbols = tokenizer.normalizer.symbols
    merger.symbols.removeAll(keepingCapacity: true)
    var index = 0
    while index < text.count {
      let frozen = symbols.isEmpty ? 0 : symbols.match(text, index)
      if frozen > 0 {
        let piece = UnsafeRawBufferPointer(rebasing: text[index..<index + frozen])
        let id = vocabulary.pieces.ordinary(piece)
        merger.symbols.append(id.map(BPEMerger.frozen) ?? BPEMerger.unknown)
        index += frozen
      } else {
        let (scalar, length) = Self.scalar(text, index)
        let symbol = vocabulary.characters.symbol(scalar)
        merger.symbols.append(symbol < 0 ? BPEMerger.unknown : symbol)
        index += length
      }
    }
  }

  /// Appends the ids of what the merger made of a whole text.
  mutating func finishWhole(
    _ text: UnsafeRawBufferPointer, _ vocabulary: BPEVocabulary, _ ids: inout [Int32]
  ) {
    let pieces = vocabulary.pieces
    let merged = merger.symbols
    var index = 0
    for symbol in merged {
      let id: Int32
      let length: Int
      if symbol == BPEMerger.unknown {
        (id, length) = (-1, Self.scalar(text, index).1)
      } else if symbol < 0 {
        id = BPEMerger.frozen(symbol)
        length = pieces.byteCount(id)
      } else {
        id = vocabulary.characters.idOfSymbol[Int(symbol)]
        length = symbol < pieces.count ? pieces.byteCount(symbol) : Self.scalar(text, index).1
      }
      append(id, UnsafeRawBufferPointer(rebasing: text[index..<index + length]), &ids)
      index += length
    }
    merger.symbols.removeAll(keepingCapacity: true)
  }

  /// The word model: a word starts at each U+2581; one that is no piece is unknown.
  mutating func encodeWords(_ text: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    var start = 0
    while start < text.count {
      let end = Self.wordEnd(text, start)
      appendOrdinary(UnsafeRawBufferPointer(rebasing: text[start..<end]), &ids)
      start = end
    }
  }

  /// Where the word that starts at `start` ends: at the next U+2581.
  static func wordEnd(_ text: UnsafeRawBufferPointer, _ start: Int) -> Int {
    var index = start + 1
    while index < text.count {
      if text[index] == 0xe2, index + 2 < text.count, text[index + 1] == 0x96,
        text[index + 2] == 0x81
      {
        return index
      }
      index += 1
    }
    return text.count
  }

  /// The character model: each character, or user-defined symbol, is a piece or unknown.
  mutating func encodeCharacters(_ text: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    let symbols = tokenizer.normalizer.symbols
    var index = 0
    while index < text.count {
      var length = symbols.isEmpty ? 0 : symbols.match(text, index)
      if length == 0 { length = Self.scalar(text, index).1 }
      appendOrdinary(UnsafeRawBufferPointer(rebasing: text[index..<index + length]), &ids)
      index += length
    }
  }

  private mutating func appendOrdinary(
    _ piece: UnsafeRawBufferPointer, _ ids: inout [Int32]
  ) {
    var id = tokenizer.pieces.ordinary(piece) ?? -1
    if id >= 0, tokenizer.pieces.kinds[Int(id)] == .unused { id = -1 }
    append(id, piece, &ids)
  }
}
