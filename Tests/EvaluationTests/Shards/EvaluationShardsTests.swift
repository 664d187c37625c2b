import DSXCore
import Datasets
import Jobs
@testable import Evaluation
import Testing

/// Evaluations in shards: the same files as one process makes, however the work is cut and in whatever
/// order the parts are made.
@Suite struct EvaluationShardsTests {
  static let homes = TaskRunnerTests.homes
  static let models = TaskRunnerTests.package + "/models/"

  /// The files of a run folder; the report without `runtime`.
  static func content(_ folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in ["run.json", "predictions.jsonl", "states.json", "examples.jsonl"] {
      files[name] = try MappedFile(path: folder + "/" + name).withBytes {
        String(decoding: $0, as: UTF8.self)
      }
    }
    let report = try JSONParser.parse(file: folder + "/report.json")
    files["report.json"] =
      JSONValue.object((report.object ?? []).filter { $0.name != "runtime" }).text()
    return files
  }

  /// A process of its own, as far as that goes: nothing is shared but the disk.
  func shards(
    _ cells: [EvaluationCell], _ output: String, overwrite: Bool = false, cache: String? = nil,
    tool: String = "dsx"
  ) -> EvaluationShards {
    EvaluationShards(
      cells, output: output, overwrite: overwrite, tool: tool,
      runner: CellRunner(homes: Self.homes, cache: cache))
  }

  /// Plans with shards of `size` examples, makes the parts in a shuffled order, merges.
  @discardableResult
  func make(
    _ cells: [EvaluationCell], _ output: String, size: Int?, seed: UInt64, cache: String? = nil
  ) throws -> (count: Int, merged: MergedEvaluation) {
    let work = try shards(cells, output, cache: cache).plan(
      shardExamples: size, command: PlannedCommand(arguments: []))
    let count = work.work.steps[0].shards
    var random = PCG64(seed: seed)
    for shard in random.permutation(count) {
      try shards(cells, output, cache: cache).run(
        work.path, .shards([shard], step: nil), verify: false, progress: SilentProgress())
    }
    let merged = try shards(cells, output, cache: cache).merge(
      work.path, keepsWork: false, command: { _ in "dsx eval" },
      draw: { _ in
        // Whoever dies before the pages are drawn can merge again.
        FilePath.exists(work.path) ? nil : DSXError(.internal, "the work folder is gone")
      })
    #expect(merged.undrawn == nil)
    #expect(!FilePath.exists(work.path))
    return (count, merged)
  }

  static func cell(_ kind: String, _ scratch: String) throws -> (EvaluationCell, limit: Int) {
    switch kind {
    case "choices":
      // Candidates and demonstrations are drawn from one stream for all examples.
      return (
        EvaluationCell(
          model: models + "nanogpt_zh", dataset: "ddtp_zh", compat: "pangu",
          options: EvaluationOptions(limit: 70, by: ["label"])), 70
      )
    case "sample":
      return (
        EvaluationCell(
          model: models + "digits_cnn", dataset: "digits",
          options: EvaluationOptions(sample: 200, sampleSeed: 3)), 200
      )
    case "articles":
      // Documents that are joined of rows, whose number is not known before.
      var text = ""
      for number in 0..<70 {
        text += " = A\(number) = \n \n Some 词 \(number % 7) . \n = = B = = \n"
      }
      try FilePath.write(Array(text.utf8), to: scratch + "/wiki.valid.txt")
      return (
        EvaluationCell(
          model: models + "nanogpt_zh", dataset: scratch + "/wiki.valid.txt", task: "wikitext-2",
          options: EvaluationOptions(stride: 7)), 70
      )
    default:
      var (rows, said) = ("", "")
      for row in 0..<210 {
        rows += "{\"sentence1\": \"甲\(row)\", \"sentence2\": \"乙\", \"label\": \"\(row % 2)\"}\n"
        if row % 7 != 3 { said += "{\"id\": \(row), \"prediction\": \"\(row % 3 / 2)\"}\n" }
      }
      try FilePath.write(Array(rows.utf8), to: scratch + "/dev.json")
      try FilePath.write(Array(said.utf8), to: scratch + "/said.jsonl")
      return (
        EvaluationCell(
          model: nil, predictions: scratch + "/said.jsonl", dataset: scratch, task: "afqmc"), 210
      )
    }
  }

