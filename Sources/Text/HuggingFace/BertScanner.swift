/// BERT's normalizer, pre-tokenizer and WordPiece in one pass over the text.
///
/// What happens to a code point is looked up; it does not depend on its neighbours but for marks that
/// take part in canonical ordering without being dropped: text with one of those goes the long way.
struct BertScanner {
  /// What happens to a code point.
  private enum Action: UInt8 {
    /// It stays.
    case keep
    /// It ends a word.
    case blank
    /// It is left out.
    case drop
    /// It is a word of its own.
    case alone
    /// An ASCII capital.
    case lower
    /// Other text stands for it.
    case change
    /// Another text stands for it, which is a word of its own.
    case changeAlone
    /// Only the long way knows.
    case long
  }

  private let rules: BertNormalizer
  private let words: WordPieceModel
  /// By blocks of 256 code points: the place of their actions, -1 before they are asked for.
  private var blocks = [Int32](repeating: -1, count: 0x1100)
  private var actions: [UInt8] = []
  private var changes: [UInt32: [UInt8]] = [:]
  private var word: [UInt8] = []

  /// nil for a tokenizer with other parts.
  init?(_ tokenizer: HuggingFaceTokenizer) {
    guard case .bert(let rules) = tokenizer.normalizer,
      case .wordPiece(let model) = tokenizer.model,
      tokenizer.preTokenizers.count == 1, case .bert = tokenizer.preTokenizers[0],
      tokenizer.added.hasNoCooked
    else { return nil }
    self.rules = rules
    words = model
  }

  /// Appends the ids of a text; false, and nothing appended, when it has to go the long way.
  mutating func encode(
    _ text: UnsafeRawBufferPointer, _ model: inout ModelEncoder, into ids: inout [Int32]
  ) -> Bool {
    let first = ids.count
    var index = 0
    var start = 0  // where the word begins, as long as it is as in the text
    var isBuffered = false
    @inline(__always)
    func flush(_ end: Int, _ scanner: inout BertScanner) {
      if isBuffered {
        if !scanner.word.isEmpty {
          scanner.word.withUnsafeBytes { model.encode($0, into: &ids) }
        }
        isBuffered = false
      } else if start < end {
        model.encode(UnsafeRawBufferPointer(rebasing: text[start..<end]), into: &ids)
      }
    }
    @inline(__always)
    func buffer(_ end: Int, _ scanner: inout BertScanner) {
      guard !isBuffered else { return }
      scanner.word.removeAll(keepingCapacity: true)
      scanner.word.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<end]))
      isBuffered = true
    }
    while index < text.count {
      let (code, next) = UTF8Scalars.read(text, index)
      switch action(code) {
      case .keep:
        if isBuffered {
          for place in index..<next { word.append(text[place]) }
        }
      case .lower:
        buffer(index, &self)
        word.append(UInt8(truncatingIfNeeded: code | 0x20))
      case .blank:
        flush(index, &self)
        start = next
      case .drop:
        buffer(index, &self)
      case .alone:
        flush(index, &self)
        if let id = words.id(of: code) {
          ids.append(id)
        } else {
          model.encode(UnsafeRawBufferPointer(rebasing: text[index..<next]), into: &ids)
        }
        start = next
      case .change:
        buffer(index, &self)
        word.append(contentsOf: changes[code] ?? [])
      case .changeAlone:
        flush(index, &self)
        (changes[code] ?? []).withUnsafeBytes {
          if !$0.isEmpty { model.encode($0, into: &ids) }
        }
        start = next
      case .long:
        ids.removeLast(ids.count - first)
        return false
      }
      index = next
    }
    flush(text.count, &self)
    return true
  }

  @inline(__always)
  private mutating func action(_ code: UInt32) -> Action {
    let block = blocks[Int(code >> 8)]
    if block >= 0 {
      return Action(rawValue: actions[Int(block) << 8 | Int(code & 255)]) ?? .long
    }
    return learn(code)
  }

  /// Works out the actions of a block.
  @inline(never)
  private mutating func learn(_ code: UInt32) -> Action {
    let block = Int32(actions.count >> 8)
    let base = code & ~255
    for code in base..<base + 256 { actions.append(find(code).rawValue) }
    blocks[Int(code >> 8)] = block
    return Action(rawValue: actions[Int(block) << 8 | Int(code & 255)]) ?? .long
  }

  private mutating func find(_ code: UInt32) -> Action {
    if rules.cleansText {
      if UnicodeTables.has(code, .control) { return .drop }
      if UnicodeTables.has(code, .space) { return .blank }
    }
    guard !(0xd800..<0xe000).contains(code) else { return .long }
    let isChinese = rules.spacesChinese && BertNormalizer.isChinese(code)
    // The code point by itself through the rest of the rules.
    var spelled: [UInt8] = []
    UTF8Scalars.append(code, to: &spelled)
    var text = spelled.withUnsafeBytes { AlignedText($0, 0..<$0.count, keepsSpans: false) }
    if rules.stripsAccents {
      let decomposed = text.bytes.withUnsafeBytes { UnicodeNormalizer(.nfd).changes($0) }
      for item in decomposed
      where UnicodeTables.combiningClass[item.code] != 0
        && !UnicodeTables.has(item.code, .nonspacing)
      {
        return .long
      }
      text.bytes.removeAll()
      for item in decomposed where !UnicodeTables.has(item.code, .nonspacing) {
        UTF8Scalars.append(item.code, to: &text.bytes)
      }
    }
    if rules.lowercases { TextNormalizer.lowercase(&text) }
    if text.bytes.isEmpty { return .drop }
    var breaks = 0
    var count = 0
    var isSpace = false
    TextNormalizer.forEach(text.bytes) { code, _ in
      count += 1
      if UnicodeTables.has(code, .punctuation) { breaks += 1 }
      if UnicodeTables.has(code, .space) { isSpace = true }
    }
    if isSpace { return text.bytes == spelled && count == 1 ? .blank : .long }
    let isAlone = isChinese || (breaks == 1 && count == 1)
    if breaks > 0, count > 1 { return .long }
    if text.bytes == spelled { return isAlone ? .alone : .keep }
    if code < 0x80, !isAlone { return .lower }
    changes[code] = text.bytes
    return isAlone ? .changeAlone : .change
  }
}
