import DSXCore
import Testing

@testable import Preparation

@Suite struct QualityFilesTests {
  private func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { Array($0) }
  }

  private func write(_ count: Int, _ stage: QualityStage, _ path: String) throws {
    var writer = try ScanFileWriter(path: path, stage: stage)
    for number in 0..<count {
      var note = QualitySamples.note("text number \(number)", stage)
      if number % 5 == 0 { note.drop = DropReason(.maxTop2, value: Double(number) / 3, item: 7) }
      try writer.append(note, place: DocumentPlace(input: number % 3, byte: number * 1_000_003))
    }
    try writer.finish()
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 9000]) func scanFilesReadBack(count: Int) throws {
    let folder = try TestFolder()
    let stage = try QualityStage(
      try QualitySamples.duplicates("exact,minhash:buckets=3:hashes=2:verify=0.5"))
    let path = folder.path + "/scan"
    try write(count, stage, path)
    let file = try ScanFile(path: path, stage: stage)
    #expect(file.count == count)
    for number in stride(from: 0, to: count, by: 97) {
      #expect(
        file.drop(number)
          == (number % 5 == 0 ? DropReason(.maxTop2, value: Double(number) / 3, item: 7) : nil))
      #expect(file.place(number) == DocumentPlace(input: number % 3, byte: number * 1_000_003))
      #expect(ScanFile.similarity((file, number), (file, number)) == 1)
    }
    var seen = 0
    file.forEachBlock { first, count, block in
      #expect(first == seen)
      seen += count
      let columns = file.layout.columns(count)
      #expect(block.count == columns.size)
    }
    #expect(seen == count)
  }

  @Test func damageIsFound() throws {
    let folder = try TestFolder()
    let stage = try QualityStage(try QualitySamples.duplicates("exact"))
    let path = folder.path + "/scan"
    try write(50, stage, path)
    let good = try bytes(path)
    for length in [0, 10, 87, good.count - 1] {
      try FilePath.write(Array(good.prefix(length)), to: path)
      #expect(throws: DSXError.self) { try ScanFile(path: path, stage: stage) }
    }
    for place in [0, 9, 70, 500, good.count - 20, good.count - 1] {
      var bad = good
      bad[place] ^= 0x40
      try FilePath.write(bad, to: path)
      #expect(throws: DSXError.self, "byte \(place)") { try ScanFile(path: path, stage: stage) }
    }
  }

  @Test func anotherStagesFileIsRefused() throws {
    let folder = try TestFolder()
    let path = folder.path + "/scan"
    try write(3, try QualityStage(try QualitySamples.duplicates("exact")), path)
    for words in ["minhash", "exact,minhash", "minhash:seed=2"] {
      let other = try QualityStage(try QualitySamples.duplicates(words))
      let error = #expect(throws: DSXError.self) { try ScanFile(path: path, stage: other) }
      #expect(error?.code == .outputExists)
    }
  }

  @Test func dropListsReadBackAndDamageIsFound() throws {
    let folder = try TestFolder()
    let path = folder.path + "/drops"
    let entries: [(Int, DropReason)] = [
      (0, DropReason(.minUnits, value: 3)),
      (7, DropReason(.exactDuplicate, original: DocumentPlace(input: 0, byte: 1 << 40))),
      (8, DropReason(.nearDuplicate, value: 0.75, original: DocumentPlace(input: 9, byte: 0))),
      (9, DropReason(.contamination, value: 4, item: 12)),
    ]
    var writer = try DropListWriter(path: path)
    for (ordinal, reason) in entries { try writer.append(ordinal, reason) }
    try writer.finish(documents: 10)
    let list = try DropList(path: path)
    #expect(list.count == 4)
    #expect(list.documents == 10)
    for ordinal in 0..<12 {
      #expect(list.reason(ordinal) == entries.first { $0.0 == ordinal }?.1)
    }
    let good = try bytes(path)
    for place in 0..<good.count {
      var bad = good
      bad[place] ^= 0x81
      try FilePath.write(bad, to: path)
      #expect(throws: DSXError.self, "byte \(place)") { try DropList(path: path) }
    }
  }

  @Test func droppedDocumentsAreLinesOfJSON() throws {
    var options = QualityOptions()
    try options.addFilters("length")
    let stage = try QualityStage(options)
    var bytes: [UInt8] = []
    let long = Array((String(repeating: "字", count: 700) + "\"\n").utf8)
    let short = Array("a \"quoted\" text\n".utf8)
    short.withUnsafeBytes {
      DroppedDocument(
        place: DocumentPlace(input: 1, byte: 12), reason: DropReason(.minUnits, value: 3)
      ).write($0, stage: stage, names: ["a", "b.txt"], into: &bytes)
    }
    long.withUnsafeBytes {
      DroppedDocument(
        place: DocumentPlace(input: 0, byte: 0),
        reason: DropReason(.exactDuplicate, original: DocumentPlace(input: 1, byte: 5))
      ).write($0, stage: stage, names: ["a", "b.txt"], into: &bytes)
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(
      lines[0] == #"{"input": "b.txt", "byte": 12, "reason": "length/min-units", "value": 3.0, "#
        + #""limit": 50.0, "text": "a \"quoted\" text\n"}"#)
    let json = try JSONParser.parse(lines[1])
    #expect(json["of"]?["input"]?.string == "b.txt")
    #expect(json["of"]?["byte"]?.int == 5)
    #expect(json["text_bytes"]?.int == 2102)
    // Cut before the character that does not fit.
    #expect(json["text"]?.string == String(repeating: "字", count: 666))
  }
}
