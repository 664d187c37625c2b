import DSXCore
import Testing

@testable import Models

@Suite struct SpanSearchTests {
  /// Logits as pairs of start and end.
  private func logits(_ starts: [Float], _ ends: [Float]) -> [Float] {
    zip(starts, ends).flatMap { [$0, $1] }
  }

  @Test func picksTheBestPair() {
    var search = SpanSearch(SpanOptions(best: 3, maximumAnswerTokens: 2))
    // Token 0 is special, 1 to 4 cover the words of "ab cd ef gh".
    let places: [Range<Int>?] = [nil, 0..<2, 3..<5, 6..<8, 9..<11]
    search.add(logits([9, 1, 5, 2, 0], [9, 0, 1, 4, 8]), places)
    let prediction = search.prediction("ab cd ef gh", windows: 1)
    // Start 2 with end 4 would score more, but is three tokens long.
    #expect(prediction.answer.text == "ef gh" && prediction.answer.bytes == 6..<11)
    #expect(prediction.answer.score == 10 && prediction.answer.nullScore == 18)
    #expect(prediction.candidates.map(\.text) == ["ef gh", "cd ef"])
    #expect(abs(prediction.candidates.reduce(0) { $0 + $1.probability } - 1) < 1e-12)
  }

  @Test func noAnswer() {
    let places: [Range<Int>?] = [nil, 0..<2, 3..<5]
    let window = logits([3, 2, 0], [3, 0, 2])
    for (threshold, text) in [(0.0, ""), (2.5, "ab cd")] {
      var search = SpanSearch(SpanOptions(allowsNone: true, noneThreshold: threshold))
      search.add(window, places)
      let prediction = search.prediction("ab cd", windows: 1)
      #expect(prediction.answer.text == text)
      #expect(prediction.candidates.first?.text == "")
    }
    // The smallest score of no answer over all windows counts.
    var search = SpanSearch(SpanOptions(allowsNone: true))
    search.add(window, places)
    search.add(logits([-3, 2, 0], [-3, 0, 2]), places)
    #expect(search.prediction("ab cd", windows: 2).answer.text == "ab cd")
  }

  @Test func keepsNoAnswerAmongFew() {
    var search = SpanSearch(SpanOptions(best: 2, allowsNone: true))
    search.add(logits([-9, 2, 1, 1], [-9, 1, 2, 1]), [nil, 0..<1, 1..<2, 2..<3])
    let prediction = search.prediction("abc", windows: 1)
    // Two best answers, and no answer after them although it scores least.
    #expect(prediction.candidates.count == 3 && prediction.candidates[2].text == "")
    #expect(prediction.answer.text == "ab")
  }

  @Test func nothingIsPossible() {
    for allowsNone in [false, true] {
      var search = SpanSearch(SpanOptions(allowsNone: allowsNone))
      search.add(logits([1, 1], [1, 1]), [nil, nil])
      let prediction = search.prediction("", windows: 1)
      #expect(prediction.answer.text == "" && prediction.answer.bytes == 0..<0)
    }
    #expect(SpanSearch(SpanOptions()).prediction("x", windows: 0).answer.text == "")
  }
}
