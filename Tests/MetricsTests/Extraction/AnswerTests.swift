import DSXCore
import Metrics
import Testing

@Suite struct AnswerTests {
  /// Expected from nltk 3.10.4, word_tokenize(text, preserve_line=True).
  @Test(arguments: [
    ("he's gonna can't cannot", "he 's gon na ca n't can not"),
    ("\"x\" 'tis ''y'' ``z``", "`` x '' ' tis `` y '' `` z ``"),
    ("a.b. c... d.", "a.b. c ... d ."),
    ("1,000: x,y: z, (a)", "1,000 : x , y : z , ( a )"),
    ("wanna go; d'ye?", "wan na go ; d 'ye ?"),
    ("$5 50% #1 a--b — c", "$ 5 50 % # 1 a -- b — c"),
  ]) func treebankRules(_ text: String, _ words: String) {
    #expect(TreebankWords.words(text).joined(separator: " ") == words)
  }

  @Test func emptyAnswersDifferBetweenVersions() throws {
    let pair = AnswerPair(prediction: "", answers: ["the"])
    #expect(try SquadScore(.f1).value(of: pair) == 0)
    #expect(try SquadScore(.exactMatch).value(of: pair) == 1)
    let metric = try SquadV2(.f1)
    #expect(metric.score(from: try metric.statistics(of: SquadV2.Example(pair))) == 100)
    #expect(try SquadScore(.f1).value(of: AnswerPair(prediction: nil, answers: ["a b"])) == 0)
    #expect(throws: DSXError.self) {
      try SquadScore(.f1).value(of: AnswerPair(prediction: "a", answers: []))
    }
    #expect(throws: DSXError.self) {
      try metric.statistics(of: SquadV2.Example(AnswerPair(prediction: nil, answers: [])))
    }
    #expect(throws: DSXError.self) {
      try metric.statistics(of: SquadV2.Example(pair, noAnswerProbability: .nan))
    }
    #expect(throws: DSXError.self) { try SquadV2(.f1, threshold: .infinity) }
  }

  /// Questions of one probability change sides together, whatever their order.
  @Test func bestThresholdsDoNotDependOnOrder() throws {
    let metric = try SquadV2(.exactMatch, threshold: 0.5)
    let examples = [("a", ["a"], 0.2), ("b", ["c"], 0.2), ("x", [], 0.2), ("", [], 0.9)].map {
      SquadV2.Example(AnswerPair(prediction: $0.0, answers: $0.1), noAnswerProbability: $0.2)
    }
    let forth = metric.scores(from: try metric.statistics(of: examples))
    let back = metric.scores(from: try metric.statistics(of: examples.reversed()))
    #expect(forth == back)
    #expect(forth.first { $0.name == "best-exact" }?.value == 50)
    #expect(forth.first { $0.name == "best-exact-threshold" }?.value == 0)
  }

  @Test func theRunIsASubstring() throws {
    // The longest common subsequence would be 4 of 5.
    let pair = AnswerPair(prediction: "一二x四五", answers: ["一二三四五"])
    let value = try ChineseAnswerScore(.f1).value(of: pair)
    #expect(abs(value - 0.4) < 1e-12)
  }

  @Test func patternsAreChecked() throws {
    #expect(throws: DSXError.self) { try ExactMatch(patterns: ["("]) }
    let metric = try ExactMatch(ignoresCase: true, patterns: ["\\s+"])
    let example = TextExample(hypothesis: "Ä b", reference: "äB")
    #expect(try metric.statistics(of: example).hits == 1)
  }
}
