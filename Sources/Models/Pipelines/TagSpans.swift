/// Joins the tags of words to spans.
///
/// Tags are `O`, or a letter with an optional type: B or S begins a span, I, M and E go on with it, E
/// and S (and L, U of BILOU) end it. A going-on tag without a span, or of another type, begins one, as
/// seqeval does. Tags of any other form (parts of speech) are spans of one word.
enum TagSpans {
  struct Span: Equatable {
    let type: String
    let words: Range<Int>
  }

  static func join(_ tags: [String]) -> [Span] {
    var spans: [Span] = []
    var open: (type: String, start: Int)?
    func close(_ end: Int) {
      if let span = open { spans.append(Span(type: span.type, words: span.start..<end)) }
      open = nil
    }
    for (index, tag) in tags.enumerated() {
      guard let (letter, type) = parts(tag) else {
        close(index)
        if tag != "O" { spans.append(Span(type: tag, words: index..<index + 1)) }
        continue
      }
      let goesOn = "IMEL".utf8.contains(letter) && open?.type == type
      if !goesOn {
        close(index)
        open = (type, index)
      }
      if "ESLU".utf8.contains(letter) { close(index + 1) }
    }
    close(tags.count)
    return spans
  }

  /// The letter and the type of `B-PER`, `B_PER` or `B`; nil for anything else.
  private static func parts(_ tag: String) -> (letter: UInt8, type: String)? {
    let bytes = Array(tag.utf8)
    guard let letter = bytes.first, "BIMESLU".utf8.contains(letter) else { return nil }
    if bytes.count == 1 { return (letter, "") }
    guard bytes.count > 2, bytes[1] == UInt8(ascii: "-") || bytes[1] == UInt8(ascii: "_") else {
      return nil
    }
    return (letter, String(decoding: bytes[2...], as: UTF8.self))
  }
}
