/// How the packages rouge 1.0.1 and rouge-chinese 1.0.3 take a text apart: sentences of words,
/// without any tokenizer of their own.
enum SentenceRules: Sendable {
  /// rouge 1.0.1: sentences end at each full stop, also inside numbers.
  case pyRouge
  /// rouge-chinese 1.0.3: sentences end behind 。！？?, six full stops and two ellipses, and a closing
  /// quote behind them.
  case rougeChinese

  /// Appends the sentences, each as a text of its own; an empty one is left out, but one of white
  /// space has one empty word.
  func append(_ text: UnsafeRawBufferPointer, to list: inout TokenList) {
    switch self {
    case .pyRouge:
      Self.appendPieces(of: text, at: 0x2e, to: &list)
    case .rougeChinese:
      let cut = Self.cutSentences(text)
      cut.withUnsafeBytes {
        Self.appendPieces(of: PythonBlank.trimmedEnd($0), at: 0x0a, to: &list)
      }
    }
  }

  private static func appendPieces(
    of text: UnsafeRawBufferPointer, at separator: UInt8, to list: inout TokenList
  ) {
    var start = 0
    for index in 0...text.count where index == text.count || text[index] == separator {
      if start < index {
        let piece = UnsafeRawBufferPointer(rebasing: text[start..<index])
        let before = list.ranges.count
        let base = list.bytes.count
        TextSplitter.splitBlanks(piece, into: &list)
        if list.ranges.count == before { list.append(base, base) }
        list.endText()
      }
      start = index + 1
    }
  }

  private static func cutSentences(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var scalars: [UInt32] = []
    Scalars.append(text, to: &scalars)
    func isEnd(_ scalar: UInt32) -> Bool {
      scalar == 0x3002 || scalar == 0xff01 || scalar == 0xff1f || scalar == 0x3f
    }
    func isQuote(_ scalar: UInt32) -> Bool { scalar == 0x201d || scalar == 0x2019 }
    cut(&scalars, [isEnd]) { !isQuote($0) }
    cut(&scalars, Array(repeating: { $0 == 0x2e }, count: 6)) { !isQuote($0) }
    cut(&scalars, Array(repeating: { $0 == 0x2026 }, count: 2)) { !isQuote($0) }
    cut(&scalars, [isEnd, isQuote]) { !isEnd($0) && $0 != 0xff0c }
    var bytes: [UInt8] = []
    for scalar in scalars { Scalars.append(scalar, to: &bytes) }
    return bytes
  }

  /// Puts a line end between what matches and the character that follows; a match takes both from
  /// the rest.
  private static func cut(
    _ scalars: inout [UInt32], _ pattern: [(UInt32) -> Bool], before isNext: (UInt32) -> Bool
  ) {
    var result: [UInt32] = []
    result.reserveCapacity(scalars.count + 16)
    var index = 0
    while index < scalars.count {
      let next = index + pattern.count
      let isMatch =
        next < scalars.count && pattern.indices.allSatisfy { pattern[$0](scalars[index + $0]) }
        && isNext(scalars[next])
      if isMatch {
        result.append(contentsOf: scalars[index..<next])
        result.append(0x0a)
        result.append(scalars[next])
        index = next + 1
      } else {
        result.append(scalars[index])
        index += 1
      }
    }
    scalars = result
  }
}