  @Test(arguments: ["choices", "sample", "articles", "given"])
  func shardsMakeTheFilesOfOneProcess(_ kind: String) throws {
    try TaskDefinitionTests.scratch { scratch in
      let (cell, count) = try Self.cell(kind, scratch)
      let one = try CellRunner(homes: Self.homes).run(cell, into: scratch + "/one")
      let wanted = try Self.content(scratch + "/one")
      var made: Set<Int> = []
      for (number, size) in [1 << 20, (count + 1) / 2, (count + 2) / 3, 1].enumerated() {
        let folder = scratch + "/shards\(number)"
        let (shards, merged) = try make([cell], folder, size: size, seed: UInt64(number))
        made.insert(shards)
        #expect(try Self.content(folder) == wanted, "\(shards) shards")
        guard case .one(let outcome) = merged.outcome else {
          Issue.record("one cell gave several")
          return
        }
        #expect(outcome.incomplete == one.incomplete && merged.warnings.isEmpty)
        let facts = outcome.report.runtime?.facts
        #expect(facts?["made_in_shards"]?.int == shards)
      }
      #expect(made.contains(1) && made.contains((count + 31) / 32))
    }
  }

  @Test func severalCellsShareOneStep() throws {
    try TaskDefinitionTests.scratch { scratch in
      let cells = ["iris", "wine"].map {
        EvaluationCell(
          model: Self.models + "sklearn_logreg/" + $0, dataset: "sklearn_csv", subset: $0)
      }
      let one = try MatrixRun(cells: cells, folder: scratch + "/one").run(
        CellRunner(homes: Self.homes), tool: "dsx")
      let (count, merged) = try make(cells, scratch + "/two", size: 32, seed: 1)
      // 30 and 36 examples, 32 a shard.
      #expect(count == 3)
      guard case .several(let night) = merged.outcome else {
        Issue.record("several cells gave one")
        return
      }
      #expect(night.error == nil && night.incomplete == one.incomplete)
      var (left, right) = (one.report, night.report)
      (left.runtime, right.runtime) = (nil, nil)
      #expect(left.json.text() == right.json.text())
      for name in MatrixRun.names(cells) {
        let (a, b) = (
          try Self.content(scratch + "/one/" + name), try Self.content(scratch + "/two/" + name)
        )
        #expect(a == b)
      }
    }
  }

  @Test func knownResultsAreTakenFromTheCache() throws {
    try TaskDefinitionTests.scratch { scratch in
      let cell = EvaluationCell(
        model: Self.models + "digits_cnn", dataset: "digits",
        options: EvaluationOptions(limit: 90))
      let cache = scratch + "/cache"
      _ = try CellRunner(homes: Self.homes, cache: cache).run(cell, into: scratch + "/one")
      let (_, merged) = try make([cell], scratch + "/two", size: 32, seed: 2, cache: cache)
      guard case .one(let outcome) = merged.outcome else { return }
      #expect(outcome.report.runtime?.facts?["shards_from_cache"]?.int == 3)
      #expect(try Self.content(scratch + "/two") == Self.content(scratch + "/one"))
      // What shards made is known to one process, too.
      try FilePath.removeTree(cache)
      try make([cell], scratch + "/three", size: 64, seed: 3, cache: cache)
      let again = try CellRunner(homes: Self.homes, cache: cache).run(cell, into: scratch + "/four")
      #expect(again.status == .cached)
    }
  }

