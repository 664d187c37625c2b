import DSXCore
import Preparation

/// Looks at every document of a folder of texts with the quality stage, on one core, in memory.
///
/// Documents are the paragraphs of the files in the order of their names, put together until they have
/// `--document-bytes`. `--filters` and `--dedup` are those of `dsx prepare` (`none`: without), `--card 1`
/// counts for the data card instead; `--dump FILE` writes a line a document: the reason for which it
/// is dropped, or an empty one. `--step N` takes every Nth document.
enum QualityBenchmark {
  static func run(_ arguments: Arguments) throws {
    let step = try arguments.number("step", 1)
    let documents = try load(
      try arguments.text("input"), bytes: try arguments.number("document-bytes", 4000)
    ).enumerated().filter { $0.offset % step == 0 }.map(\.element)
    var options = QualityOptions()
    let filters = (try? arguments.text("filters")) ?? "none"
    let dedup = (try? arguments.text("dedup")) ?? "none"
    if filters != "none" { try options.addFilters(filters) }
    if dedup != "none" { try options.addDuplicates(dedup) }
    let stage = try QualityStage(options)
    let size = documents.reduce(0) { $0 + $1.count }
    if (try? arguments.text("card")) != nil { return card(documents, size) }

    var scan = stage.makeScan()
    var (lines, dropped) = ([UInt8](), 0)
    var keys: UInt64 = 0
    let start = seconds()
    for document in documents {
      let note = document.withUnsafeBytes { scan.note($0) }
      dropped += note.drop == nil ? 0 : 1
      for band in note.bands { keys ^= band }
      lines.append(contentsOf: (note.drop?.rule.name ?? "").utf8)
      lines.append(0x0a)
    }
    let time = seconds() - start
    if let path = try? arguments.text("dump") { try FilePath.write(lines, to: path) }
    print(
      "{\"documents\":\(documents.count),\"megabytes\":\(Double(size) / 1e6),"
        + "\"dropped\":\(dropped),\"keys\":\(keys),\"seconds\":\(time)}")
  }

  private static func card(_ documents: [[UInt8]], _ size: Int) {
    var statistics = CardStatistics(sequenceLength: 1025)
    let start = seconds()
    for (number, document) in documents.enumerated() {
      document.withUnsafeBytes {
        statistics.add(
          $0, place: DocumentPlace(input: 0, byte: number), tokens: $0.count / 4, unknown: 0)
      }
    }
    let time = seconds() - start
    print(
      "{\"documents\":\(documents.count),\"megabytes\":\(Double(size) / 1e6),\"seconds\":\(time)}")
  }

  private static func load(_ folder: String, bytes limit: Int) throws -> [[UInt8]] {
    var documents: [[UInt8]] = []
    for name in try FilePath.list(folder) where name.utf8.suffix(4).elementsEqual(".txt".utf8) {
      let file = try MappedFile(path: FilePath.join(folder, name))
      file.withBytes { bytes in
        var (start, index) = (0, 0)
        while index < bytes.count {
          index += 1
          let isBorder =
            index + 1 < bytes.count && bytes[index - 1] == 0x0a && bytes[index] == 0x0a
          guard index == bytes.count || (isBorder && index - start >= limit) else { continue }
          documents.append(Array(bytes[start..<index]))
          start = index
        }
      }
    }
    return documents
  }
}
