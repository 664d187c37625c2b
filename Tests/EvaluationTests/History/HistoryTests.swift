import DSXCore
import Testing

@testable import Evaluation

@Suite struct HistoryTests {
  static func run(
    _ day: Int, verdict: String = "passed", baseline: String? = nil, examples: Int = 3
  )
    -> RunRecord
  {
    let date = "2026-11-" + (day < 10 ? "0" : "") + String(day)
    var run = RunRecord(
      id: "nightly-" + date, recipe: "nightly", recipeHash: "r", started: date + "T02:00:00Z",
      seconds: 12.5, tool: "dsx 1", verdict: verdict, headline: "h",
      exitCode: verdict == "passed" ? 0 : 100, baseline: baseline, identity: "i\(day)",
      folder: "nightly-" + date)
    var cell = CellRecord(
      key: "m--d", model: "m", modelFingerprint: "f\(day / 3)", dataset: "d", version: "latest",
      subset: "default", split: "validation", datasetFingerprint: "x", task: "t",
      identity: "c\(day)", status: "complete")
    cell.seconds = 3
    cell.folder = "nightly-" + date + "/m--d"
    cell.results = [
      ResultRecord(
        metric: "accuracy", value: 0.5 + Double(day) / 100, standardError: 0.01, count: examples,
        unit: "ratio", higherIsBetter: true, signature: "version:1",
        head: [
          "key": "accuracy", "metric": "accuracy", "name": "accuracy", "signature": "version:1",
          "options": [:], "version": 1,
        ]),
      ResultRecord(
        metric: "loss", value: nil, unit: "nats", higherIsBetter: false, signature: "s"),
    ]
    cell.examples = (0..<examples).map { row in
      ExampleRecord(
        id: row == 0 ? "\"é\"" : String(row), slice: "s", inputHash: "h\(row)",
        predictionHash: "p", scores: [(1, "[1,1]")])
    }
    run.cells = [cell]
    run.gates = [
      GateRecord(
        cell: "m--d", model: "m", dataset: "d", metric: "accuracy", outcome: "same",
        passed: true, isRequired: true, pValue: 0.5, reason: "r")
    ]
    run.artifacts = [.init(path: "report.json", bytes: 3, sha256: "s")]
    return run
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let folder = try ScratchFolder()
    let path = RunHistory.path(in: folder.path)
    #expect(try RunHistory.reading(path) == nil)
    let history = try RunHistory.writing(path)
    for day in 1...4 {
      try history.record(Self.run(day, verdict: day == 4 ? "failed" : "passed"))
    }
    // The same run again replaces itself.
    try history.record(Self.run(2, baseline: "nightly-2026-11-01"))
    try history.check()
    let reader = try #require(try RunHistory.reading(path))
    #expect(try reader.runs().map(\.id).first == "nightly-2026-11-04")
    #expect(try reader.runs().count == 4)
    #expect(try reader.resolve("last") == "nightly-2026-11-04")
    #expect(try reader.resolve("last-green") == "nightly-2026-11-03")
    #expect(try reader.resolve("nightly-2026-11-02") == "nightly-2026-11-02")
    #expect(throws: DSXError.self) { try reader.resolve("nightly") }
    #expect(
      try reader.lastGreen(recipe: "nightly", except: "nightly-2026-11-03")
        == "nightly-2026-11-02")
    let run = try #require(try reader.run("nightly-2026-11-02"))
    let wanted = Self.run(2, baseline: "nightly-2026-11-01")
    #expect(run.cells[0].results == wanted.cells[0].results)
    #expect(run.gates == wanted.gates && run.artifacts == wanted.artifacts)
    #expect(run.baseline == "nightly-2026-11-01" && run.seconds == 12.5)
    let examples = try reader.examples(run: run.id, cell: "m--d")
    #expect(examples.hashes.count == 3 && examples.hashes["\"é\""]?.input == "h0")
    let comparison = try CellComparison(before: examples, now: examples)
    #expect(comparison.ids == ["1", "2", "\"é\""] && comparison.metrics.count == 1)
    let trend = try reader.trend(recipe: "nightly", metric: "accuracy", limit: 3)
    #expect(trend.map(\.run) == ["nightly-2026-11-02", "nightly-2026-11-03", "nightly-2026-11-04"])
    #expect(trend[2].value == 0.54 && trend[2].gate == "same")
    #expect(try reader.cell(identity: "c3")?.folder == "nightly-2026-11-03/m--d")
    #expect(try reader.cell(identity: "none") == nil)
  }

  @Test func wordsStandForRunsOfTheSameRecipe() throws {
    let folder = try ScratchFolder()
    let path = RunHistory.path(in: folder.path)
    let history = try RunHistory.writing(path)
    for day in [1, 2, 4] {
      try history.record(Self.run(day, verdict: day == 2 ? "failed" : "passed"))
    }
    var other = Self.run(3)
    (other.id, other.recipe) = ("smoke-3", "smoke")
    try history.record(other)
    other = Self.run(5)
    (other.id, other.recipe) = ("smoke-5", "smoke")
    try history.record(other)
    let nightly = try #require(try history.run("nightly-2026-11-04"))
    #expect(try history.resolve("last") == "smoke-5")
    #expect(try history.resolve("last", before: nightly) == "nightly-2026-11-02")
    #expect(try history.resolve("last-green", before: nightly) == "nightly-2026-11-01")
    #expect(try history.resolve("last", recipe: "smoke", except: "smoke-5") == "smoke-3")
    let smoke = try #require(try history.run("smoke-3"))
    let error = #expect(throws: DSXError.self) { try history.resolve("last-green", before: smoke) }
    #expect(error?.message.contains("of the recipe 'smoke' before 'smoke-3'") == true)
    func difference(_ first: String, _ second: String) throws -> [String] {
      let found = try RunDifference(
        first, second, history: path, settings: GateSettings(alpha: 0.05, resamples: 100))
      return [found.first, found.second]
    }
    #expect(try difference("last-green", "last") == ["smoke-3", "smoke-5"])
    #expect(
      try difference("nightly-2026-11-01", "last") == ["nightly-2026-11-01", "nightly-2026-11-04"])
    #expect(throws: DSXError.self) { try difference("smoke-5", "last") }
  }

  @Test func idsAreReadAsPeopleWriteThem() {
    let change = CellComparison.Change(id: #""say \"hi\"""#, before: 1, now: 0)
    #expect(change.plainID == #"say "hi""#)
    #expect(CellComparison.plain("17") == "17" && CellComparison.plain("\"é\"") == "é")
  }

  @Test func pruningNeverTakesABaseline() throws {
    let folder = try ScratchFolder()
    let history = try RunHistory.writing(RunHistory.path(in: folder.path))
    for day in 1...9 {
      try history.record(
        Self.run(
          day, verdict: day > 6 ? "failed" : "passed",
          baseline: day > 1 ? "nightly-2026-11-02" : nil))
    }
    for day in [2, 3] {
      try folder.put(
        "nightly-2026-11-0\(day)/run.json",
        #"{"schema":"dsx-run","kind":"night","run":"nightly-2026-11-0\#(day)"}"#)
    }
    try folder.put("nightly-2026-11-04/run.json", #"{"run":"another"}"#)
    let rule = KeepRule(runs: 2)
    let gone = try RunPruner.prune(history, rule, today: "2026-11-10", folders: true)
    // 8 and 9 are the newest, 6 the newest green one, 2 a baseline.
    #expect(gone == [1, 3, 4, 5, 7].map { "nightly-2026-11-0\($0)" })
    #expect(try history.runs().count == 4)
    #expect(FilePath.exists(folder.path + "/nightly-2026-11-02"))
    #expect(!FilePath.exists(folder.path + "/nightly-2026-11-03"))
    #expect(FilePath.exists(folder.path + "/nightly-2026-11-04"))
    try history.check()
    let young = try history.prunable(KeepRule(days: 30), today: "2026-11-10")
    #expect(young.isEmpty)
    #expect(CivilDate.days(from: "2026-11-21T02:00:00Z", to: "2027-03-01") == 100)
  }

  @Test func oldOnesAreBroughtUpAndForeignOnesRefused() throws {
    let folder = try ScratchFolder()
    let path = RunHistory.path(in: folder.path)
    try RunHistory.make(path, version: 1)
    let history = try #require(try RunHistory.reading(path))
    try history.record(Self.run(1))
    try history.check()
    try history.close()
    let newer = try HistoryConnection(path: path, .write)
    try newer.run("PRAGMA user_version=99")
    try newer.close()
    #expect(throws: DSXError.self) { try RunHistory.reading(path) }
    let foreign = folder.path + "/foreign.db"
    let other = try HistoryConnection(path: foreign, .write)
    try other.run("CREATE TABLE t(x)")
    try other.close()
    #expect(throws: DSXError.self) { try RunHistory.writing(foreign) }
    let text = try folder.put("text.db", "this is no database at all, but long enough to be read")
    #expect(throws: DSXError.self) { try RunHistory.writing(text) }
  }

  @Test func oneWriter() throws {
    let folder = try ScratchFolder()
    let path = RunHistory.path(in: folder.path)
    let first = try RunHistory.writing(path)
    try first.record(Self.run(1))
    var message = ""
    do { _ = try RunHistory.writing(path, wait: 0.1) } catch { message = "\(error)" }
    #expect(message.contains("another run of dsx is writing to the history"))
    #expect(message.contains("process"))
    // Readers are not kept out.
    #expect(try RunHistory.reading(path)?.runs().count == 1)
  }

  /// What a killed writer leaves, copied in the middle of its transaction: the next one finds the runs
  /// before it and nothing else.
  @Test func aKilledWriterLosesNothingFinished() throws {
    let folder = try ScratchFolder()
    let path = RunHistory.path(in: folder.path)
    let history = try RunHistory.writing(path)
    try history.record(Self.run(1, examples: 50))
    // So small a cache spills half-written pages into the file itself.
    try history.connection.run("PRAGMA cache_size=4; PRAGMA cache_spill=1")
    var copies = 0
    try history.connection.run("BEGIN IMMEDIATE")
    for step in 0..<40 {
      try history.connection.change(
        "INSERT INTO models(name, fingerprint) VALUES(?,?)",
        [.text("half \(step)"), .text(String(repeating: "x", count: 3000))])
      let copy = folder.path + "/copy\(step)"
      try FilePath.makeFolder(copy)
      for suffix in ["", "-journal"] where FilePath.exists(path + suffix) {
        let bytes = try MappedFile(path: path + suffix)
        try FilePath.write(bytes.withBytes { Array($0) }, to: copy + "/history.db" + suffix)
      }
      copies += 1
      let later = try RunHistory.writing(copy + "/history.db")
      try later.check()
      #expect(try later.runs().map(\.id) == ["nightly-2026-11-01"])
      #expect(try later.connection.number("SELECT count(*) FROM models") == 1)
      try later.record(Self.run(2))
      #expect(try later.runs().count == 2)
    }
    #expect(copies == 40 && FilePath.exists(path + "-journal"))
    try history.connection.run("ROLLBACK")
  }

  @Test func aFaultRollsBack() throws {
    let folder = try ScratchFolder()
    let history = try RunHistory.writing(RunHistory.path(in: folder.path))
    try history.record(Self.run(1))
    var broken = Self.run(2)
    broken.cells.append(broken.cells[0])
    #expect(throws: DSXError.self) { try history.record(broken) }
    #expect(try history.runs().count == 1)
    try history.check()
  }
}
