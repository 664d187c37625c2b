/// Encodes with a SentencePiece model on one thread, with caches and scratch space of its own.
///
/// For BPE and unigram models the text is taken apart where no piece of the vocabulary holds the two
/// characters side by side: no merge and no piece can cross such a place, so the stretches between are
/// encoded each for itself, exactly as in the whole. That keeps almost all stretches short and lets
/// words be looked up. What differs from stretch to stretch in a unigram model is the score so far, see
/// `UnigramSearch`.
public struct SentencePieceEncoder: TokenEncoder {
  let tokenizer: SentencePieceTokenizer
  /// BPE and unigram: taken from the tokenizer once, as its objects are shared between threads and each
  /// reference that is counted there is waited for.
  private let tables: EncodingTables?
  var merger = BPEMerger()
  private var search = UnigramSearch()
  private var normalized: [UInt8] = []
  private var stretches = ShortKeyCache()
  private var stretch: [Int32] = []
  /// Whether the last id of this text is the unknown one: the next unknown joins it.
  private var afterUnknown = false
  /// unigram: the score of the path so far.
  private var score: Float = 0
  /// Whether every unknown character gives -1, neither joined nor taken apart into bytes.
  var isRaw = false

  init(_ tokenizer: SentencePieceTokenizer) {
    self.tokenizer = tokenizer
    switch tokenizer.algorithm {
    case .bpe(let vocabulary): tables = EncodingTables(vocabulary)
    case .unigram(let vocabulary): tables = EncodingTables(vocabulary)
    case .word, .char: tables = nil
    }
  }

