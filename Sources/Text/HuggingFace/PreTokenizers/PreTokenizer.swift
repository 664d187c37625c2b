/// How text is cut into pieces before the model sees it: the pre-tokenizers of a `tokenizer.json`.
enum PreTokenizer: Sendable {
  /// When a Metaspace puts its mark in front of a piece.
  enum PrependScheme: String, Sendable, CaseIterable {
    case first
    case never
    case always
  }

  /// GPT-2's: perhaps a blank in front, its pattern, its spelling of bytes. `spells` is false where the
  /// model takes bytes as they are.
  case byteLevel(addsPrefixSpace: Bool, pattern: TextPattern?, spells: Bool)
  case split(TextPattern, SplitBehavior, inverted: Bool)
  /// Words (`\w+`) and runs of other characters; white space is dropped.
  case whitespace
  /// White space is dropped.
  case whitespaceSplit
  /// White space is dropped, punctuation stands alone.
  case bert
  /// Blanks become a mark, pieces begin with it.
  case metaspace(UInt32, PrependScheme, splits: Bool)
  case punctuation(SplitBehavior)
  case digits(individual: Bool)
  case delimiter(UInt32)
  case fixedLength(Int)

  /// Cuts and changes the pieces.
  func apply(_ list: inout PieceList) {
    switch self {
    case .byteLevel(let addsPrefixSpace, let pattern, let spells):
      if addsPrefixSpace {
        list.transform { text, _ in
          if text.bytes.first != 0x20 { TextNormalizer.prepend([0x20]).apply(&text) }
        }
      }
      if let pattern { list.split(.isolated) { pattern.forEachMatch($0, $1, $2) } }
      if spells { list.transform { text, _ in ByteAlphabet.spell(&text) } }
    case .split(let pattern, let behavior, let inverted):
      list.split(behavior, inverted: inverted) { pattern.forEachMatch($0, $1, $2) }
    case .whitespace: list.split(.removed, inverted: true, Self.words)
    case .whitespaceSplit: list.split(.removed) { UnicodeTables.has($0, .space) }
    case .bert:
      list.split(.removed) { UnicodeTables.has($0, .space) }
      list.split(.isolated) { UnicodeTables.has($0, .punctuation) }
    case .metaspace(let mark, let scheme, let splits):
      Self.metaspace(&list, mark, scheme, splits: splits)
    case .punctuation(let behavior):
      list.split(behavior) { UnicodeTables.has($0, .punctuation) }
    case .digits(let individual):
      list.split(individual ? .isolated : .contiguous) { UnicodeTables.has($0, .numeric) }
    case .delimiter(let delimiter): list.split(.removed) { $0 == delimiter }
    case .fixedLength(let length): Self.cut(&list, length)
    }
  }

  /// Runs of `\w`, and runs of what is neither that nor white space.
  private static func words(
    _ bytes: UnsafeRawBufferPointer, _ piece: Range<Int>, _ match: (Range<Int>) -> Void
  ) {
    func kind(_ code: UInt32) -> Int {
      UnicodeTables.has(code, .word) ? 1 : UnicodeTables.has(code, .space) ? 0 : 2
    }
    var start = piece.lowerBound
    var last = 0
    var index = start
    while index < piece.upperBound {
      let (code, next) = UTF8Scalars.read(bytes, index)
      let current = kind(code)
      if current != last {
        if last != 0 { match(start..<index) }
        start = index
        last = current
      }
      index = next
    }
    if last != 0 { match(start..<piece.upperBound) }
  }

  private static func metaspace(
    _ list: inout PieceList, _ mark: UInt32, _ scheme: PrependScheme, splits: Bool
  ) {
    let blank = TextPattern.string([0x20])
    var spelled: [UInt8] = []
    UTF8Scalars.append(mark, to: &spelled)
    list.transform { text, start in
      TextNormalizer.replace(blank, content: [mark]).apply(&text)
      guard scheme == .always || (scheme == .first && start == 0),
        !text.bytes.starts(with: spelled)
      else { return }
      TextNormalizer.prepend([mark]).apply(&text)
    }
    if splits { list.split(.mergedWithNext) { $0 == mark } }
  }

  private static func cut(_ list: inout PieceList, _ length: Int) {
    list.split(.isolated) { bytes, piece, match in
      var start = piece.lowerBound
      while start < piece.upperBound {
        var end = start
        var count = 0
        while count < length, end < piece.upperBound {
          end = UTF8Scalars.read(bytes, end).next
          count += 1
        }
        match(start..<end)
        start = end
      }
    }
  }
}
