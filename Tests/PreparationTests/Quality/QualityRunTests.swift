import DSXCore
import Records
import Testing

@testable import Preparation

/// Whole preparations with the quality stage on: files, reasons, and what has no part in them.
@Suite struct QualityRunTests {
  private static let question =
    "which of these rivers flows through the old town of the city of Basel"

  private func inputs(_ folder: TestFolder) throws {
    var generator = PCG64(seed: 31)
    var texts: [[String]] = [[], []]
    for number in 0..<120 {
      var words = QualitySamples.randomText(&generator, units: 60, vocabulary: 900)
      switch number % 6 {
      case 1: words = texts[0].randomElement(using: &generator)?.utf8Words ?? words
      case 2: words = Array(repeating: "again", count: 70)
      case 3: words = Self.question.utf8Words + words
      case 4: words = ["short"]
      default: break
      }
      texts[number % 2].append(words.joined(separator: " "))
      if number % 6 == 0 { texts[0].append(texts[0][texts[0].count - 1]) }
    }
    try folder.write("in/a.txt", texts[0].joined(separator: "\n\n"))
    try folder.write("in/b.txt", texts[1].joined(separator: "\n\n"))
    try folder.write("eval.jsonl", "{\"q\": \"\(Self.question)\"}\n")
  }

  private func run(
    _ folder: TestFolder, _ name: String, _ change: (inout PreparationOptions) -> Void = { _ in }
  ) throws -> Preparation.Outcome {
    var options = PreparationOptions(inputs: [folder.path + "/in/*.txt"])
    options.output = folder.path + "/" + name + "/out.mindrecord"
    options.sequenceLength = 64
    options.blockBytes = 512
    options.readBytes = 256
    options.shardBytes = 9000
    options.tool = "dsx test"
    try options.quality.addFilters("length:min-units=5:max-word=off,repetition")
    try options.quality.addDuplicates("exact,minhash")
    options.quality.evaluationSets = [folder.path + "/eval.jsonl"]
    change(&options)
    return try Preparation(ByteTokenizer.vocabulary, options).run(progress: SilentProgress())
  }

  private func files(_ folder: TestFolder, _ name: String) throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for file in try FilePath.list(folder.path + "/" + name) where !file.hasSuffix(".db") {
      files[file] = try MappedFile(path: folder.path + "/" + name + "/" + file).withBytes {
        Array($0)
      }
      // Seconds and workers stand in the last member; all before it must be equal.
      if file.hasSuffix(".report.json"),
        case .object(var members) = try JSONParser.parse(files[file] ?? [])
      {
        #expect(members.popLast()?.name == "runtime")
        files[file] = Array(JSONValue.object(members).text().utf8)
      }
    }
    return files
  }

  @Test func everyReasonIsToldEverywhere() throws {
    let folder = try TestFolder()
    try inputs(folder)
    let outcome = try run(folder, "one")
    for rule: QualityRule in [.minUnits, .maxTop2, .contamination, .exactDuplicate] {
      #expect((outcome.counts.dropped[rule] ?? 0) >= 19, "\(rule)")
    }
    let files = try files(folder, "one")
    let lines = String(decoding: files["out.mindrecord.dropped.jsonl"] ?? [], as: UTF8.self)
      .split(separator: "\n").map { try? JSONParser.parse(String($0)) }
    #expect(lines.count == outcome.counts.droppedDocuments)
    var reasons: [String: Int] = [:]
    for line in lines {
      let json = try #require(line)
      reasons[json["reason"]?.string ?? "", default: 0] += 1
      #expect(json["text"]?.string?.isEmpty == false)
      if json["reason"]?.string == "duplicate/exact" {
        #expect(json["of"]?["input"]?.string != nil)
      }
      if json["reason"]?.string == "contamination" {
        #expect(json["item"]?.string == "eval.jsonl:1")
      }
    }
    let card = try JSONParser.parse(files["out.mindrecord.report.json"] ?? [])
    for (rule, count) in outcome.counts.dropped {
      #expect(reasons[rule.name] == count)
      let row = card["dropped"]?.array?.first { $0["reason"]?.string == rule.name }
      #expect(row?["documents"]?.int == count)
    }
    #expect(card["documents"]?["kept"]?.int == outcome.counts.documents)
    #expect(files["out.mindrecord.report.html"]?.isEmpty == false)
  }

  @Test func workersHaveNoPartInTheBytes() throws {
    let folder = try TestFolder()
    try inputs(folder)
    _ = try run(folder, "w1")
    let one = try files(folder, "w1")
    for workers in [2, 3, 7] {
      _ = try run(folder, "w\(workers)") { $0.workers = workers }
      #expect(try files(folder, "w\(workers)") == one)
    }
  }

  @Test func theCutDropsTheSameDocuments() throws {
    let folder = try TestFolder()
    try inputs(folder)
    _ = try run(folder, "many")
    _ = try run(folder, "few") { $0.shardBytes = 1 << 20 }
    let (many, few) = (try files(folder, "many"), try files(folder, "few"))
    #expect(many["out.mindrecord.dropped.jsonl"] == few["out.mindrecord.dropped.jsonl"])
    let cards = try [many, few].map {
      try JSONParser.parse($0["out.mindrecord.report.json"] ?? [])
    }
    for member in ["documents", "lengths", "dropped", "scripts", "lines", "files"] {
      #expect(cards[0][member] == cards[1][member], "\(member)")
    }
  }

  @Test func filtersAloneNeedNoScan() throws {
    let folder = try TestFolder()
    try inputs(folder)
    let outcome = try run(folder, "filters") {
      $0.quality.dropsExactDuplicates = false
      $0.quality.minHash = nil
    }
    #expect(outcome.counts.dropped[.exactDuplicate] == nil)
    #expect((outcome.counts.dropped[.minUnits] ?? 0) >= 20)
    // The same command again finds itself finished; a changed evaluation set is another plan.
    #expect(
      try run(folder, "filters") {
        $0.quality.dropsExactDuplicates = false
        $0.quality.minHash = nil
      }.finishedAlready)
    try folder.write("eval.jsonl", "{\"q\": \"\(Self.question) and more\"}\n")
    #expect(throws: DSXError.self) {
      try run(folder, "filters") {
        $0.quality.dropsExactDuplicates = false
        $0.quality.minHash = nil
      }
    }
  }

  @Test func overwriteReplacesWhatLiesBeside() throws {
    let folder = try TestFolder()
    try inputs(folder)
    _ = try run(folder, "same")
    try FilePath.removeTree(folder.path + "/same/out.mindrecord.manifest.json")
    let again = try run(folder, "same") {
      $0.overwrite = true
      $0.sequenceLength = 32
    }
    #expect(!again.finishedAlready)
    // What dsx did not write stays.
    _ = try folder.write("other/out.mindrecord.report.json", "{\"mine\": true}")
    let error = #expect(throws: DSXError.self) { try run(folder, "other") { $0.overwrite = true } }
    #expect(error?.code == .outputExists)
  }

  @Test func withoutACardThereIsNone() throws {
    let folder = try TestFolder()
    try inputs(folder)
    _ = try run(folder, "plain") {
      $0.quality = QualityOptions()
      $0.writesCard = false
    }
    let names = try files(folder, "plain").keys
    #expect(!names.contains { $0.contains("report") || $0.contains("dropped") })
  }
}

extension String {
  fileprivate var utf8Words: [String] { split(separator: " ").map(String.init) }
}
