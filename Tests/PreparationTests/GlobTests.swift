import DSXCore
import Foundation
import Glibc
import Testing

@testable import Preparation

@Suite struct GlobTests {
  @Test(arguments: [
    ("*.txt", "a.txt", true), ("*.txt", ".a.txt", false), (".*.txt", ".a.txt", true),
    ("a?c", "abc", true), ("a?c", "a字c", true), ("a?c", "ac", false), ("[a-c]x", "bx", true),
    ("[!a-c]x", "bx", false), ("[^a]x", "bx", true), ("[]]x", "]x", true), ("[a-]x", "-x", true),
    ("[x", "[x", true), ("\\*", "*", true), ("\\*", "a", false), ("a*b*c", "aXbYbZc", true),
    ("a*b*c", "aXbYbZ", false), ("*", "", true), ("**", "ab", true), ("[一-龥]", "字", true),
    ("*a", "aaa", true), ("[!.]x", ".x", false),
  ])
  func matches(pattern: String, name: String, expected: Bool) {
    #expect(GlobPattern(pattern).matches(name) == expected)
  }

  @Test func expandsSortsAndCountsOnce() throws {
    let folder = try TestFolder()
    for name in [
      "b.txt", "a.txt", "A.txt", ".hidden.txt", "c.md", "sub/d.txt", "sub/deep/e.txt", ".git/f.txt",
      "字.txt",
    ] {
      try folder.write(name, "x")
    }
    #expect(symlink("b.txt", folder.path + "/link.txt") == 0)
    func names(_ patterns: String...) throws -> [String] {
      try InputExpansion.expand(patterns.map { folder.path + "/" + $0 }).map {
        String($0.path.dropFirst(folder.path.count + 1))
      }
    }
    #expect(try names("*.txt") == ["A.txt", "a.txt", "b.txt", "字.txt"])
    #expect(try names("*.txt", "a.txt", "[a-b].txt") == ["A.txt", "a.txt", "b.txt", "字.txt"])
    #expect(
      try names("**/*.txt") == ["A.txt", "a.txt", "b.txt", "sub/d.txt", "sub/deep/e.txt", "字.txt"])
    #expect(try names("sub/**") == ["sub/d.txt", "sub/deep/e.txt"])
    #expect(try names("**/deep/*") == ["sub/deep/e.txt"])
    #expect(try names(".*.txt") == [".hidden.txt"])
    #expect(try names("*/d.txt", "a.txt") == ["a.txt", "sub/d.txt"])
  }

  @Test func pathsThatExistAreTakenLiterally() throws {
    let folder = try TestFolder()
    let odd = try folder.write("a[1]*.txt", "x")
    try folder.write("a1.txt", "x")
    #expect(try InputExpansion.expand([odd]).map(\.path) == [odd])
  }

  @Test func errorsNameWhatWasAsked() throws {
    let folder = try TestFolder()
    try folder.write("sub/a.txt", "x")
    func code(_ pattern: String) -> DSXError.Code? {
      do throws(DSXError) {
        _ = try InputExpansion.expand([pattern])
        return nil
      } catch { return error.code }
    }
    #expect(code(folder.path + "/none*.txt") == .nothingToDo)
    #expect(code(folder.path + "/s*") == .nothingToDo)
    #expect(code(folder.path + "/none.txt") == .missingFile)
    #expect(code(folder.path) == .usage)
    #expect(code("") == .usage)
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(code(folder.path + "/pipe") == .io)
  }

  /// 100,000 files: listed quickly, read with one open file at a time, 0-byte files passed over.
  /// `DSX_MANY_FILES` sets another number.
  @Test func manyFiles() throws {
    let count = ProcessInfo.processInfo.environment["DSX_MANY_FILES"].flatMap { Int($0) } ?? 2000
    let folder = try TestFolder()
    for number in 0..<count {
      try FilePath.write(
        number % 3 == 0 ? [] : Array("document \(number)".utf8), to: folder.path + "/\(number).txt")
    }
    let before = ContinuousClock.now
    let files = try InputExpansion.expand([folder.path + "/*.txt"])
    let listing = ContinuousClock.now - before
    #expect(files.count == count)
    #expect(zip(files, files.dropFirst()).allSatisfy { $0.path.utf8Precedes($1.path) })
    var reader = DocumentReader(
      files,
      DocumentReader.Settings(
        blockBytes: 1 << 16, maximumDocumentBytes: 1000, readBytes: 1 << 16))
    var documents = 0
    while let block = try reader.next() { documents += block.documents.count }
    #expect(documents == count - (count + 2) / 3)
    print("listed \(count) files in \(listing)")
  }
}
