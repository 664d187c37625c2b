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
  /// No character takes more ids than 4: a longer wait is for bytes that are no text.
  private static let longestWait = 8

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
    guard tokenizer.piece(of: id) != nil else { return [] }
    window.append(id)
    waiting += 1
    let text = try decode(window[...])
    let stable = waiting < Self.longestWait ? Self.stableCount(text) : text.count
    let piece = taken < stable ? Array(text[taken..<stable]) : []
    taken = max(taken, stable)
    if stable == text.count { try moveWindow(text.count) }
    return piece
  }

  /// The rest: what waits will not become a character any more.
  mutating func finish() throws(DSXError) -> [UInt8] {
    guard waiting > 0 else { return [] }
    waiting = 0
    let text = try decode(window[...])
    let piece = taken < text.count ? Array(text[taken...]) : []
    taken = max(taken, text.count)
    return piece
  }

  /// Everything so far is handed out: keeps the last ids, from the start of a character on, as context.
  private mutating func moveWindow(_ count: Int) throws(DSXError) {
    let waited = waiting
    waiting = 0
    taken = count
    guard window.count > 2 * Self.contextIDs else { return }
    if waited < Self.longestWait {
      for kept in Self.contextIDs...2 * Self.contextIDs {
        let text = try decode(window.suffix(kept))
        guard !text.starts(with: Self.replacement) else { continue }
        window.removeFirst(window.count - kept)
        taken = text.count
        return
      }
    }
    window.removeAll(keepingCapacity: true)
    taken = 0
  }

  private func decode(_ ids: ArraySlice<Int32>) throws(DSXError) -> [UInt8] {
    Array(try tokenizer.decode(Array(ids), skipSpecialTokens: true).utf8)
  }

  /// U+FFFD, which decoders put for bytes that are no character, or not yet one.
  private static let replacement: [UInt8] = [0xef, 0xbf, 0xbd]

  /// Bytes of the text before the replacement characters at its end.
  private static func stableCount(_ text: [UInt8]) -> Int {
    var count = text.count
    while count >= 3, text[count - 3..<count].elementsEqual(replacement) { count -= 3 }
    return count
  }
}
