internal import Jieba

/// A tokenizer at work: its rule, the option to lower texts before, and scratch space of its own.
struct TextSplitter {
  let rule: MetricTokenizer.Rule
  /// Lowers each text first, as sacrebleu's `lowercase`.
  let lowers: Bool
  private var cutter: JiebaCutter?
  private var stemmer = PorterStemmer()
  private var lowered: [UInt8] = []
  var scratch: [UInt8] = []
  var scalars: [UInt32] = []
  var rewritten: [UInt32] = []

  init(_ tokenizer: MetricTokenizer, lowers: Bool = false) {
    rule = tokenizer.rule
    self.lowers = lowers
    switch rule {
    case .jieba(let dictionary), .jiebaWithBlanks(let dictionary):
      cutter = JiebaCutter(dictionary)
    default: break
    }
  }

  /// Appends the tokens of a string as one text.
  mutating func append(_ text: String, to list: inout TokenList) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &list) }
  }

  /// Appends the tokens of valid UTF-8 as one text.
  mutating func append(_ text: UnsafeRawBufferPointer, to list: inout TokenList) {
    if lowers {
      var bytes = lowered
      lowered = []
      bytes.removeAll(keepingCapacity: true)
      PythonLower.table.append(text, to: &bytes)
      bytes.withUnsafeBytes { split($0, into: &list) }
      lowered = bytes
    } else {
      split(text, into: &list)
    }
    list.endText()
  }

  private mutating func split(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    switch rule {
    case .v13a: split13a(PythonBlank.trimmedEnd(text), into: &list)
    case .chinese:
      WesternRules.split(PythonBlank.trimmed(text), isPadded: false, isChinese: true, into: &list)
    case .character: Self.splitCharacters(text, keepsBlanks: false, into: &list)
    case .everyCharacter: Self.splitCharacters(text, keepsBlanks: true, into: &list)
    case .international: splitInternational(PythonBlank.trimmedEnd(text), into: &list)
    case .blanks: Self.splitBlanks(text, into: &list)
    case .jieba: splitJieba(text, keepsBlanks: false, into: &list)
    case .jiebaWithBlanks: splitJieba(text, keepsBlanks: true, into: &list)
    case .rouge(let stem, let splits):
      splitRouge(text, stem: stem, splitsEastAsian: splits, into: &list)
    case .tercom(let options): splitTercom(PythonBlank.trimmedEnd(text), options, into: &list)
    case .rebuiltChinese: splitRebuilt(text, into: &list)
    }
  }

  /// `text.split()`.
  static func splitBlanks(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    let base = list.appendBytes(text)
    var start = 0
    var index = 0
    while index < text.count {
      let length = PythonBlank.length(text, index)
      if length == 0 {
        index += 1
        continue
      }
      if start < index { list.append(base + start, base + index) }
      index += length
      start = index
    }
    if start < index { list.append(base + start, base + index) }
  }

  /// Every code point, or every one but white space.
  static func splitCharacters(
    _ text: UnsafeRawBufferPointer, keepsBlanks: Bool, into list: inout TokenList
  ) {
    let base = list.appendBytes(text)
    var index = 0
    while index < text.count {
      let blank = keepsBlanks ? 0 : PythonBlank.length(text, index)
      if blank > 0 {
        index += blank
        continue
      }
      let length = Scalars.read(text, index).length
      list.append(base + index, base + index + length)
      index += length
    }
  }

  private mutating func splitJieba(
    _ text: UnsafeRawBufferPointer, keepsBlanks: Bool, into list: inout TokenList
  ) {
    let base = list.appendBytes(text)
    cutter?.cut(text) { word in
      if keepsBlanks || !PythonBlank.trimmed(UnsafeRawBufferPointer(rebasing: text[word])).isEmpty {
        list.append(base + word.lowerBound, base + word.upperBound)
      }
    }
  }

  /// The one escape that is common: entities, `<skipped>` and line ends before 13a's own rules.
  private mutating func split13a(_ text: UnsafeRawBufferPointer, into list: inout TokenList) {
    let isPlain = !text.contains { $0 == 0x26 || $0 == 0x3c || $0 == 0x0a }
    if isPlain {
      WesternRules.split(text, isPadded: true, isChinese: false, into: &list)
      return
    }
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: text)
    Replacement.replace("<skipped>", by: "", in: &scratch)
    Replacement.replace("-\n", by: "", in: &scratch)
    Replacement.replace("\n", by: " ", in: &scratch)
    Replacement.resolveEntities(in: &scratch)
    scratch.withUnsafeBytes {
      WesternRules.split($0, isPadded: true, isChinese: false, into: &list)
    }
  }

  /// Lower-case runs of [a-z0-9]; two other characters have a lower form among them.
  private mutating func splitRouge(
    _ text: UnsafeRawBufferPointer, stem: Bool, splitsEastAsian: Bool, into list: inout TokenList
  ) {
    scratch.removeAll(keepingCapacity: true)
    scratch.reserveCapacity(2 * text.count + 1)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        scratch.append(Self.rougeByte(byte))
        index += 1
        continue
      }
      let (scalar, length) = Scalars.read(text, index)
      if scalar == 0x130 {
        // It is lowered to i and a dot above.
        scratch.append(0x69)
        scratch.append(0x20)
      } else if scalar == 0x212a {
        scratch.append(0x6b)
      } else if splitsEastAsian, Self.isEastAsian(scalar) {
        scratch.append(0x20)
        for offset in 0..<length { scratch.append(text[index + offset]) }
        scratch.append(0x20)
      } else {
        scratch.append(0x20)
      }
      index += length
    }
    scratch.append(0x20)
    if stem { stemWords() }
    scratch.withUnsafeBytes { text in
      let base = list.appendBytes(text)
      var start = 0
      for index in 0..<text.count where text[index] == 0x20 {
        if start < index { list.append(base + start, base + index) }
        start = index + 1
      }
    }
  }

  @inline(__always)
  private static func rougeByte(_ byte: UInt8) -> UInt8 {
    let lower = byte | 0x20
    if lower &- 0x61 < 26, byte >= 0x41 { return lower }
    return byte &- 0x30 < 10 ? byte : 0x20
  }

  /// Ideographs, Kana and Hangul.
  private static func isEastAsian(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x1100...0x11ff, 0x3005...0x3007, 0x3040...0x30ff, 0x3100...0x312f, 0x31a0...0x31bf,
      0x31f0...0x31ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xac00...0xd7a3, 0xf900...0xfaff,
      0xff66...0xff9f, 0x20000...0x3ffff:
      true
    default: false
    }
  }

  /// Replaces the words of `scratch` of more than three letters by their stems.
  private mutating func stemWords() {
    var stems: [UInt8] = []
    stems.reserveCapacity(scratch.count)
    var start = 0
    for index in 0..<scratch.count where scratch[index] == 0x20 {
      if index - start > 3, scratch[start] < 0x80 {
        stemmer.appendStem(of: scratch[start..<index], to: &stems)
      } else {
        stems.append(contentsOf: scratch[start..<index])
      }
      stems.append(0x20)
      start = index + 1
    }
    scratch = stems
  }
}
