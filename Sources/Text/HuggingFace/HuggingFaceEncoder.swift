/// Encodes texts on one thread with a Hugging Face tokenizer; keeps a cache of pieces.
public struct HuggingFaceEncoder: TokenEncoder {
  let tokenizer: HuggingFaceTokenizer
  let isPlain: Bool
  var model: ModelEncoder
  private var prefixed: [UInt8] = []
  private var bert: BertScanner?

  /// An encoder; `plain` reads the spelling of special tokens as ordinary text.
  public init(_ tokenizer: HuggingFaceTokenizer, plain: Bool) {
    self.tokenizer = tokenizer
    isPlain = plain
    model = ModelEncoder(tokenizer.model)
    bert = BertScanner(tokenizer)
  }

  /// Appends the ids of `text`; no post-processor, no truncation, no padding.
  public mutating func encode(_ text: UnsafeRawBufferPointer, into ids: inout [Int32]) {
    guard !text.isEmpty else { return }
    if tokenizer.added.hasNoRaw {
      encodeStretch(text, 0..<text.count, into: &ids)
      return
    }
    for stretch in tokenizer.added.cut(text, isCooked: false, plain: isPlain) {
      if let id = stretch.id {
        ids.append(id)
      } else {
        encodeStretch(text, stretch.range, into: &ids)
      }
    }
  }

  /// Encodes text between the added tokens of the first round.
  private mutating func encodeStretch(
    _ text: UnsafeRawBufferPointer, _ range: Range<Int>, into ids: inout [Int32]
  ) {
    if bert != nil {
      let stretch = UnsafeRawBufferPointer(rebasing: text[range])
      if bert?.encode(stretch, &model, into: &ids) ?? false { return }
    }
    if let scanner = tokenizer.scanner, tokenizer.added.hasNoCooked {
      let stretch = UnsafeRawBufferPointer(rebasing: text[range])
      switch tokenizer.normalizer {
      case nil:
        scan(scanner, stretch, into: &ids)
        return
      case .unicode(let normalizer)? where normalizer.leaves(stretch):
        scan(scanner, stretch, into: &ids)
        return
      default: break
      }
    }
    var aligned = AlignedText(text, range, keepsSpans: tokenizer.needsPlaces)
    tokenizer.normalizer?.apply(&aligned)
    guard !aligned.bytes.isEmpty else { return }
    if tokenizer.added.hasNoCooked {
      encodePieces(aligned, into: &ids)
      return
    }
    let stretches = aligned.bytes.withUnsafeBytes {
      tokenizer.added.cut($0, isCooked: true, plain: isPlain)
    }
    for stretch in stretches {
      if let id = stretch.id {
        ids.append(id)
      } else {
        encodePieces(aligned.part(stretch.range), into: &ids)
      }
    }
  }

  private mutating func encodePieces(_ text: AlignedText, into ids: inout [Int32]) {
    if let scanner = tokenizer.scanner {
      text.bytes.withUnsafeBytes { scan(scanner, $0, into: &ids) }
      return
    }
    var list = PieceList(text)
    for stage in tokenizer.preTokenizers { stage.apply(&list) }
    list.text.bytes.withUnsafeBytes { bytes in
      for piece in list.pieces {
        model.encode(UnsafeRawBufferPointer(rebasing: bytes[piece]), into: &ids)
      }
    }
  }

  /// Splits and encodes from front to back.
  private mutating func scan(
    _ scanner: PieceScanner, _ text: UnsafeRawBufferPointer, into ids: inout [Int32]
  ) {
    guard tokenizer.scannerAddsSpace, !text.isEmpty, text[0] != 0x20 else {
      return scanAll(scanner, text, into: &ids)
    }
    prefixed.removeAll(keepingCapacity: true)
    prefixed.append(0x20)
    prefixed.append(contentsOf: text)
    let copy = prefixed
    copy.withUnsafeBytes { scanAll(scanner, $0, into: &ids) }
  }

  private mutating func scanAll(
    _ scanner: PieceScanner, _ text: UnsafeRawBufferPointer, into ids: inout [Int32]
  ) {
    var start = 0
    while start < text.count {
      let end = scanner.pieceEnd(text, from: start)
      model.encode(UnsafeRawBufferPointer(rebasing: text[start..<end]), into: &ids)
      start = end
    }
  }
}

extension AlignedText {
  /// A part of the text.
  func part(_ range: Range<Int>) -> AlignedText {
    var part = AlignedText(keepsSpans: keepsSpans)
    part.bytes = Array(bytes[range])
    if keepsSpans {
      part.spans = Array(spans[range])
      part.origin = original(range).lowerBound
    } else {
      part.origin = range.lowerBound == 0 ? origin : origin + 1
    }
    return part
  }
}
