/// Encodes with a SentencePiece model on one thread, with caches and scratch space of its own.
///
/// The text is taken apart where no piece of the vocabulary holds the two characters side by side: no
/// merge can cross such a place, so the stretches between are encoded each for itself, exactly as in
/// the whole. That keeps almost all stretches short and lets words be looked up.
public struct SentencePieceEncoder: TokenEncoder {
  let tokenizer: SentencePieceTokenizer
  private var merger = BPEMerger()
  private var normalized: [UInt8] = []
  private var stretches = ShortKeyCache()
  /// Whether the last id of this text is the unknown one: the next unknown joins it.
  private var afterUnknown = false

  init(_ tokenizer: SentencePieceTokenizer) { self.tokenizer = tokenizer }

  /// Appends the ids of `text`: `SentencePieceProcessor.encode`.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    normalized.removeAll(keepingCapacity: true)
    tokenizer.normalizer.normalize(text, into: &normalized)
    encodeNormalized(&ids)
  }

  /// Appends the ids of text that is normalised already.
  mutating func encode(normalized text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    normalized.removeAll(keepingCapacity: true)
    normalized.append(contentsOf: text)
    encodeNormalized(&ids)
  }

  private mutating func encodeNormalized(_ ids: inout [Int32]) {
    afterUnknown = false
    let taken = normalized
    normalized = []
    taken.withUnsafeBytes { encodeStretches($0, &ids) }
    normalized = taken
  }

  private mutating func encodeStretches(_ text: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    let vocabulary = tokenizer.model
    let symbols = tokenizer.normalizer.symbols
    let whole = vocabulary.hasUnused
    var start = 0
    var index = 0
    var last: Int32 = -1
    merger.symbols.removeAll(keepingCapacity: true)
    while index < text.count {
      let frozen = symbols.isEmpty ? 0 : symbols.match(text, index)
      if frozen > 0 {
        if !whole { finish(text, start..<index, &ids) }
        let piece = UnsafeRawBufferPointer(rebasing: text[index..<index + frozen])
        let id = vocabulary.pieces.id(piece) ?? vocabulary.pieces.unknown
        index += frozen
        if whole {
          merger.symbols.append(BPEMerger.frozen(id))
        } else {
          append(id, piece, &ids)
          start = index
        }
        last = -1
        continue
      }
      let (scalar, length) = Self.scalar(text, index)
      let symbol = vocabulary.symbol(scalar)
      if !whole, last < 0 || symbol < 0 || !vocabulary.mayTouch(last, symbol) {
        finish(text, start..<index, &ids)
        start = index
      }
      index += length
      if symbol < 0, !whole {
        append(
          vocabulary.pieces.unknown, UnsafeRawBufferPointer(rebasing: text[start..<index]), &ids)
        start = index
      } else {
        merger.symbols.append(symbol < 0 ? BPEMerger.unknown : symbol)
      }
      last = symbol
    }
    if whole { finishWhole(text, &ids) } else { finish(text, start..<index, &ids) }
  }

  /// A character as `OneCharLen` delimits it; any bytes are read safely.
  @inline(__always)
  private static func scalar(_ text: UnsafeRawBufferPointer, _ index: Int) -> (UInt32, Int) {
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

  /// Encodes the stretch whose symbols have been collected.
  @inline(__always)
  private mutating func finish(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ ids: inout [Int32]
  ) {
    let count = merger.symbols.count
    guard count > 0 else { return }
    if count == 1 {
      let symbol = merger.symbols[0]
      merger.symbols.removeAll(keepingCapacity: true)
      append(symbol: symbol, &ids)
      return
    }
    finishLong(text, range, &ids)
  }

  private mutating func finishLong(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, _ ids: inout [Int32]
  ) {
    defer { merger.symbols.removeAll(keepingCapacity: true) }
    guard merger.symbols.count > 2, range.count <= ShortKeyCache.maximumKey else {
      merger.merge(tokenizer.model)
      for symbol in merger.symbols { append(symbol: symbol, &ids) }
      return
    }
    let key = ShortKeyCache.key(UnsafeRawBufferPointer(rebasing: text[range]))
    let isKnown = stretches.find(key) { known in
      for symbol in known { append(symbol: symbol, &ids) }
    }
    if isKnown { return }
    merger.merge(tokenizer.model)
    stretches.insert(key, merger.symbols[...])
    for symbol in merger.symbols { append(symbol: symbol, &ids) }
  }

  /// Encodes a whole text in one go: needed where unused pieces are taken apart again.
  private mutating func finishWhole(_ text: UnsafeRawBufferPointer, _ ids: inout [Int32]) {
    merger.merge(tokenizer.model)
    let vocabulary = tokenizer.model
    var index = 0
    for symbol in merger.symbols {
      if symbol >= 0 {
        append(symbol: symbol, &ids)
        index +=
          symbol < vocabulary.pieces.count
          ? vocabulary.pieces.text(symbol).count
          : Self.scalar(text, index).1
      } else if symbol == BPEMerger.unknown {
        let length = Self.scalar(text, index).1
        let bytes = UnsafeRawBufferPointer(rebasing: text[index..<index + length])
        append(vocabulary.pieces.unknown, bytes, &ids)
        index += length
      } else {
        let id = -2 - symbol
        let length = vocabulary.pieces.text(id).count
        append(id, UnsafeRawBufferPointer(rebasing: text[index..<index + length]), &ids)
        index += length
      }
    }
    merger.symbols.removeAll(keepingCapacity: true)
  }

  /// Appends what a symbol stands for.
  @inline(__always)
  private mutating func append(symbol: Int32, _ ids: inout [Int32]) {
    let vocabulary = tokenizer.model
    let id = vocabulary.idOfSymbol[Int(symbol)]
    if id != vocabulary.pieces.unknown {
      ids.append(id)
      afterUnknown = false
      return
    }
    let extra = Int(symbol) - vocabulary.pieces.count
    var bytes: [UInt8] = []
    if extra < 0 {
      bytes.append(contentsOf: vocabulary.pieces.text(symbol))
    } else if let scalar = Unicode.Scalar(vocabulary.extraScalars[extra]) {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
    }
    bytes.withUnsafeBytes { append(id, $0, &ids) }
  }

  /// Appends an id that stands for these bytes; the unknown one as bytes, or once for a whole series.
  private mutating func append(
    _ id: Int32, _ bytes: UnsafeRawBufferPointer, _ ids: inout [Int32]
  ) {
    let pieces = tokenizer.model.pieces
    guard id == pieces.unknown else {
      ids.append(id)
      afterUnknown = false
      return
    }
    if !pieces.byteIDs.isEmpty {
      for byte in bytes { ids.append(pieces.byteIDs[Int(byte)]) }
    } else if !afterUnknown {
      ids.append(id)
    }
    afterUnknown = true
  }
}
