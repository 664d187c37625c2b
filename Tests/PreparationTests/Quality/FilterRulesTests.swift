import Testing

@testable import Preparation

/// Every rule on texts whose numbers are counted by hand.
@Suite struct FilterRulesTests {
  private func expect(
    _ text: String, _ filters: String, _ rule: QualityRule?, _ value: Double? = nil,
    _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let reason = try QualitySamples.verdict(text, filters)
    #expect(reason?.rule == rule, comment, sourceLocation: sourceLocation)
    if let value, let found = reason?.value {
      #expect(abs(found - value) < 1e-9, comment, sourceLocation: sourceLocation)
    }
  }

  private func off(_ stage: QualityStageName, but kept: String) -> String {
    let keys = QualityRule.rules(of: stage).map(\.entry.key)
    let name = kept.split(separator: "=").first.map(String.init) ?? kept
    return stage.rawValue + (stage == .repetition ? ":from-units=0" : "")
      + keys.filter { $0 != name }.map { ":\($0)=off" }.joined()
      + (kept.contains("=") ? ":" + kept : "")
  }

  @Test func length() throws {
    let words = Array(repeating: "words", count: 49).joined(separator: " ")
    try expect(words, "length", .minUnits, 49)
    try expect(words + " more", "length", nil)
    try expect(String(repeating: "字", count: 49), "length", .minUnits, 49)
    try expect(String(repeating: "字", count: 50), "length", nil)
    try expect("a b c d", off(.length, but: "max-units=3"), .maxUnits, 4)
    try expect("abcd", off(.length, but: "min-chars=5"), .minCharacters, 4)
    try expect("中文中文中文", off(.length, but: "max-chars=5"), .maxCharacters, 6)
    try expect("a bc de f", off(.length, but: "min-word"), .minWordLength, 1.5)
    try expect("incomprehensibilities x", off(.length, but: "max-word"), .maxWordLength, 11)
    // Names in a Chinese text are too few to judge it by.
    try expect("我在用 X 和 Y 写字", off(.length, but: "min-word"), nil)
  }

  @Test func symbols() throws {
    try expect("# a # b c d e f g h", off(.symbols, but: "symbols"), .maxSymbols, 0.25)
    try expect("one... two… three", off(.symbols, but: "symbols"), .maxSymbols, 2.0 / 3)
    try expect("- a\n- b\n* c\n• d", off(.symbols, but: "bullets"), .maxBulletLines, 1)
    try expect("- a\n- b\n* c\nd", off(.symbols, but: "bullets"), nil)
    try expect(
      "read more...\nfull\nline", off(.symbols, but: "ellipses"), .maxEllipsisLines, 1.0 / 3)
    try expect("12 34 ab 56", off(.symbols, but: "alphabetic"), .minAlphabetic, 0.25)
    try expect("中文中文12", off(.symbols, but: "alphabetic"), nil)
    try expect("ab <> {} ;;", off(.symbols, but: "letters"), .minLetters, 0.25)
    try expect("no such words", off(.symbols, but: "stop-words=2"), .minStopWords, 0)
    try expect("The cat and dog", off(.symbols, but: "stop-words=2"), nil)
    try expect("这是我的书", off(.symbols, but: "stop-words=3"), nil)
  }

  @Test func lines() throws {
    let ended = "It ends.\n"
    let open = "It goes on and on without any end of the line\n"
    try expect(ended + String(repeating: open, count: 8), off(.lines, but: "ended"), .minEndedLines)
    try expect(ended + String(repeating: open, count: 7), off(.lines, but: "ended"), nil)
    try expect("结束了。\n没有结束\n”他说！”\n", off(.lines, but: "ended=0.6"), nil)
    try expect("short\n" + open, off(.lines, but: "short=0.4"), .maxShortLines, 0.5)
    try expect("a\nb\nc d e", off(.lines, but: "new-lines"), .maxNewLines, 0.4)
  }

  @Test func repeatedLinesAndParagraphs() throws {
    // Five lines, two of them seen before: 0.4 of the lines, 8 of 25 characters.
    let text = "same\nsame\nother one\nsame\nlast"
    try expect(text, off(.repetition, but: "dup-lines"), .maxDuplicateLines, 0.4)
    try expect(text, off(.repetition, but: "dup-line-chars"), .maxDuplicateLineCharacters, 8.0 / 25)
    let paragraphs = "one\ntwo\n\nthree\n\none\ntwo"
    try expect(paragraphs, off(.repetition, but: "dup-paras"), .maxDuplicateParagraphs, 1.0 / 3)
    try expect(
      paragraphs, off(.repetition, but: "dup-para-chars"), .maxDuplicateParagraphCharacters,
      6.0 / 17)
    try expect("a\nb\nc", "repetition:top-2=off:top-3=off:top-4=off", nil)
  }

  @Test func topNgrams() throws {
    // "ab cd" three times: 12 of 20 letters.
    try expect("ab cd ab cd xy ab cd zw zz qq", off(.repetition, but: "top-2"), .maxTop2, 12.0 / 20)
    // The bigram counts as three characters of Han: 一二三 twice, 6 of 10.
    try expect("一二三甲乙一二三丙丁", off(.repetition, but: "top-2"), .maxTop2, 0.6)
    // Nothing occurs twice.
    try expect("all of these words differ", off(.repetition, but: "top-2=0"), nil)
    try expect("a b c x a b c y", off(.repetition, but: "top-3"), .maxTop3, 6.0 / 8)
    try expect("a b c d x a b c d y", off(.repetition, but: "top-4"), .maxTop4, 8.0 / 10)
  }

  @Test func shortTextsAreNotJudgedByNgrams() throws {
    let short = Array(repeating: "word", count: 49).joined(separator: " ")
    try expect(short, "repetition", nil)
    try expect(short + " word", "repetition", .maxTop2)
    try expect(short, "repetition:from-units=49", .maxTop2)
  }

  @Test func duplicateNgrams() throws {
    // a..e is seen again once: 5 of 11 letters; the overlap that follows is not counted twice.
    try expect("a b c d e x a b c d e", off(.repetition, but: "dup-5"), .maxDuplicate5, 5.0 / 11)
    try expect("a b c d e x a b c d f", off(.repetition, but: "dup-5=0"), nil)
    let ten = "aa bb cc dd ee ff gg hh ii jj"
    for (n, rule) in [(6, QualityRule.maxDuplicate6), (10, .maxDuplicate10)] {
      let expected = Double(n * 2) / 42
      try expect(ten + " k k " + ten, off(.repetition, but: "dup-\(n)"), rule, expected)
    }
    // A text of one word over and over: 5 words, then 5 at a time.
    let same = Array(repeating: "w", count: 16).joined(separator: " ")
    try expect(same, off(.repetition, but: "dup-5"), .maxDuplicate5, 15.0 / 16)
  }

  @Test func scripts() throws {
    try expect("Привет мир ab", "script", .minScriptShare, 2.0 / 11)
    try expect("Привет мир", "script:keep=cyrillic", nil)
    try expect("中文 english", "script:keep=Han:min-share=0.3", .minScriptShare, 2.0 / 9)
    try expect("123 ---", "script", nil, nil, "no letters, nothing to judge")
    var options = QualityOptions()
    try options.addScripts("Han,Latin", minimumShare: 0.9)
    #expect(options.limits == [.minScriptShare: 0.9])
  }

  @Test func theFirstRuleInOrderIsTheReason() throws {
    let reason = try QualitySamples.verdict("# # #", "repetition,symbols,length")
    #expect(reason?.rule == .minUnits)
  }
}