  /// Planned again, an output with missing examples ends as one process ends on it; so does what only its
  /// files tell.
  @Test func finishedOutputsKeepTheirVerdict() throws {
    try TaskDefinitionTests.scratch { scratch in
      let (given, _) = try Self.cell("given", scratch)
      let whole = EvaluationCell(
        model: Self.models + "sklearn_logreg/iris", dataset: "sklearn_csv", subset: "iris")
      for (name, cells, words) in [
        ("one", [given], "30 of 210 examples have no prediction"),
        ("two", [given, whole], "30 examples have no score"), ("whole", [whole], nil),
      ] as [(String, [EvaluationCell], String?)] {
        let output = scratch + "/" + name
        let (_, merged) = try make(cells, output, size: nil, seed: 1)
        let again = #expect(throws: DSXError.self) {
          _ = try shards(cells, output).plan(
            shardExamples: nil, command: PlannedCommand(arguments: []))
        }
        let stored = try FinishedVerdict.error(output)
        #expect(again?.isAlreadyMade == true && stored?.message == words)
        #expect(!FilePath.exists(output + ".work"))
        guard let words else {
          #expect(again?.code == .alreadyMade)
          continue
        }
        #expect(again?.code.exitCode == .incomplete && again?.message == words)
        if case .several(let matrix) = merged.outcome {
          #expect(matrix.error?.description == stored?.description)
        }
      }
      #expect(try FinishedVerdict.error(scratch) == nil)
    }
  }

  @Test func otherProcessorsAreSaid() throws {
    try TaskDefinitionTests.scratch { scratch in
      let cell = EvaluationCell(
        model: Self.models + "digits_cnn", dataset: "digits",
        options: EvaluationOptions(limit: 96))
      let job = shards([cell], scratch + "/out")
      let work = try job.plan(shardExamples: 32, command: PlannedCommand(arguments: []))
      try job.run(work.path, .all(step: nil), verify: false, progress: SilentProgress())
      // As a part of another kind of machine would say of itself.
      let file = work.path + "/predict/part-00001-of-00003.json"
      let text = try MappedFile(path: file).withBytes { String(decoding: $0, as: UTF8.self) }
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        line.contains("\"blas core\"") ? "      \"blas core\": \"Z80\"," : String(line)
      }
      try FilePath.write(Array(lines.joined(separator: "\n").utf8), to: file)
      let merged = try job.merge(
        work.path, keepsWork: false, command: { _ in "" }, draw: { _ in nil })
      #expect(merged.warnings.count == 1)
      #expect(merged.warnings.first?.contains("1e-5 relative") == true)
      #expect(merged.warnings.first?.contains("shards 0, 2") == true)
      guard case .one(let outcome) = merged.outcome else { return }
      #expect(outcome.report.runtime?.facts?["note"]?.string == merged.warnings.first)
      #expect(outcome.report.runtime?.facts?["blas core"]?.string?.contains("Z80") == true)
    }
  }

  @Test func whatIsMissingChangedOrForeignIsRefused() throws {
    try TaskDefinitionTests.scratch { scratch in
      let (cell, _) = try Self.cell("given", scratch)
      func error(_ body: () throws -> Void) -> DSXError? {
        #expect(throws: DSXError.self) { try body() }
      }
      let job = shards([cell], scratch + "/out")
      let work = try job.plan(shardExamples: 64, command: PlannedCommand(arguments: []))
      let run = { (shards: [Int]) in
        try job.run(
          work.path, .shards(shards, step: nil), verify: false, progress: SilentProgress())
      }
      try run([2])
      var found = error {
        _ = try job.merge(work.path, keepsWork: false, command: { _ in "" }, draw: { _ in nil })
      }
      #expect(found?.code == .incomplete && found?.message.contains("predict 0-1, 3") == true)
      found = error { try run([4]) }
      #expect(found?.code == .usage)
      let other = shards([cell], scratch + "/out", tool: "dsx 9")
      found = error {
        _ = try other.merge(work.path, keepsWork: false, command: { _ in "" }, draw: { _ in nil })
      }
      #expect(found?.code == .outputExists)
      // Another plan does not take over finished parts.
      found = error {
        _ = try job.plan(shardExamples: 96, command: PlannedCommand(arguments: []))
      }
      #expect(found?.code == .outputExists)
      try run([0, 1, 3])
      // A part whose bytes changed is missing.
      let part = work.path + "/predict/part-00000-of-00004/predictions.jsonl"
      let bytes = try MappedFile(path: part).withBytes { Array($0) }
      try FilePath.write(bytes.map { $0 == 0x31 ? 0x32 : $0 }, to: part)
      found = error {
        _ = try job.merge(work.path, keepsWork: false, command: { _ in "" }, draw: { _ in nil })
      }
      #expect(found?.code == .incomplete && found?.message.hasSuffix("predict 0") == true)
      try FilePath.write(bytes, to: part)
      // Data that changed makes other numbers.
      try FilePath.write(
        Array("{\"sentence1\": \"a\", \"sentence2\": \"b\", \"label\": \"1\"}\n".utf8),
        to: scratch + "/dev.json")
      found = error {
        try run([0]);
        _ = try job.merge(work.path, keepsWork: false, command: { _ in "" }, draw: { _ in nil })
      }
      #expect(found?.code == .outputExists)
    }
  }
}
