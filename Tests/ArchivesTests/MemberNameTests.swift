import DSXCore
import Testing

@testable import Archives

@Suite struct MemberNameTests {
  @Test(arguments: [
    ("a.txt", ["a.txt"]), ("./a//b.txt", ["a", "b.txt"]), ("arc\\test", ["arc", "test"]),
    ("a\nb", ["a\nb"]), ("dir/", ["dir"]), ("表だよ/漢字.txt", ["表だよ", "漢字.txt"]),
    ("..a/b..", ["..a", "b.."]),
  ])
  func parts(name: String, expected: [String]) {
    #expect((try? MemberName.parts(name, archive: "x")) == expected)
  }

  @Test(arguments: [
    "", "/etc/passwd", "\\x", "../x", "a/../b", "a/..", "..", "..\\..\\x", "C:\\x", "c:x", "a\0b",
    "a\u{202e}txt.exe", "x\u{2066}",
  ])
  func refused(name: String) {
    do throws(DSXError) {
      _ = try MemberName.parts(name, archive: "x")
      Issue.record("'\(name)' was taken")
    } catch { #expect(error.code == .unsafeArchive) }
  }

  @Test func tooLongAndTooDeep() {
    for name in [String(repeating: "x", count: 256), String(repeating: "a/", count: 33) + "b"] {
      do throws(DSXError) {
        _ = try MemberName.parts(name, archive: "x")
        Issue.record("taken")
      } catch { #expect(error.code == .archiveLimit) }
    }
  }

  @Test func messagesShowNoControlCharacters() {
    #expect(MemberName.escaped("a\n\u{1b}[31m\u{202e}") == "a\\u{a}\\u{1b}[31m\\u{202e}")
    #expect(MemberName.escaped(String(repeating: "x", count: 500)).utf8.count == 203)
  }
}
