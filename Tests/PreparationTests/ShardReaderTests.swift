import Archives
import DSXCore
import Foundation
import Jobs
import Testing

@testable import Preparation

@Suite struct ShardReaderTests {
  struct Found: Equatable, CustomStringConvertible {
    var file: Int
    var offset: Int
    var stream: Int
    var bytes: [UInt8]
    var description: String { "\(file):\(offset) \(String(decoding: bytes, as: UTF8.self))" }
  }

  /// `DSX_PROPERTY_CASES` asks for more, up to 8: a round reads every file from every place.
  private static let rounds = min(
    8, (ProcessInfo.processInfo.environment["DSX_PROPERTY_CASES"].flatMap { Int($0) } ?? 100) / 50)

  private func read(
    _ files: [InputFile], _ settings: DocumentReader.Settings, _ shard: Int? = nil
  ) throws -> (documents: [Found], bytes: Int) {
    var reader = DocumentReader(files, settings, shard: shard)
    var found: [Found] = []
    var bytes = 0
    while let block = try reader.next() {
      bytes += block.inputBytes
      for document in block.documents {
        found.append(
          Found(
            file: document.file, offset: document.offset, stream: document.stream,
            bytes: Array(block.bytes[document.range])))
      }
    }
    return (found, bytes)
  }

  /// Every file cut at every place by shards of every size: the documents of all shards are those of a
  /// reader from the start, each in the shard of its first byte, and progress adds up.
  @Test(arguments: DocumentRule.allCases, [false, true])
  func shardsAreTheWhole(rule: DocumentRule, isExact: Bool) throws {
    var random = PCG64(seed: UInt64(rule.rawValue.utf8.count) + (isExact ? 100 : 0))
    let folder = try TestFolder()
    let parts = ["a", "bc", "字", "\n", "\n", "\r\n", "\r", "\n\n", " ", "\t", "\n \n"]
    let ends = ["jsonl", "json", "csv"]
    for round in 0..<Self.rounds {
      var files: [InputFile] = []
      for number in 0..<3 {
        let text = (0..<random.below(22)).map { _ in parts[random.below(parts.count)] }.joined()
        var name = "\(number).txt"
        var body = text
        switch rule {
        case .jsonRow:
          name = "\(number).\(ends[number % 2])"
          body = number % 2 == 0 ? text : "[1, {\"a\": \"]\\\"\"} , [2, 3],4 ]"
        case .csvRow:
          name = "\(number).csv"
          body = "text\na\n\"b\n\nc\"\r\n\nd"
        default: break
        }
        // A mark before JSON and CSV is no part of the first document, and shards may begin behind it.
        if random.below(3) == 0 { body = "\u{feff}" + body }
        files.append(try InputFile(path: try folder.write("\(round)-\(name)", body)))
      }
      let total = files.reduce(0) { $0 + $1.size }
      for size in 1...max(1, total + 1) {
        let shards = ByteShards(sizes: files.map(\.size), size: size)
        let settings = DocumentReader.Settings(
          rule: rule, shards: shards, blockBytes: 1 + random.below(20), maximumDocumentBytes: 1000,
          readBytes: 1 + random.below(9), isExact: isExact)
        let whole = try read(files, settings)
        #expect(whole.bytes == total)
        var all: [Found] = []
        var bytes = 0
        for shard in 0..<shards.count {
          let part = try read(files, settings, shard)
          all += part.documents
          bytes += part.bytes
          #expect(part.documents.allSatisfy { $0.stream == shard })
        }
        #expect(bytes == total)
        guard all == whole.documents else {
          Issue.record("shards of \(size): \(all) instead of \(whole.documents)")
          return
        }
      }
    }
  }

  /// A document that began long before the shard is passed over without being held.
  @Test func foreignDocuments() throws {
    let folder = try TestFolder()
    let long = String(repeating: "x y\n", count: 5000)
    let file = try InputFile(path: try folder.write("a.txt", long + "\n\nmine\n\nlast"))
    let shards = ByteShards(sizes: [file.size], size: 1000)
    let settings = DocumentReader.Settings(
      shards: shards, blockBytes: 1 << 20, maximumDocumentBytes: 30_000, readBytes: 256)
    for shard in 1..<shards.count {
      let found = try read([file], settings, shard)
      #expect(found.documents.count == (shard == shards.count - 1 ? 2 : 0))
    }
  }

  @Test func filesKeptWhole() throws {
    let folder = try TestFolder()
    let files = try ["one\n\ntwo\n\nthree", "four\n\nfive"].enumerated().map {
      try InputFile(path: try folder.write("\($0.offset)", $0.element))
    }
    let shards = ByteShards(sizes: files.map(\.size), size: 6)
    var settings = DocumentReader.Settings(
      shards: shards, blockBytes: 10, maximumDocumentBytes: 100, readBytes: 3)
    settings.keepsFilesWhole = true
    #expect(try read(files, settings, 0).documents.count == 3)
    #expect(try read(files, settings, 1).documents.isEmpty)
    #expect(try read(files, settings, 2).documents.map(\.stream) == [2, 2])
  }

  @Test func correctedDoubleLineFeed() throws {
    let folder = try TestFolder()
    let file = try InputFile(path: try folder.write("a", "\n\n\na\nb\n\n\nc\n\n\n\n\r\nd\r\n"))
    func documents(_ isExact: Bool) throws -> [String] {
      let settings = DocumentReader.Settings(
        blockBytes: 4, maximumDocumentBytes: 100, readBytes: 2, isExact: isExact)
      return try read([file], settings).documents.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    #expect(try documents(false) == ["a\nb", "c", "d"])
    #expect(try documents(true) == ["\na\nb", "\nc", "\r\nd\r\n"])
  }
}
