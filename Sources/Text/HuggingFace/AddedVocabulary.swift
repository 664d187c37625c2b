internal import DSXCore

/// The tokens beside a model's vocabulary, which are cut out of the text before anything else.
///
/// First those that are looked for in the text as it is, then, in what is left and normalized, the others
/// by their normalized spelling. The leftmost match counts, of those the longest.
struct AddedVocabulary: Sendable {
  /// In the order of the file, with the ids that they got.
  let tokens: [AddedToken]
  private let byID: [Int32: Int]
  private let byContent: [[UInt8]: Int32]
  private let special: Set<[UInt8]>
  /// The normalized spellings of those tokens whose spelling changes.
  private let normalized: [Int32: String]
  private let raw: Matcher
  private let cooked: Matcher

  /// Whether no token is looked for in the text as it is.
  var hasNoRaw: Bool { raw.isEmpty }
  /// Whether no token is looked for in normalized text.
  var hasNoCooked: Bool { cooked.isEmpty }

  /// Finds the tokens of one of the two rounds.
  private struct Matcher: Sendable {
    var trie = ByteTrie()
    /// By the value in the trie.
    var tokens: [AddedToken] = []
    var isEmpty: Bool { tokens.isEmpty }
    /// The only byte that a token begins with, where there is but one.
    var onlyFirst: UInt8?

    mutating func insert(_ spelling: some Sequence<UInt8>, _ token: AddedToken) {
      trie.insert(spelling, Int32(tokens.count))
      tokens.append(token)
    }

    mutating func finish() {
      let firsts = (UInt8.min...UInt8.max).filter { trie.begins($0) }
      onlyFirst = firsts.count == 1 ? firsts[0] : nil
    }
  }

  /// Gives ids as the library does: the model's where it has the spelling, else one after the other from
  /// the end of the vocabulary on. The ids of the file are not asked.
  init(_ file: [AddedToken], _ vocabulary: PieceVocabulary, _ normalizer: TextNormalizer?) {
    var tokens: [AddedToken] = []
    var byID: [Int32: Int] = [:]
    var byContent: [[UInt8]: Int32] = [:]
    var normalized: [Int32: String] = [:]
    var special: Set<[UInt8]> = []
    var next = Int32(vocabulary.count)
    for token in file where !token.content.isEmpty {
      let key = Array(token.content.utf8)
      let id: Int32
      if let known = byContent[key] ?? vocabulary.id(of: key) {
        id = known
      } else if token.keepsID {
        id = token.id
      } else {
        id = next
        next += 1
      }
      let placed = token.with(id: id)
      byContent[key] = id
      if token.isSpecial { special.insert(key) }
      if let place = byID[id] {
        tokens[place] = placed
      } else {
        byID[id] = tokens.count
        tokens.append(placed)
      }
      if token.isNormalized, let normalizer {
        var text = key.withUnsafeBytes { AlignedText($0, 0..<$0.count, keepsSpans: false) }
        normalizer.apply(&text)
        if text.bytes != key { normalized[id] = String(decoding: text.bytes, as: UTF8.self) }
      }
    }
    var raw = Matcher()
    var cooked = Matcher()
    for token in tokens {
      if token.isNormalized {
        cooked.insert((normalized[token.id] ?? token.content).utf8, token)
      } else {
        raw.insert(token.content.utf8, token)
      }
    }
    raw.finish()
    cooked.finish()
    self.tokens = tokens
    self.byID = byID
    self.byContent = byContent
    self.special = special
    self.normalized = normalized
    self.raw = raw
    self.cooked = cooked
  }

  /// One more than the largest id; 0 without tokens.
  var size: Int { tokens.map { Int($0.id) + 1 }.max() ?? 0 }

  /// The id of a spelling.
  func id(of content: String) -> Int32? { byContent[Array(content.utf8)] }

  /// What the decoder sees of a token; nil for an id that is none of these.
  func spelling(_ id: Int32) -> String? {
    guard let place = byID[id] else { return nil }
    return normalized[id] ?? tokens[place].content
  }

  /// The spelling of a token in the file; nil for an id that is none of these.
  func content(_ id: Int32) -> String? { byID[id].map { tokens[$0].content } }

  /// Whether this is the spelling of a special token.
  func isSpecial(_ spelling: String) -> Bool { special.contains(Array(spelling.utf8)) }

  /// A stretch of text: a token, or what lies between tokens.
  struct Stretch {
    var range: Range<Int>
    var id: Int32?
  }

  /// Cuts a text: `isCooked` says which round it is; with `plain` special tokens are left as text.
  func cut(_ text: UnsafeRawBufferPointer, isCooked: Bool, plain: Bool) -> [Stretch] {
    let matcher = isCooked ? cooked : raw
    guard !matcher.isEmpty, !text.isEmpty else {
      return [Stretch(range: 0..<text.count, id: nil)]
    }
    var stretches: [Stretch] = []
    var last = 0
    var index = 0
    while let (token, match) = next(matcher, text, &index) {
      if plain, special.contains(Array(token.content.utf8)) { continue }
      var (start, end) = (match.lowerBound, match.upperBound)
      if token.isSingleWord {
        let before = start > 0 ? UTF8Scalars.previous(text, start) : -1
        if before >= 0, UnicodeTables.has(UTF8Scalars.read(text, before).code, .word) { continue }
        if end < text.count, UnicodeTables.has(UTF8Scalars.read(text, end).code, .word) { continue }
      }
      if token.stripsLeft {
        while start > last {
          let before = UTF8Scalars.previous(text, start, last)
          guard UnicodeTables.has(UTF8Scalars.read(text, before).code, .space) else { break }
          start = before
        }
      }
      if token.stripsRight {
        while end < text.count {
          let (code, after) = UTF8Scalars.read(text, end)
          guard UnicodeTables.has(code, .space) else { break }
          end = after
        }
      }
      if last < start { stretches.append(Stretch(range: last..<start, id: nil)) }
      stretches.append(Stretch(range: min(start, end)..<end, id: token.id))
      last = end
    }
    if last < text.count { stretches.append(Stretch(range: last..<text.count, id: nil)) }
    return stretches
  }

  /// The next match from `index` on; matches do not overlap.
  @inline(__always)
  private func next(_ matcher: Matcher, _ text: UnsafeRawBufferPointer, _ index: inout Int) -> (
    token: AddedToken, match: Range<Int>
  )? {
    while index < text.count {
      if let only = matcher.onlyFirst {
        guard let found = text[index...].firstByte(only) else {
          index = text.count
          return nil
        }
        index = found
      } else {
        while index < text.count, !matcher.trie.begins(text[index]) { index += 1 }
        if index == text.count { return nil }
      }
      if let (value, end) = matcher.trie.longest(text, index, text.count) {
        let start = index
        index = end
        return (matcher.tokens[Int(value)], start..<end)
      }
      index += 1
    }
    return nil
  }
}
