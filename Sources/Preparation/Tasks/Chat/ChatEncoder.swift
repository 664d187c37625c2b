internal import DSXCore
internal import Text

/// Encodes conversations, on one thread: ids of the whole text, labels that are the ids inside of the
/// assistant's answers and -100 elsewhere.
///
/// The text is encoded as one piece, so that ids are those that the model sees; a token that lies over the
/// border of an answer belongs to it, as in transformers' `return_assistant_tokens_mask`. Vocabularies that keep
/// no offsets get the parts between the borders one by one.
struct ChatEncoder {
  /// The label of what is not to be learnt.
  static let ignored: Int32 = -100

  private let rules: ChatRules
  private let renderer: ChatTemplate.Renderer
  private var encoder: any TokenEncoder

  init(_ rules: ChatRules) throws(DSXError) {
    self.rules = rules
    renderer = try rules.template.makeRenderer()
    encoder = rules.tokenizer.makeEncoder()
  }

  /// Appends the ids and labels of one line of JSON, which starts at byte `base` of its file.
  ///
  /// Throws `malformed` for a line that is no conversation or that the template refuses, and for a
  /// conversation without anything to learn.
  mutating func encode(
    _ line: UnsafeRawBufferPointer, base: Int, ids: inout [Int32], labels: inout [Int32]
  ) throws(DSXError) {
    let record = try ChatRecord(try JSONParser.parse(line, base: base))
    let text: ChatTemplate.Rendered
    do {
      text = try renderer.renderWithAnswers(record.messages, extra: record.extra)
    } catch {
      // The line that the error names is one of the template.
      var error = error
      if let line = error.location.line { error.message += " (line \(line) of the template)" }
      error.location = DSXError.Location()
      throw error
    }
    let start = ids.count
    try append(text, &ids, &labels)
    guard labels[start...].contains(where: { $0 != Self.ignored }) else {
      ids.removeLast(ids.count - start)
      labels.removeLast(labels.count - start)
      throw DSXError(
        .malformed, "the conversation's answers are empty: there is nothing to learn",
        hint: "--on-bad-row skip leaves such rows out")
    }
  }

  private mutating func append(
    _ text: ChatTemplate.Rendered, _ ids: inout [Int32], _ labels: inout [Int32]
  ) throws(DSXError) {
    let encoding = try rules.tokenizer.encode(
      String(decoding: text.text, as: UTF8.self), pair: nil, addSpecialTokens: false)
    guard encoding.offsets.count == encoding.ids.count else {
      appendParts(text, &ids, &labels)
      return
    }
    let answers = Self.codePoints(text)
    var answer = 0
    for (id, range) in zip(encoding.ids, encoding.offsets) {
      while answer < answers.count, answers[answer].upperBound <= range.lowerBound { answer += 1 }
      let isAnswer =
        answer < answers.count && range.upperBound > answers[answer].lowerBound && !range.isEmpty
      ids.append(id)
      labels.append(isAnswer ? id : Self.ignored)
    }
  }

  /// The answers' ranges in code points.
  private static func codePoints(_ text: ChatTemplate.Rendered) -> [Range<Int>] {
    var (byte, count) = (0, 0)
    func advance(to end: Int) -> Int {
      while byte < end {
        if text.text[byte] & 0xc0 != 0x80 { count += 1 }
        byte += 1
      }
      return count
    }
    return text.answers.map { range in
      let first = advance(to: range.lowerBound)
      return first..<advance(to: range.upperBound)
    }
  }

  private mutating func appendParts(
    _ text: ChatTemplate.Rendered, _ ids: inout [Int32], _ labels: inout [Int32]
  ) {
    var position = 0
    func part(_ range: Range<Int>, isAnswer: Bool) {
      let start = ids.count
      text.text.withUnsafeBytes {
        encoder.encode(UnsafeRawBufferPointer(rebasing: $0[range]), into: &ids)
      }
      if isAnswer {
        labels.append(contentsOf: ids[start...])
      } else {
        labels.append(contentsOf: repeatElement(Self.ignored, count: ids.count - start))
      }
    }
    for answer in text.answers {
      part(position..<answer.lowerBound, isAnswer: false)
      part(answer, isAnswer: true)
      position = answer.upperBound
    }
    part(position..<text.text.count, isAnswer: false)
  }
}
