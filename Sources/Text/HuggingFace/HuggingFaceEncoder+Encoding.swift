public import DSXCore

extension HuggingFaceEncoder {
  /// Everything about a text or a pair of texts: see `Tokenizer.encode`.
  public mutating func encode(_ text: String, pair: String?, addSpecialTokens: Bool)
    throws(DSXError) -> Encoding
  {
    var result = try finish(
      encodings(text, pair), addSpecialTokens: addSpecialTokens, tokenizer.truncation)
    tokenizer.padding?.apply(&result)
    return result
  }

  /// The same with the caller's truncation (nil: none) in place of the vocabulary's, and without
  /// padding; what is cut off is in `overflowing`.
  ///
  /// Throws `usage` as the reference library does: for a stride that is not less than the tokens left,
  /// for a text that is too short to give the rest away.
  public mutating func encode(_ text: String, pair: String?, cutTo rule: TruncationRule?)
    throws(DSXError) -> Encoding
  {
    try finish(encodings(text, pair), addSpecialTokens: true, rule.map(Truncation.init))
  }

  /// One text that is split into words already (transformers' `is_split_into_words`): each word is
  /// encoded for itself, and `wordIDs` are places in `words`. Offsets count from each word's start.
  ///
  /// Throws as `encode(_:pair:cutTo:)`.
  public mutating func encode(words: [String], cutTo rule: TruncationRule?) throws(DSXError)
    -> Encoding
  {
    var whole = Encoding()
    for (index, word) in words.enumerated() {
      var part = encoding(word, typeID: 0)
      part.wordIDs = part.ids.map { _ in Int32(truncatingIfNeeded: index) }
      whole.append(part)
    }
    return try finish([whole], addSpecialTokens: true, rule.map(Truncation.init))
  }

  private mutating func encodings(_ text: String, _ pair: String?) -> [Encoding] {
    var encodings = [encoding(text, typeID: 0)]
    if let pair { encodings.append(encoding(pair, typeID: 1)) }
    return encodings
  }

  /// Cuts one or two encodings, puts special tokens around them and joins them.
  private func finish(
    _ encodings: [Encoding], addSpecialTokens: Bool, _ truncation: Truncation?
  ) throws(DSXError) -> Encoding {
    var encodings = encodings
    if let truncation {
      let added =
        addSpecialTokens
        ? tokenizer.postProcessor?.added(isPair: encodings.count > 1) ?? 0 : 0
      try truncation.apply(&encodings, added: added)
    }
    if let processor = tokenizer.postProcessor {
      for index in encodings.indices {
        encodings[index].typeIDs = encodings[index].ids.map { _ in Int32(index) }
      }
      encodings = processor.apply(encodings, addSpecialTokens: addSpecialTokens)
    }
    var result = encodings.first ?? Encoding()
    for other in encodings.dropFirst() { result.append(other) }
    return result
  }

  /// A piece of text with its tokens, before they are put together.
  private struct Unit {
    /// Place of its text in the list of texts.
    var text: Int
    var range: Range<Int>
    /// nil until it is tokenized.
    var tokens: [ModelToken]?
    var isAdded = false
  }

  /// One text without special tokens around it.
  private mutating func encoding(_ text: String, typeID: Int32) -> Encoding {
    let bytes = Array(text.utf8)
    var texts: [AlignedText] = []
    var units: [Unit] = []
    bytes.withUnsafeBytes { cut($0, &texts, &units) }
    tokenize(texts, &units)
    var output = Encoding()
    let places = Self.codePoints(bytes)
    for (word, unit) in units.enumerated() {
      let source = texts[unit.text]
      let base = source.original(unit.range).lowerBound
      for token in unit.tokens ?? [] {
        output.ids.append(token.id)
        output.typeIDs.append(typeID)
        output.sequenceIDs.append(typeID)
        output.wordIDs.append(Int32(truncatingIfNeeded: word))
        output.specialTokensMask.append(0)
        output.attentionMask.append(1)
        let range = token.start + unit.range.lowerBound..<token.end + unit.range.lowerBound
        output.tokens.append(spelling(token.id, source, range, unit.isAdded))
        var original = base + token.start..<base + token.start
        if !range.isEmpty, range.upperBound <= source.spans.count {
          original = source.original(range)
        } else if !range.isEmpty {
          original = base + token.start..<base + token.end
        }
        let last = places.count - 1
        output.offsets.append(
          places[
            min(original.lowerBound, last)]..<max(
              places[min(original.lowerBound, last)], places[min(original.upperBound, last)]))
      }
    }
    return output
  }

  /// For each byte the number of its code point, and one more for the end.
  private static func codePoints(_ bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(bytes.count + 1)
    var count = -1
    for byte in bytes {
      if byte & 0xc0 != 0x80 { count += 1 }
      places.append(count)
    }
    places.append(count + 1)
    return places
  }

  /// The spelling of a token: of an added or unknown one the text itself.
  private func spelling(
    _ id: Int32, _ source: AlignedText, _ range: Range<Int>, _ isAdded: Bool
  ) -> String {
    var isText = isAdded
    if case .unigram(let model) = tokenizer.model, model.unknown == id { isText = true }
    if isText, range.upperBound <= source.bytes.count {
      return String(decoding: source.bytes[range], as: UTF8.self)
    }
    return tokenizer.model.vocabulary[id] ?? ""
  }

  /// Added tokens out, normalizer, the other added tokens out, pre-tokenizers.
  private func cut(
    _ text: UnsafeRawBufferPointer, _ texts: inout [AlignedText], _ units: inout [Unit]
  ) {
    func put(_ part: AlignedText, _ id: Int32) {
      let token = ModelToken(id: id, start: 0, end: part.bytes.count)
      units.append(
        Unit(text: texts.count, range: 0..<part.bytes.count, tokens: [token], isAdded: true))
      texts.append(part)
    }
    guard !text.isEmpty else { return }
    for stretch in tokenizer.added.cut(text, isCooked: false, plain: isPlain) {
      var aligned = AlignedText(text, stretch.range, keepsSpans: true)
      if let id = stretch.id {
        put(aligned, id)
        continue
      }
      tokenizer.normalizer?.apply(&aligned)
      guard !aligned.bytes.isEmpty else { continue }
      let inner = aligned.bytes.withUnsafeBytes {
        tokenizer.added.cut($0, isCooked: true, plain: isPlain)
      }
      for stretch in inner {
        let part = aligned.part(stretch.range)
        if let id = stretch.id {
          put(part, id)
          continue
        }
        var list = PieceList(part)
        for stage in tokenizer.preTokenizers { stage.apply(&list) }
        for piece in list.pieces {
          units.append(Unit(text: texts.count, range: piece, tokens: nil))
        }
        texts.append(list.text)
      }
    }
  }

  /// Runs the model.
  private mutating func tokenize(_ texts: [AlignedText], _ units: inout [Unit]) {
    for index in units.indices where units[index].tokens == nil {
      let unit = units[index]
      var tokens: [ModelToken] = []
      texts[unit.text].bytes.withUnsafeBytes {
        model.tokenize(UnsafeRawBufferPointer(rebasing: $0[unit.range]), into: &tokens)
      }
      units[index].tokens = tokens
    }
  }
}