  /// Appends the ids of `text`: `SentencePieceProcessor.encode`.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    normalized.removeAll(keepingCapacity: true)
    tokenizer.normalizer.normalize(text, into: &normalized)
    let taken = normalized
    normalized = []
    taken.withUnsafeBytes { encode(normalized: $0, into: &ids) }
    normalized = taken
  }

  /// Appends the ids of text that is normalised already.
  mutating func encode(normalized text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    afterUnknown = false
    score = 0
    switch tokenizer.algorithm {
    case .bpe(let vocabulary):
      if vocabulary.hasUnused {
        collectWhole(text, vocabulary)
        merger.merge(vocabulary)
        finishWhole(text, vocabulary, &ids)
      } else {
        scan(text, vocabulary.characters, tables ?? EncodingTables(vocabulary), &ids)
      }
    case .unigram(let vocabulary):
      scan(text, vocabulary.characters, tables ?? EncodingTables(vocabulary), &ids)
    case .word: encodeWords(text, &ids)
    case .char: encodeCharacters(text, &ids)
    }
  }

  /// Cuts the text into stretches and encodes each.
  private mutating func scan(
    _ text: UnsafeRawBufferPointer, _ characters: CharacterSymbols, _ tables: EncodingTables,
    _ ids: inout [Int32]
  ) {
    let looksForSymbols = tokenizer.freezesSymbols && !tokenizer.normalizer.symbols.isEmpty
    var start = 0
    var index = 0
    var count = 0
    var first: Int32 = -1
    var last: Int32 = -1
    while index < text.count {
      if looksForSymbols {
        let length = tokenizer.normalizer.symbols.match(text, index)
        if length > 0 {
          finish(text, start..<index, count, first, last, tables, &ids)
          let piece = UnsafeRawBufferPointer(rebasing: text[index..<index + length])
          append(tokenizer.pieces.ordinary(piece) ?? -1, piece, &ids)
          index += length
          start = index
          count = 0
          last = -1
          continue
        }
      }
      let (scalar, length) = Self.scalar(text, index)
      let symbol = scalar < 0x10000 ? tables.plane[Int(scalar)] : characters.other(scalar)
      if last >= 0, symbol >= 0, tables.mayTouch(last, symbol) {
        count += 1
      } else {
        finish(text, start..<index, count, first, last, tables, &ids)
        start = index
        first = symbol
        count = 1
      }
      last = symbol
      index += length
    }
    finish(text, start..<index, count, first, last, tables, &ids)
  }

  /// A character as `OneCharLen` delimits it; any bytes are read safely.
  @inline(__always)
  static func scalar(_ text: UnsafeRawBufferPointer, _ index: Int) -> (UInt32, Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (first, 1) }
    func tail(_ offset: Int) -> UInt32 { UInt32(text[index + offset] & 0x3f) }
    let left = text.count - index
    if first >= 0xe0, first < 0xf0, left >= 3 {
      return ((first & 0x0f) << 12 | tail(1) << 6 | tail(2), 3)
    }
    if first >= 0xc0, first < 0xe0, left >= 2 { return ((first & 0x1f) << 6 | tail(1), 2) }
    if first >= 0xf0, left >= 4 {
      return ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
    }
    return (0xfffd, 1)
  }

  /// Encodes a stretch of `count` characters, of which the first and the last symbol are given.
  @inline(__always)
  private mutating func finish(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ count: Int, _ first: Int32,
    _ last: Int32, _ tables: EncodingTables, _ ids: inout [Int32]
  ) {
    guard count > 0 else { return }
    if count > 1 {
      finishLong(text, range, count, first, last, tables, &ids)
      return
    }
    if tables.isUnigram {
      if abs(score) > UnigramSearch.resetThreshold { score = 0 }
      score += first < 0 ? tables.unknownScore : tables.symbolScores[Int(first)]
    }
    let id = first < 0 ? -1 : tables.idOfSymbol[Int(first)]
    append(id, UnsafeRawBufferPointer(rebasing: text[range]), &ids)
  }

  private mutating func finishLong(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ count: Int, _ first: Int32,
    _ last: Int32, _ tables: EncodingTables, _ ids: inout [Int32]
  ) {
    if range.count <= ShortKeyCache.maximumKey, count > 2 || tables.isUnigram {
      let key = ShortKeyCache.key(UnsafeRawBufferPointer(rebasing: text[range]))
      if let hit = stretches.find(key) {
        if !tables.isUnigram {
          for number in 0..<hit.count { ids.append(hit.ids[number]) }
          afterUnknown = false
          return
        }
        if abs(score) <= hit.note {
          for number in 0..<hit.count {
            let id = hit.ids[number]
            score += tables.scores[Int(id)]
            ids.append(id)
          }
          afterUnknown = false
          return
        }
        if case .unigram(let vocabulary) = tokenizer.algorithm {
          searchExactly(text, range, vocabulary, &ids)
        }
        return
      }
    }
    switch tokenizer.algorithm {
    case .bpe(let vocabulary): finishBPE(text, range, count, first, last, vocabulary, &ids)
    case .unigram(let vocabulary): finishUnigram(text, range, vocabulary, &ids)
    default: break
    }
  }

  private mutating func finishBPE(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ count: Int, _ first: Int32,
    _ last: Int32, _ vocabulary: BPEVocabulary, _ ids: inout [Int32]
  ) {
    if count == 2 {
      let merged = vocabulary.merged(first, last)
      if merged >= 0 {
        ids.append(merged)
        afterUnknown = false
        return
      }
    }
    merger.symbols.removeAll(keepingCapacity: true)
    Self.collect(text, range, vocabulary.characters, &merger.symbols)
    merger.merge(vocabulary)
    stretch.removeAll(keepingCapacity: true)
    for symbol in merger.symbols { stretch.append(vocabulary.characters.idOfSymbol[Int(symbol)]) }
    if count > 2, range.count <= ShortKeyCache.maximumKey, !stretch.contains(-1) {
      let key = ShortKeyCache.key(UnsafeRawBufferPointer(rebasing: text[range]))
      stretches.insert(key, stretch[...])
    }
    append(stretch, text, range.lowerBound, &ids)
  }

  /// A stretch that has not been met before: short ones are remembered.
  private mutating func finishUnigram(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ vocabulary: UnigramVocabulary,
    _ ids: inout [Int32]
  ) {
    guard range.count <= ShortKeyCache.maximumKey else {
      searchExactly(text, range, vocabulary, &ids)
      return
    }
    stretch.removeAll(keepingCapacity: true)
    Self.collect(text, range, vocabulary.characters, &stretch)
    stretch.withUnsafeBufferPointer { search.runFree($0, vocabulary) }
    let key = ShortKeyCache.key(UnsafeRawBufferPointer(rebasing: text[range]))
    // A result that never holds is remembered too, as not to be tried again.
    if search.ids.contains(-1) {
      stretches.insert(key, [], note: -1)
      searchExactly(text, range, vocabulary, &ids)
      return
    }
    stretches.insert(key, search.ids[...], note: search.limit)
    guard abs(score) <= search.limit else {
      searchExactly(text, range, vocabulary, &ids)
      return
    }
    for id in search.ids {
      score += vocabulary.scores[Int(id)]
      ids.append(id)
    }
    afterUnknown = false
  }

  /// The exact way: sums in float32 from the score so far.
  private mutating func searchExactly(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ vocabulary: UnigramVocabulary,
    _ ids: inout [Int32]
  ) {
    stretch.removeAll(keepingCapacity: true)
    Self.collect(text, range, vocabulary.characters, &stretch)
    stretch.withUnsafeBufferPointer { search.run($0, vocabulary, &score) }
    append(search.ids, text, range.lowerBound, &ids)
  }

  /// Static, as a method would hold a copy of the encoder, and of its arrays, while it changes one.
  private static func collect(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ characters: CharacterSymbols,
    _ symbols: inout [Int32]
  ) {
    var index = range.lowerBound
    while index < range.upperBound {
      let (scalar, length) = scalar(text, index)
      symbols.append(characters.symbol(scalar))
      index += length
    }
  }

  /// Appends the ids of the text from `start` on; -1 stands for a character that is no piece.
  private mutating func append(
    _ found: [Int32], _ text: UnsafeRawBufferPointer, _ start: Int, _ ids: inout [Int32]
  ) {
    var index = start
    for id in found {
      let length = id < 0 ? Self.scalar(text, index).1 : tokenizer.pieces.byteCount(id)
      append(id, UnsafeRawBufferPointer(rebasing: text[index..<index + length]), &ids)
      index += length
    }
  }

  /// Appends an id that stands for these bytes; an unknown one as bytes, or once for a whole series.
  @inline(__always)
  mutating func append(_ id: Int32, _ bytes: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    if id >= 0 {
      ids.append(id)
      afterUnknown = false
    } else {
      appendUnknown(bytes, &ids)
    }
  }

  private mutating func appendUnknown(_ bytes: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    let pieces = tokenizer.pieces
    if isRaw {
      ids.append(-1)
    } else if !pieces.byteIDs.isEmpty {
      for byte in bytes { ids.append(pieces.byteIDs[Int(byte)]) }
    } else if !afterUnknown {
      ids.append(pieces.unknown)
    }
    afterUnknown = true
  }
}
