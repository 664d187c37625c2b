/// What happens to text before it is split: the normalizers of a `tokenizer.json`.
indirect enum TextNormalizer: Sendable {
  /// One after the other.
  case sequence([TextNormalizer])
  /// NFC, NFD, NFKC, NFKD.
  case unicode(UnicodeNormalizer)
  /// Lower case, code point by code point.
  case lowercase
  /// White space off the ends.
  case strip(left: Bool, right: Bool)
  /// Combining marks out.
  case stripAccents
  /// What BERT does.
  case bert(BertNormalizer)
  /// Every match becomes `content`.
  case replace(TextPattern, content: [UInt32])
  /// Text in front of what is not empty.
  case prepend([UInt32])
  /// SentencePiece's character map, read as the library reads it.
  case precompiled(PrecompiledMap)
  /// Control characters out, odd blanks to blanks.
  case nmt
  /// GPT-2's spelling of bytes.
  case byteLevel

  /// Normalises the text in place.
  func apply(_ text: inout AlignedText) {
    switch self {
    case .sequence(let parts): for part in parts { part.apply(&text) }
    case .unicode(let normalizer):
      if text.bytes.withUnsafeBytes(normalizer.leaves) { return }
      let changes = text.bytes.withUnsafeBytes(normalizer.changes)
      rewrite(&text) { rewriter in
        for change in changes { rewriter.apply(change.change, change.code) }
      }
    case .lowercase: Self.lowercase(&text)
    case .strip(let left, let right): Self.strip(&text, left: left, right: right)
    case .stripAccents: filter(&text) { !UnicodeTables.has($0, .combining) }
    case .bert(let bert): bert.apply(&text)
    case .replace(let pattern, let content): Self.replace(&text, pattern, content)
    case .prepend(let prefix):
      guard !text.bytes.isEmpty, let first = prefix.first else { return }
      rewrite(&text) { rewriter in
        let (code, next) = rewriter.bytes.withUnsafeBytes { UTF8Scalars.read($0, 0) }
        rewriter.replace(with: first)
        for code in prefix.dropFirst() { rewriter.insert(code) }
        rewriter.insert(code)
        _ = next
        rewriter.copy(to: rewriter.bytes.count)
      }
    case .precompiled(let map): map.apply(&text)
    case .nmt:
      filter(&text) { !Self.isDroppedByNMT($0) }
      map(&text, Self.blankOfNMT)
    case .byteLevel: ByteAlphabet.spell(&text)
    }
  }

  /// Runs `body` with a rewriter of the text and takes over what it made.
  static func rewrite(_ text: inout AlignedText, _ body: (inout TextRewriter) -> Void) {
    var rewriter = TextRewriter(text)
    body(&rewriter)
    text = rewriter.result
  }

  private func rewrite(_ text: inout AlignedText, _ body: (inout TextRewriter) -> Void) {
    Self.rewrite(&text, body)
  }

  /// Hands every code point with its place to `body`.
  static func forEach(_ bytes: [UInt8], _ body: (UInt32, Range<Int>) -> Void) {
    bytes.withUnsafeBytes { text in
      var index = 0
      while index < text.count {
        let (code, next) = UTF8Scalars.read(text, index)
        body(code, index..<next)
        index = next
      }
    }
  }

  /// Leaves out code points.
  static func filter(_ text: inout AlignedText, _ keeps: (UInt32) -> Bool) {
    rewrite(&text) { rewriter in
      forEach(rewriter.bytes) { code, range in
        if keeps(code) { rewriter.copy(to: range.upperBound) } else { rewriter.skip() }
      }
    }
  }

  private func filter(_ text: inout AlignedText, _ keeps: (UInt32) -> Bool) {
    Self.filter(&text, keeps)
  }

  /// Puts a code point in the place of each.
  static func map(_ text: inout AlignedText, _ change: (UInt32) -> UInt32) {
    rewrite(&text) { rewriter in
      forEach(rewriter.bytes) { code, range in
        let new = change(code)
        if new == code {
          rewriter.copy(to: range.upperBound)
        } else {
          rewriter.replace(with: new)
        }
      }
    }
  }

  private func map(_ text: inout AlignedText, _ change: (UInt32) -> UInt32) {
    Self.map(&text, change)
  }

  /// Lower case.
  static func lowercase(_ text: inout AlignedText) {
    rewrite(&text) { rewriter in
      forEach(rewriter.bytes) { code, range in
        guard let lower = UnicodeTables.lower[code], let first = lower.first else {
          rewriter.copy(to: range.upperBound)
          return
        }
        rewriter.replace(with: first)
        for code in lower.dropFirst() { rewriter.insert(code) }
      }
    }
  }

  private static func strip(_ text: inout AlignedText, left: Bool, right: Bool) {
    let range = text.bytes.withUnsafeBytes { bytes in
      var start = 0
      var end = bytes.count
      while left, start < end {
        let (code, next) = UTF8Scalars.read(bytes, start)
        guard UnicodeTables.has(code, .space) else { break }
        start = next
      }
      while right, end > start {
        let last = UTF8Scalars.previous(bytes, end, start)
        guard UnicodeTables.has(UTF8Scalars.read(bytes, last).code, .space) else { break }
        end = last
      }
      return start..<end
    }
    guard range.count < text.bytes.count else { return }
    text.bytes = Array(text.bytes[range])
    if text.keepsSpans { text.spans = Array(text.spans[range]) }
  }

  private static func replace(
    _ text: inout AlignedText, _ pattern: TextPattern, _ content: [UInt32]
  ) {
    let matches = text.bytes.withUnsafeBytes { bytes in
      var matches: [Range<Int>] = []
      pattern.forEachMatch(bytes, 0..<bytes.count) { matches.append($0) }
      return matches
    }
    guard !matches.isEmpty else { return }
    rewrite(&text) { rewriter in
      for match in matches {
        rewriter.copy(to: match.lowerBound)
        rewriter.skip(to: match.upperBound)
        for code in content { rewriter.insert(code) }
      }
      rewriter.copy(to: rewriter.bytes.count)
    }
  }

  private static func isDroppedByNMT(_ code: UInt32) -> Bool {
    switch code {
    case 0x01...0x08, 0x0b, 0x0e...0x1f, 0x7f, 0x8f, 0x9f: true
    default: false
    }
  }

  private static func blankOfNMT(_ code: UInt32) -> UInt32 {
    switch code {
    case 0x09, 0x0a, 0x0c, 0x0d, 0x1680, 0x200b...0x200f, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd:
      0x20
    default: code
    }
  }
}
