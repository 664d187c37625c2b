/// One worker's tools for comparing a hypothesis with its references: tokens, their numbers and
/// counts.
final class TextWork {
  var splitter: TextSplitter
  var list = TokenList()
  let index = TokenIndex()
  let matcher = NGramMatcher()
  var common = LongestCommonSubsequence()
  var alignment = EditAlignment()
  var edits = TranslationEdits()
  /// Distinct tokens of the hypothesis: their numbers are 0..<distinct.
  private(set) var distinct = 0
  /// Texts of the example that are not blank and have no token.
  private(set) var emptied = 0

  init(_ tokenizer: MetricTokenizer, lowers: Bool = false) {
    splitter = TextSplitter(tokenizer, lowers: lowers)
  }

  /// Splits and numbers an example: text 0 is the hypothesis, the others are the references.
  func read(_ hypothesis: String, _ references: [String]) {
    list.removeAll()
    splitter.append(hypothesis, to: &list)
    for reference in references { splitter.append(reference, to: &list) }
    number()
    emptied = 0
    for text in list.ends.indices where list.tokens(ofText: text).isEmpty {
      if Self.hasCharacters(text == 0 ? hypothesis : references[text - 1]) { emptied += 1 }
    }
  }

  /// As `read`, but the references' tokens are put together with blanks and split once more:
  /// sacrebleu's TER does so, and its rules do not always give the same tokens again (`was's`
  /// before a Chinese character).
  func readSplittingReferencesTwice(_ hypothesis: String, _ references: [String]) {
    read(hypothesis, references)
    var again: [[UInt8]] = []
    for text in list.ends.indices.dropFirst() {
      var joined: [UInt8] = []
      for place in list.ranges[list.tokens(ofText: text)] {
        if !joined.isEmpty { joined.append(0x20) }
        joined.append(contentsOf: list.bytes[Int(place.start)..<Int(place.end)])
      }
      again.append(joined)
    }
    list.removeAll()
    splitter.append(hypothesis, to: &list)
    for text in again { text.withUnsafeBytes { splitter.append($0, to: &list) } }
    number()
  }

  /// Numbers the tokens that are in the list.
  func number() {
    index.removeAll(expected: list.ranges.count)
    index.append(list, text: 0)
    distinct = index.count
    for text in 1..<max(1, list.ends.count) { index.append(list, text: text) }
  }

  /// The token numbers of a text, valid until the next example.
  func tokens(_ text: Int) -> UnsafeBufferPointer<Int32> {
    let range = list.tokens(ofText: text)
    return UnsafeBufferPointer(start: index.numbers.base + range.lowerBound, count: range.count)
  }

  private static func hasCharacters(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { !PythonBlank.trimmed(UnsafeRawBufferPointer($0)).isEmpty }
  }
}
