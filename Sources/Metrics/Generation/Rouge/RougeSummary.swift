internal import DSXCore

/// ROUGE-Lsum of one pair of texts whose lines are sentences, as rouge-score 0.1.2.
///
/// For each reference sentence the union of its longest common subsequences with all hypothesis
/// sentences; a token counts at most as often as it stands in either text.
final class RougeSummary {
  /// Bytes of the tables of one pair of sentences at most.
  private static let tableLimit = 1 << 30

  private var splitter: TextSplitter
  private var list = TokenList()
  private let index = TokenIndex()
  private var common = LongestCommonSubsequence()

  init(_ tokenizer: MetricTokenizer) { splitter = TextSplitter(tokenizer) }

  func score(_ hypothesis: String, _ reference: String) throws(DSXError) -> RougeScore {
    list.removeAll()
    let own = appendSentences(hypothesis)
    let theirs = appendSentences(reference)
    let (ownCount, all) = (own > 0 ? list.ends[own - 1] : 0, list.ranges.count)
    guard own > 0, theirs > 0, ownCount > 0, all > ownCount else { return .zero }
    index.removeAll(expected: all)
    for text in 0..<own { index.append(list, text: text) }
    let distinct = index.count
    for text in own..<(own + theirs) { index.append(list, text: text) }

    var left = [Int32](repeating: 0, count: 2 * index.count)
    for place in 0..<all {
      left[2 * Int(index.numbers.base[place]) + (place < ownCount ? 0 : 1)] += 1
    }
    var hits = 0
    for sentence in own..<(own + theirs) {
      let tokens = tokens(sentence)
      var isHit = [Bool](repeating: false, count: tokens.count)
      for other in 0..<own {
        let hypothesis = self.tokens(other)
        let words = (hypothesis.count + 63) / 64
        guard
          max(distinct, tokens.count + 1).multipliedReportingOverflow(by: words * 8)
            .partialValue <= Self.tableLimit
        else {
          throw DSXError(
            .unsupported,
            "ROUGE-Lsum of sentences of \(hypothesis.count) and \(tokens.count) words",
            hint: "sentences are lines: split the texts with line ends")
        }
        common.trace(hypothesis, tokens, distinct: distinct, preference: .reference) {
          isHit[$0] = true
        }
      }
      for place in tokens.indices where isHit[place] {
        let token = 2 * Int(tokens[place])
        if left[token] > 0, left[token + 1] > 0 {
          hits += 1
          left[token] -= 1
          left[token + 1] -= 1
        }
      }
    }
    return RougeScore(hits: hits, hypothesis: ownCount, reference: all - ownCount)
  }

  private func tokens(_ text: Int) -> UnsafeBufferPointer<Int32> {
    let range = list.tokens(ofText: text)
    return UnsafeBufferPointer(start: index.numbers.base + range.lowerBound, count: range.count)
  }

  /// Appends each line that is not empty as a text; returns how many.
  private func appendSentences(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { utf8 in
      let bytes = UnsafeRawBufferPointer(utf8)
      var count = 0
      var start = 0
      for index in 0...bytes.count where index == bytes.count || bytes[index] == 0x0a {
        if start < index {
          splitter.append(UnsafeRawBufferPointer(rebasing: bytes[start..<index]), to: &list)
          count += 1
        }
        start = index + 1
      }
      return count
    }
  }
}
