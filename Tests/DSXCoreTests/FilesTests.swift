import DSXCore
import Foundation
import Testing

@Suite struct FilesTests {
  let folder = FileManager.default.temporaryDirectory.path + "/dsx-files-\(UUID().uuidString)"

  @Test(arguments: [
    ("a/b/c.txt", "a/b", "c.txt"), ("c.txt", ".", "c.txt"), ("/c", "/", "c"), ("a/b/", "a", "b"),
  ])
  func splitting(path: String, parent: String, name: String) {
    #expect(FilePath.split(path) == (parent, name))
  }

  @Test func publishedFilesAppearAndTheTemporaryFolderGoes() throws {
    defer { try? FilePath.removeTree(folder) }
    let target = folder + "/deep/data.bin"
    try AtomicFolder.write([1, 2, 3], to: target)
    #expect(try MappedFile(path: target).withBytes { Array($0) } == [1, 2, 3])
    #expect(try FilePath.list(folder + "/deep") == ["data.bin"])
  }

  @Test func discardedFilesLeaveNothing() throws {
    defer { try? FilePath.removeTree(folder) }
    let atomic = try AtomicFolder(target: folder + "/x")
    try FilePath.write([1], to: atomic.path("x"))
    atomic.discard()
    #expect(try FilePath.list(folder) == [])
  }

  @Test func aSecondRunToTheSameTargetIsRefusedAndTouchesNothing() throws {
    defer { try? FilePath.removeTree(folder) }
    let first = try AtomicFolder(target: folder + "/x")
    try FilePath.write([1], to: first.path("x"))
    let error = #expect(throws: DSXError.self) { _ = try AtomicFolder(target: folder + "/x") }
    #expect(error?.code == .outputExists)
    try first.publish(["x"])
    #expect(try FilePath.list(folder) == ["x"])
    try AtomicFolder(target: folder + "/x").discard()
    first.discard()
    #expect(try FilePath.list(folder) == ["x"])
  }

  @Test func theLeftoverOfAKilledRunIsCleared() throws {
    defer { try? FilePath.removeTree(folder) }
    try FilePath.makeFolder(folder + "/.dsx-tmp-x/deep")
    try AtomicFolder.write([1], to: folder + "/x")
    #expect(try FilePath.list(folder) == ["x"])
  }

  @Test func aMissingFileNamesTheOneThatWasMeant() throws {
    defer { try? FilePath.removeTree(folder) }
    try FilePath.makeFolder(folder)
    try AtomicFolder.write([1], to: folder + "/corpus.txt")
    for (name, hint) in [
      ("corpsu.txt", "did you mean '\(folder)/corpus.txt'?"), ("else", nil), ("none/x", nil),
    ] {
      let error = try #require(throws: DSXError.self) {
        _ = try MappedFile(path: folder + "/" + name)
      }
      #expect(error.code == .missingFile)
      #expect(error.location.file == folder + "/" + name)
      #expect(error.hint == hint)
    }
  }

  @Test func readersStopAtTheEnd() {
    let bytes: [UInt8] = [1, 0, 0, 0, 0xff, 0xff]
    bytes.withUnsafeBytes { buffer in
      var reader = ByteReader(buffer, base: 100)
      #expect((try? reader.little(Int32.self)) == 1)
      var atEnd = reader
      #expect((try? atEnd.little(Int32.self)) == nil)
      #expect(atEnd.offset == 104)
      #expect((try? reader.varint()) == nil)
    }
  }
}
