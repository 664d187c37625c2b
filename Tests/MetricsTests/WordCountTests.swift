import Metrics
import Testing

/// Expected values from CPython 3.11: `len(re.split(r"\s+", text))`.
@Suite struct WordCountTests {
  @Test(arguments: [
    ("", 1), (" ", 2), ("a", 1), ("a b", 2), (" a b ", 4), ("a\r\n\tb", 2), ("a\u{1c}b\u{1f}c", 3),
    ("a\u{85}b", 2), ("a\u{a0}b", 2), ("\u{1680}x", 2), ("a\u{180e}b", 1), ("a\u{200b}b", 1),
    ("a\u{2000}\u{200a}b\u{2028}c\u{2029}d\u{202f}e\u{205f}f", 6), ("中\u{3000}文 ", 3),
    ("a\u{feff}b", 1), ("😀 😀", 2), ("a\u{1e}\u{1d}", 2),
  ])
  func equalsPython(_ text: String, _ expected: Int) {
    #expect(WordCount.words(in: text) == expected)
  }
}
