import DSXCore
import Datasets
import Testing

/// What decides the rows of a data set is in its fingerprint, and nothing else.
@Suite struct FingerprintTests {
  private func fingerprint(_ path: String, _ folder: TemporaryFolder) throws -> String {
    try MsDataset.loadSplit(path, homes: folder.homes).fingerprint()
  }

  @Test func tableReadAsAnotherFormat() throws {
    let folder = try TemporaryFolder()
    let rows = "a,b\n1,2\n"
    let csv = try fingerprint(folder.put("one/rows.csv", rows), folder)
    #expect(try fingerprint(folder.put("two/rows.csv", rows), folder) == csv)
    #expect(try fingerprint(folder.put("one/other.csv", rows), folder) == csv)
    // The same bytes are other rows there.
    #expect(try fingerprint(folder.put("one/rows.txt", rows), folder) != csv)
    #expect(try fingerprint(folder.put("one/rows.tsv", rows), folder) != csv)
    #expect(try fingerprint(folder.put("two/rows.csv", rows + "3,4\n"), folder) != csv)
  }

  @Test func images() throws {
    func fingerprint(_ names: [String], byte: UInt8 = 1) throws -> String {
      let folder = try TemporaryFolder()
      for (place, name) in names.enumerated() {
        try folder.put("images/" + name, [byte, UInt8(place)])
      }
      return try self.fingerprint(folder.path + "/images", folder)
    }
    let before = try fingerprint(["cat/1.png", "dog/2.png"])
    #expect(try fingerprint(["cat/1.png", "dog/2.png"]) == before)
    // Names are the examples' ids.
    #expect(try fingerprint(["cat/7.png", "dog/2.png"]) != before)
    #expect(try fingerprint(["cow/1.png", "dog/2.png"]) != before)
    #expect(try fingerprint(["cat/1.png", "dog/2.png"], byte: 2) != before)
  }
}
