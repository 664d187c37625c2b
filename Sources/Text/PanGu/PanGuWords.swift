internal import Jieba

/// Encodes the words of a PanGu paragraph one by one with a SentencePiece vocabulary.
///
/// Exact because the normalised paragraph is `▁` and the normalised word for every word in turn, as
/// long as no rule of the character map holds a blank, each word without blanks at its ends normalises to
/// something without blanks, and no piece holds `▁` behind another character, and the model is BPE: the best path of a unigram model depends on
/// the score before it. Where the last two do not
/// hold, `init` gives nil; where the second does not, `encode` says so.
struct PanGuWords {
  private let tokenizer: SentencePieceTokenizer
  private var encoder: SentencePieceEncoder
  private var known = ShortKeyCache()
  private var translated: [UInt8] = []
  private var normalized: [UInt8] = []
  private var fresh: [Int32] = []
  private let unknown: Int32
  private let joinsUnknown: Bool
  private let dropsEmpty: Bool
  private var afterUnknown = false

  /// nil when the vocabulary's rules do not allow it.
  init?(_ tokenizer: SentencePieceTokenizer) {
    let normalizer = tokenizer.normalizer
    guard normalizer.blanksStandAlone, normalizer.spec.addDummyPrefix,
      !normalizer.whitespaceAsSuffix, let bpe = tokenizer.bpe, !bpe.hasUnused, !bpe.hasInnerBlank
    else { return nil }
    self.tokenizer = tokenizer
    encoder = SentencePieceEncoder(tokenizer)
    unknown = tokenizer.pieces.unknown
    joinsUnknown = tokenizer.pieces.byteIDs.isEmpty
    dropsEmpty = normalizer.spec.removeExtraWhitespaces
  }

  /// Starts a paragraph.
  mutating func begin() { afterUnknown = false }

  /// Appends the ids of the words that end at `ends`, the first of which starts at `start`.
  ///
  /// Returns false when a word cannot be encoded for itself; what was appended is of no use then.
  mutating func encode(
    _ text: UnsafeRawBufferPointer, from start: Int, _ ends: UnsafeBufferPointer<Int>,
    _ ids: inout [Int32]
  ) -> Bool {
    var start = start
    for end in ends {
      let word = UnsafeRawBufferPointer(rebasing: text[start..<end])
      start = end
      if word.count <= ShortKeyCache.maximumKey {
        let key = ShortKeyCache.key(word)
        let isKnown = known.find(key) { append($0, &ids) }
        if isKnown { continue }
        guard encodeFresh(word) else { return false }
        known.insert(key, fresh[...])
      } else {
        guard encodeFresh(word) else { return false }
      }
      fresh.withUnsafeBufferPointer { append($0, &ids) }
    }
    return true
  }

  /// Appends a word's ids; an unknown one joins the unknown before it.
  @inline(__always)
  private mutating func append(_ word: UnsafeBufferPointer<Int32>, _ ids: inout [Int32]) {
    guard let first = word.first, let last = word.last else { return }
    if afterUnknown, first == unknown {
      ids.append(contentsOf: UnsafeBufferPointer(rebasing: word[1...]))
    } else {
      ids.append(contentsOf: word)
    }
    afterUnknown = joinsUnknown && last == unknown
  }

  /// Encodes one word, as it stands behind a blank, into `fresh`.
  private mutating func encodeFresh(_ word: UnsafeRawBufferPointer) -> Bool {
    translated.removeAll(keepingCapacity: true)
    Self.translate(word, to: &translated)
    normalized.removeAll(keepingCapacity: true)
    Self.append(0x81, to: &normalized)
    translated.withUnsafeBytes {
      tokenizer.normalizer.append($0, afterBlank: dropsEmpty, to: &normalized)
    }
    fresh.removeAll(keepingCapacity: true)
    if normalized.count == 3 { return dropsEmpty }
    var index = 3
    while index + 2 < normalized.count {
      if normalized[index] == 0xe2, normalized[index + 1] == 0x96, normalized[index + 2] == 0x81 {
        return false
      }
      index += 1
    }
    normalized.withUnsafeBytes { encoder.encode(normalized: $0, into: &fresh) }
    return true
  }

  /// Appends a word with U+2582 for blanks and U+2583 for line feeds.
  static func translate(_ word: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    for byte in word {
      switch byte {
      case 0x20: append(0x82, to: &output)
      case 0x0a: append(0x83, to: &output)
      default: output.append(byte)
      }
    }
  }

  /// Appends U+2581 (0x81), U+2582 or U+2583.
  @inline(__always)
  private static func append(_ last: UInt8, to output: inout [UInt8]) {
    output.append(0xe2)
    output.append(0x96)
    output.append(last)
  }
}
