internal import DSXCore
internal import Text

/// Decodes ids one after the other into pieces of valid UTF-8.
///
/// A character may take several ids: what is incomplete at the end waits. Only a window of the last ids is
/// decoded at each step; it begins with a few ids whose text is known, because decoders treat the start of
/// a text differently (SentencePiece drops its first blank).
struct IncrementalText {
  /// Ids in front of the window that are decoded again.
  private static let contextIDs = 4
  /// No character takes more ids than 4: after a longer wait only the last ones can still become one.
  private static let longestWait = 8
  /// Bytes of an unfinished character, at most; each may be shown by a replacement character of its own.
  private static let unfinished = 3

  private let tokenizer: any Tokenizer
  /// Context, then ids with text that waits.
  private var window: [Int32] = []
  /// Of the window's text, bytes that were handed out.
  private var taken = 0
  /// Ids at the end of the window that wait.
  private var waiting = 0

  init(_ tokenizer: any Tokenizer) { self.tokenizer = tokenizer }

  /// The text that became complete with this id; special tokens have none.
  mutating func append(_ id: Int32) throws(DSXError) -> [UInt8] {
    // A model may have more ids than its vocabulary; they have no text.
    guard tokenizer.piece(of: id) != nil, !tokenizer.isSpecial(id) else { return [] }
    window.append(id)
    waiting += 1
    let text = try decode(window[...])
    var stable = Self.stableCount(text)
    let isForced = waiting >= Self.longestWait && stable < text.count
    if isForced { stable = max(stable, text.count - Self.unfinished * Self.replacement.count) }
    let start = Self.boundary(text, taken)
    let piece = start < stable ? Array(text[start..<stable]) : []
    taken = max(taken, stable)
    if stable == text.count {
      try moveWindow(text.count)
    } else if isForced {
      try cutWindow(text)
    }
    return piece
  }

  /// The rest: what waits will not become a character any more.
  mutating func finish() throws(DSXError) -> [UInt8] {
    guard waiting > 0 else { return [] }
    waiting = 0
    let text = try decode(window[...])
    let start = Self.boundary(text, taken)
    let piece = start < text.count ? Array(text[start...]) : []
    taken = max(taken, text.count)
    return piece
  }

  /// Everything so far is handed out: keeps the last ids, from the start of a character on where there is
  /// one, as context.
  private mutating func moveWindow(_ count: Int) throws(DSXError) {
    waiting = 0
    taken = count
    guard window.count > 2 * Self.contextIDs else { return }
    var best: (kept: Int, count: Int)?
    for kept in Self.contextIDs...2 * Self.contextIDs {
      let text = try decode(window.suffix(kept))
      let isWhole = !text.starts(with: Self.replacement)
      if isWhole || best == nil { best = (kept, text.count) }
      if isWhole { break }
    }
    guard let best else { return }
    window.removeFirst(window.count - best.kept)
    taken = best.count
  }

  /// Bytes that are no text go on and on: drops ids whose text was handed out. Never within ids of single
  /// bytes (`<0xE4>`): there are decoders that look at all of them together.
  private mutating func cutWindow(_ text: [UInt8]) throws(DSXError) {
    let kept = 2 * Self.contextIDs
    guard window.count > 2 * kept else { return }
    let first = tokenizer.piece(of: window[window.count - kept]) ?? ""
    guard !(first.hasPrefix("<0x") && first.hasSuffix(">")) else { return }
    let rest = text[taken...]
    let short = try decode(window.suffix(kept))
    guard short.count >= rest.count, short.suffix(rest.count).elementsEqual(rest) else { return }
    window.removeFirst(window.count - kept)
    taken = short.count - rest.count
  }

  private func decode(_ ids: ArraySlice<Int32>) throws(DSXError) -> [UInt8] {
    Array(try tokenizer.decode(Array(ids), skipSpecialTokens: true).utf8)
  }

  /// U+FFFD, which decoders put for bytes that are no character, or not yet one.
  private static let replacement: [UInt8] = [0xef, 0xbf, 0xbd]

  /// The first beginning of a character from a place on: what was handed out is within one where a later
  /// byte changed the text before it.
  private static func boundary(_ text: [UInt8], _ place: Int) -> Int {
    var place = place
    while place < text.count, text[place] & 0xc0 == 0x80 { place += 1 }
    return place
  }

  /// Bytes of the text before the replacement characters at its end.
  private static func stableCount(_ text: [UInt8]) -> Int {
    var count = text.count
    while count >= 3, text[count - 3..<count].elementsEqual(replacement) { count -= 3 }
    return count
  }
}
