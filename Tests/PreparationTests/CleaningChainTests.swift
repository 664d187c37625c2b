import DSXCore
import Testing

@testable import Preparation

@Suite struct CleaningChainTests {
  private func clean(_ text: String, _ names: String) throws -> (text: String, changed: [Int]) {
    let chain = try CleaningChain(names: names)
    var bytes = Array(text.utf8)
    var changed = [Int](repeating: 0, count: chain.rules.count)
    chain.apply(to: &bytes, changed: &changed)
    return (String(decoding: bytes, as: UTF8.self), changed)
  }

  @Test(arguments: [
    ("plain text 字\n", "plain text 字\n"), ("a\u{0}b\u{1f}c\td\n\u{7f}\u{80}\u{9f}e", "abc\td\ne"),
    ("\u{feff}a\u{200b}b\u{2060}c", "abc"),
    ("\u{202e}abc\u{202c}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}", "abc"),
    ("👨\u{200d}👩 \u{200c} \u{ad}\u{a0}", "👨\u{200d}👩 \u{200c} \u{ad}\u{a0}"), ("\u{0}\u{1}", ""),
    ("", ""),
    ("\u{2010}\u{ff0c}\u{3000}", "\u{2010}\u{ff0c}\u{3000}"),
  ])
  func control(text: String, expected: String) throws {
    let result = try clean(text, "control")
    #expect(result.text == expected && result.changed == [text == expected ? 0 : 1])
  }

  @Test(arguments: [
    ("a b", "a b"), ("  a \t b  ", "a b"), ("\u{3000}\u{3000}字\u{a0}字", "字 字"),
    ("a \n b", "a\nb"), ("a\n\n\n\n b\n", "a\n\nb"), ("a\n \n \nb", "a\n\nb"),
    ("a\u{85}b\u{2028}c\u{2029}d", "a\nb\nc\nd"), ("a\u{b}\u{c}b", "a b"), (" \n\t", ""),
    ("\u{2003}a\u{202f}\u{205f}b\u{1680}", "a b"), ("a\u{200b}b", "a\u{200b}b"), ("", ""),
  ])
  func whitespace(text: String, expected: String) throws {
    let result = try clean(text, "whitespace")
    #expect(result.text == expected && result.changed == [text == expected ? 0 : 1])
  }

  /// Values of CPython 3.11's `unicodedata.normalize` (Unicode 14).
  @Test(arguments: [
    ("plain \u{5b57}", "plain \u{5b57}", "plain \u{5b57}"),
    ("e\u{301}", "\u{e9}", "\u{e9}"),
    ("\u{1e9b}\u{323}", "\u{1e9b}\u{323}", "\u{1e69}"),
    ("\u{fb01}", "\u{fb01}", "fi"),
    ("\u{ff21}\u{ff22}\u{3000}\u{ff11}", "\u{ff21}\u{ff22}\u{3000}\u{ff11}", "AB 1"),
    ("\u{1100}\u{1161}\u{11a8}", "\u{ac01}", "\u{ac01}"),
    ("\u{ac00}\u{11a8}", "\u{ac01}", "\u{ac01}"),
    ("\u{212b}\u{2126}", "\u{c5}\u{3a9}", "\u{c5}\u{3a9}"),
    ("\u{2460}\u{b2}\u{33a5}", "\u{2460}\u{b2}\u{33a5}", "12m3"),
    ("\u{ff76}\u{ff9e}", "\u{ff76}\u{ff9e}", "\u{30ac}"),
    ("\u{344}", "\u{308}\u{301}", "\u{308}\u{301}"),
    ("\u{958}", "\u{915}\u{93c}", "\u{915}\u{93c}"),
    ("a\u{315}\u{300}\u{5ae}b", "\u{e0}\u{5ae}\u{315}b", "\u{e0}\u{5ae}\u{315}b"),
    ("q\u{307}\u{323}", "q\u{323}\u{307}", "q\u{323}\u{307}"),
    ("\u{2adc}", "\u{2add}\u{338}", "\u{2add}\u{338}"),
    ("\u{1d400}\u{2f800}", "\u{1d400}\u{4e3d}", "A\u{4e3d}"),
    ("\u{1e0b}\u{323}", "\u{1e0d}\u{307}", "\u{1e0d}\u{307}"),
    ("\u{b47}\u{b56}\u{b3e}", "\u{b48}\u{b3e}", "\u{b48}\u{b3e}"),
    (
      "\u{fdfa}", "\u{fdfa}",
      "\u{635}\u{644}\u{649} \u{627}\u{644}\u{644}\u{647} \u{639}\u{644}\u{64a}\u{647} \u{648}\u{633}\u{644}\u{645}"
    ),
    ("\u{a0}\u{a8}", "\u{a0}\u{a8}", "  \u{308}"),
    ("\u{2026}\u{ff0c}\u{3002}", "\u{2026}\u{ff0c}\u{3002}", "...,\u{3002}"),
    ("\u{3099}\u{304b}\u{3099}", "\u{3099}\u{304c}", "\u{3099}\u{304c}"),
  ])
  func normalForms(text: String, nfc: String, nfkc: String) throws {
    for (rule, expected) in [("nfc", nfc), ("nfkc", nfkc)] {
      let result = try clean(text, rule)
      // Bytes are compared: strings are equal when only their spellings differ.
      #expect(Array(result.text.utf8) == Array(expected.utf8), "\(rule)")
      #expect(result.changed == [Array(text.utf8) == Array(expected.utf8) ? 0 : 1])
      #expect(try clean(result.text, rule).changed == [0])
    }
  }

  @Test func rulesComeInTheirOrder() throws {
    #expect(try clean("a\u{85}b", "whitespace,control").text == "a\nb")
    #expect(try clean("a\u{85}b", "control,whitespace").text == "ab")
    #expect(try clean("a \u{0} b", "control,whitespace").changed == [1, 1])
    #expect(try clean("a b", "control,whitespace,wikitext").changed == [0, 0, 0])
    #expect(try clean("x , y .", "wikitext").text == "x, y .")
    #expect(try clean("x , y .", "wikitext-gpt2").text == "x, y.")
    #expect(try CleaningChain(names: "control,control").rules.count == 2)
  }

  @Test(arguments: ["", "x", "control,", "Control", "control, whitespace"])
  func unknownRules(names: String) {
    let error = #expect(throws: DSXError.self) { _ = try CleaningChain(names: names) }
    #expect(error?.code == .unknownName && error?.hint?.contains("whitespace") == true)
  }

  /// Cleaning twice is cleaning once, and valid UTF-8 stays so.
  @Test func cleaningIsIdempotent() throws {
    var random = PCG64(seed: 11)
    let parts: [Unicode.Scalar] = [
      "a", " ", "\t", "\n", "\u{85}", "\u{a0}", "\u{2003}", "\u{2028}", "\u{3000}", "字", "\u{0}",
      "\u{7f}", "\u{200b}", "\u{200d}", "\u{feff}", "\u{202a}", "\u{61c}", "\u{1f600}", "é",
    ]
    for _ in 0..<400 {
      var view = String.UnicodeScalarView()
      for _ in 0..<random.below(30) { view.append(parts[random.below(parts.count)]) }
      for rule in ["control", "whitespace"] {
        let once = try clean(String(view), rule).text
        #expect(try clean(once, rule) == (once, [0]))
        #expect(Array(once.utf8).withUnsafeBytes { UTF8Validation.firstInvalid($0) } == nil)
      }
    }
  }
}
