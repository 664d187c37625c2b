import DSXCore
import Testing

@testable import Preparation

@Suite struct DocumentScannerTests {
  /// Every text over {a, LF, CR} up to seven bytes, cut in two at every position.
  @Test func findsTheSameDocumentsWhereverTheTextIsCut() {
    for text in Self.texts(upTo: 7) {
      let expected = Oracle.documents(text)
      for cut in 0...text.count {
        let found = Self.scan(text, .doubleLineFeed, cuts: [cut])
        if found != expected {
          Issue.record("\(text) cut at \(cut): \(found) instead of \(expected)")
          return
        }
      }
    }
  }

  /// The same text read by the reader in reads of 1, 2 and 3 bytes and blocks of 1 and 4.
  @Test func readerCutsBlocksBetweenDocuments() throws {
    let folder = try TestFolder()
    for (number, text) in Self.texts(upTo: 5).enumerated() where !text.isEmpty {
      let file = try InputFile(path: try folder.write("\(number % 8).txt", text))
      for (read, block) in [(1, 1), (2, 1), (3, 4)] {
        var reader = DocumentReader(
          [file],
          DocumentReader.Settings(
            rule: .doubleLineFeed, shards: nil, blockBytes: block, maximumDocumentBytes: 64,
            readBytes: read, isExact: true))
        var documents: [[UInt8]] = []
        var bytes = 0
        while let next = try reader.next() {
          bytes += next.bytes.count
          for document in next.documents {
            var piece = Array(next.bytes[document.range])
            #expect(Array(text[document.offset...].prefix(piece.count)) == piece)
            LineEnds.makeLineFeeds(&piece)
            documents.append(piece)
          }
        }
        #expect(bytes == text.count)
        #expect(documents == Oracle.documents(text), "\(text)")
      }
    }
  }

  @Test func linesAndBlankLines() {
    let text = Array("a\r\n\n b\rc\n \t\n\n  d\n\r\n".utf8)
    for cut in 0...text.count {
      #expect(
        Self.scan(text, .line, cuts: [cut])
          == ["a", "", " b", "c", " \t", "", "  d", ""].map { Array($0.utf8) })
      #expect(
        Self.scan(text, .blankLine, cuts: [cut]) == ["a", " b\nc", "  d"].map { Array($0.utf8) })
      #expect(Self.scan(text, .file, cuts: [cut]).count == 1)
    }
    #expect(Self.scan(Array("\n \n".utf8), .blankLine, cuts: [1]).isEmpty)
    #expect(Self.scan(Array("x\ny".utf8), .line, cuts: []) == [[120], [121]])
  }

  /// Long runs without a line end take the eight-byte steps.
  @Test func eightBytesAtATime() {
    var random = PCG64(seed: 5)
    let bytes: [UInt8] = [0x61, 0xe4, 0xbd, 0x0a, 0x0d, 0x8a, 0x62, 0x63]
    for _ in 0..<200 {
      let text = (0..<random.below(80)).map { _ -> UInt8 in bytes[random.below(8)] }
      let cut = random.below(text.count + 1)
      #expect(Self.scan(text, .doubleLineFeed, cuts: [cut]) == Oracle.documents(text))
      let quiet = text.map { $0 == 0x0a || $0 == 0x0d ? 0x8d : $0 } + [10, 10] + text
      #expect(Self.scan(quiet, .doubleLineFeed, cuts: [cut]) == Oracle.documents(quiet))
    }
  }

  private static func texts(upTo length: Int) -> [[UInt8]] {
    var all: [[UInt8]] = [[]]
    var last: [[UInt8]] = [[]]
    for _ in 0..<length {
      last = last.flatMap { text in [97, 10, 13].map { text + [$0] } }
      all += last
    }
    return all
  }

  private static func scan(_ text: [UInt8], _ rule: DocumentRule, cuts: [Int]) -> [[UInt8]] {
    var scanner = DocumentScanner(rule: rule)
    var found: [[UInt8]] = []
    text.withUnsafeBytes { bytes in
      var start = 0
      for cut in cuts + [bytes.count] {
        scanner.scan(bytes, start..<cut) { found.append(Array(bytes[$0])) }
        start = cut
      }
      scanner.finish(bytes, at: bytes.count) { found.append(Array(bytes[$0])) }
    }
    return found.map {
      var piece = $0
      LineEnds.makeLineFeeds(&piece)
      return piece
    }
  }
}
