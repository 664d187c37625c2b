import DSXCore
import Testing

@testable import Preparation

@Suite struct CleaningTests {
  /// Values of the original `clean_wikitext` (Python 3.11).
  @Test(arguments: [
    ("( a )", "(a)"),
    ("(  )", "()"),
    ("( a ( b )", "(a ( b)"),
    ("\" a \" b \" c", "\"a\" b \" c"),
    ("' a ' b' c '", "'a' b'c'"),
    (" N N ", " 1 N "),
    ("= = = = =", "====="),
    ("s 's", "s's"),
    ("/' 5/", "/'[0-9]/"),
    ("[\u{3000}x\u{2009}] { y\u{200b} }", "[x] {y\u{200b}}"),
    ("a \n b \n \n c", "a\nb\n\nc"),
    ("1 @,@ 5 @.@ 2 @-@ 3", "1,5.2-3"),
    ("(\n a\n)", "(a)"),
    (" . . ", ". . "),
    ("x ) ( y", "x ) ( y"),
    ("45 \u{b0} C : ok ; no ! why ? so , . ", "45\u{b0}C: ok; no! why? so ,. "),
  ])
  func wikitextAsTheOriginal(text: String, expected: String) {
    var bytes = Array(text.utf8)
    WikitextCleaning.clean(&bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test func headings() {
    func isHeading(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      return WikitextCleaning.isHeading(bytes, 0..<bytes.count)
    }
    #expect(
      isHeading("= A =") && isHeading(" \u{3000}\n= A") && !isHeading("A = b") && !isHeading(" "))
  }

  @Test(arguments: [
    (#"{"text": " \u201cHe said.\u201d . "}"#, "\"He said.\" "), (#"{"text": "..a.b.."}"#, "a.b"),
    (#"{"id": 1, "text": ""}"#, ""), (#"{"text": "\u3000x.\n"}"#, "x"), (#"{"text": "..."}"#, ""),
  ])
  func lambadaLine(line: String, expected: String) throws {
    let bytes = Array(line.utf8)
    let text = try bytes.withUnsafeBytes { try LambadaLine.text($0) }
    #expect(String(decoding: text, as: UTF8.self) == expected)
  }

  @Test(arguments: ["", "{}", "[]", #"{"text": 1}"#, #"{"text": "a""#, #"{"text": "a"} x"#])
  func lambadaLineThatIsNone(line: String) {
    let error = #expect(throws: DSXError.self) {
      _ = try Array(line.utf8).withUnsafeBytes { try LambadaLine.text($0) }
    }
    #expect(error?.code == .malformed)
  }

  @Test func trimsPythonsWhiteSpace() {
    for (text, expected) in [
      ("\u{85}\u{a0}a\u{1680}", "a"), ("\u{200b}a", "\u{200b}a"),
      ("\u{feff}a\u{2028}", "\u{feff}a"),
      ("\u{1c}\u{1f} \t", ""), ("字\u{205f}\u{202f}", "字"), ("\u{180e}", "\u{180e}"),
    ] {
      let bytes = Array(text.utf8)
      let range = PythonWhitespace.trimmed(bytes, 0..<bytes.count)
      #expect(String(decoding: bytes[range], as: UTF8.self) == expected)
    }
  }
}
