import DSXCore
import Glibc
import Testing

@testable import Archives

@Suite struct FileSourceTests {
  /// What happens to a file between the plan and the end of reading: always an `io` error.
  @Test func filesThatChange() throws {
    let folder = try TestFolder()
    func changed(_ change: (String) throws -> Void, whileReading: Bool) throws -> DSXError.Code? {
      let path = try folder.write("a.txt", [UInt8](repeating: 0x61, count: 5000))
      let stamp = try FileStamp(path: path)
      return code {
        if !whileReading { try change(path) }
        let source = try FileSource(path: path, expected: stamp)
        var bytes: [UInt8] = []
        _ = try source.read(upTo: 1000, into: &bytes)
        if whileReading { try change(path) }
        _ = try source.all()
      }
    }
    let grow = { (path: String) in
      let file = open(path, O_WRONLY | O_APPEND)
      _ = Glibc.write(file, "more", 4)
      close(file)
    }
    let shrink = { (path: String) in _ = truncate(path, 2000) }
    let replace = { (path: String) throws in
      try folder.write("b.txt", [UInt8](repeating: 0x62, count: 5000))
      rename(folder.path + "/b.txt", path)
      return ()
    }
    let vanish = { (path: String) in _ = unlink(path) }
    for during in [false, true] {
      #expect(try changed(grow, whileReading: during) == .io)
      #expect(try changed(shrink, whileReading: during) == .io)
    }
    #expect(try changed(replace, whileReading: false) == .io)
    #expect(try changed(vanish, whileReading: false) == .io)
    // The open file is still what was planned.
    #expect(try changed(replace, whileReading: true) == nil)
    #expect(try changed({ _ in }, whileReading: false) == nil)
    let path = try folder.write("c.txt", [1, 2, 3])
    #expect(code { _ = try FileSource(path: path, size: 4) } == .io)
    #expect(code { _ = try FileSource(path: path, size: 3).all() } == nil)
    #expect(code { _ = try FileSource(path: folder.path) } == .io)
  }

  @Test func stampsAsText() throws {
    let folder = try TestFolder()
    let stamp = try FileStamp(path: try folder.write("a", [1]))
    #expect(FileStamp(text: stamp.text) == stamp)
    for text in ["", "1:2:3", "1:2:-3:4", "1:2:3:4:5", "a:b:c:d"] {
      #expect(FileStamp(text: text) == nil)
    }
  }

  @Test func anyPlace() throws {
    let folder = try TestFolder()
    let source = try FileSource(path: try folder.write("a", [1, 2, 3, 4]))
    #expect(try source.bytes(at: 1, count: 2) == [2, 3] && source.bytes(at: 4, count: 0) == [])
    for (place, count) in [(3, 2), (5, 0), (-1, 1), (0, -1), (1, Int.max)] {
      #expect(code { _ = try source.bytes(at: place, count: count) } == .corrupt)
    }
    source.seek(to: 3)
    #expect(try source.all() == [4])
  }
}
