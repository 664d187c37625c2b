import DSXCore
import Testing
import Text

@testable import Models

@Suite struct IncrementalTextTests {
  private func pieces(_ bytes: [UInt8]) throws -> [[UInt8]] {
    var text = IncrementalText(ByteTokenizer())
    var pieces: [[UInt8]] = []
    for byte in bytes { pieces.append(try text.append(Int32(byte))) }
    pieces.append(try text.finish())
    return pieces
  }

  /// Whole characters only, and together the whole text.
  @Test(arguments: ["plain", "中文字符，混合 text", "🙂🙂 é ü", "a\u{0301}\u{200d}b", ""])
  func wholeCharacters(_ text: String) throws {
    let pieces = try pieces(Array(text.utf8))
    for piece in pieces { #expect(String(validating: piece, as: UTF8.self) != nil) }
    #expect(pieces.flatMap { $0 } == Array(text.utf8))
  }

  @Test func randomCharacters() throws {
    var random = PCG64(seed: 4)
    for _ in 0..<50 {
      var text = ""
      for _ in 0..<40 {
        let limit: UInt32 = [0x80, 0x800, 0xd800, 0x11_0000][Int(random.bounded(4))]
        text.unicodeScalars.append(Unicode.Scalar(random.bounded(limit)) ?? "x")
      }
      let pieces = try pieces(Array(text.utf8))
      for piece in pieces { #expect(String(validating: piece, as: UTF8.self) != nil) }
      #expect(pieces.flatMap { $0 } == Array(text.utf8))
    }
  }

  /// Bytes that are no text come as U+FFFD, not never.
  @Test func brokenBytes() throws {
    let pieces = try pieces([0x61, 0xe4, 0xb8] + [UInt8](repeating: 0x80, count: 40) + [0x62])
    for piece in pieces { #expect(String(validating: piece, as: UTF8.self) != nil) }
    let text = String(decoding: pieces.flatMap { $0 }, as: UTF8.self)
    #expect(text.hasPrefix("a") && text.hasSuffix("b") && text.contains("\u{fffd}"))
  }

  /// A character behind bytes that are no text is whole, wherever it begins.
  @Test func charactersBehindBrokenBytes() throws {
    for junk in 0..<40 {
      for character in ["é", "了", "🙂"] {
        let bytes = [0x61] + [UInt8](repeating: 0xff, count: junk) + Array("\(character) b".utf8)
        let pieces = try pieces(bytes)
        for piece in pieces { #expect(String(validating: piece, as: UTF8.self) != nil) }
        let text = String(decoding: pieces.flatMap { $0 }, as: UTF8.self)
        #expect(text == (try ByteTokenizer().decode(bytes.map { Int32($0) })), "after \(junk)")
      }
    }
  }

  /// Random bytes: together what the decoder gives of all of them.
  @Test func randomBytes() throws {
    var random = PCG64(seed: 9)
    for _ in 0..<200 {
      let bytes = (0..<60).map { _ in
        random.bounded(3) == 0 ? UInt8(random.bounded(128)) : UInt8(128 + random.bounded(128))
      }
      let text = String(decoding: try pieces(bytes).flatMap { $0 }, as: UTF8.self)
      #expect(text == (try ByteTokenizer().decode(bytes.map { Int32($0) })))
    }
  }

  @Test func specialTokensAndUnknownIDsHaveNoText() throws {
    var text = IncrementalText(ByteTokenizer())
    #expect(try text.append(256).isEmpty)
    #expect(try text.append(5_000).isEmpty)
    #expect(try text.append(0x41) == [0x41])
  }

  // MARK: stop strings

  /// What is shown after each piece.
  private func shown(_ pieces: [String], _ stops: [String]) -> ([String], String, Bool) {
    var text = StopText(stops)
    var shown: [String] = []
    for piece in pieces {
      text.append(Array(piece.utf8))
      shown.append(String(decoding: text.take(all: false), as: UTF8.self))
    }
    shown.append(String(decoding: text.take(all: true), as: UTF8.self))
    return (shown, String(decoding: text.text, as: UTF8.self), text.isStopped)
  }

  @Test func stopsAreHeldBack() {
    #expect(shown(["ab", "c"], []) == (["ab", "c", ""], "abc", false))
    #expect(shown(["a\n", "\n", "b"], ["\n\n"]) == (["a", "", "", ""], "a", true))
    #expect(shown(["a\n", "b"], ["\n\n"]) == (["a", "\nb", ""], "a\nb", false))
    #expect(shown(["a\n"], ["\n\n"]) == (["a", "\n"], "a\n", false))
    // The first one counts, also where a longer one ends first.
    #expect(shown(["xaab"], ["ab", "aab"]) == (["x", ""], "x", true))
    #expect(shown(["问：答", "：是"], ["答："]) == (["问：", "", ""], "问：", true))
    // One stop is the beginning of another.
    #expect(shown(["ab"], ["abc", "b"]) == (["a", ""], "a", true))
  }
}
