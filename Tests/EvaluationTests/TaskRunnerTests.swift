import DSXCore
import Datasets
@testable import Evaluation
import Models
import Testing

@Suite struct TaskRunnerTests {
  static let package = TaskDefinitionTests.package
  static let homes: Homes = {
    var homes = Homes.current()
    homes.folders = [package]
    return homes
  }()

  struct Result {
    let lines: [JSONValue]
    let report: RunReport
    let runner: TaskRunner

    func value(_ metric: String) -> Double? {
      report.results.first { $0.metric == metric }?.value
    }
  }

  func outcome(
    _ dataset: String, _ options: EvaluationOptions, task: String? = nil, compat: String? = nil,
    from done: Int = 0
  ) throws -> Result {
    let loaded = try ModelFolder.open(Self.package + "/models/nanogpt_zh")
    let target = try EvaluationTarget.find(
      dataset: dataset, task: task, compat: compat, homes: Self.homes)
    let runner = try TaskRunner(target, EvaluatedModel(loaded), options, homes: Self.homes)
    var lines: [JSONValue] = []
    _ = try runner.predict(from: done, progress: SilentProgress()) { lines += $0 }
    return Result(lines: lines, report: try runner.report(of: lines), runner: runner)
  }

  @Test(arguments: ["ddtp_zh", "tang_ppl"])
  func reportsDoNotDependOnWorkers(_ dataset: String) throws {
    let one = try outcome(dataset, EvaluationOptions(limit: 5, workers: 1))
    let two = try outcome(dataset, EvaluationOptions(limit: 5, workers: 2))
    #expect(one.report.json.text() == two.report.json.text())
    #expect(one.lines == two.lines)
    #expect(one.runner.identity == two.runner.identity)
    #expect(one.report.counts.requested == 5)
    let other = try outcome(dataset, EvaluationOptions(limit: 4))
    #expect(other.runner.identity != one.runner.identity)
  }

  @Test func runsThatGoOnGiveTheLinesOfRunsThatNeverStopped() throws {
    let options = EvaluationOptions(limit: 40, fewShot: 1)
    let whole = try outcome("ddtp_zh", options, compat: "pangu")
    let rest = try outcome("ddtp_zh", options, compat: "pangu", from: 32)
    #expect(whole.lines.count == 40 && rest.lines.count == 8)
    #expect(Array(whole.lines.suffix(8)) == rest.lines)
  }

  @Test func samplesAreSubsetsWithTheSameAnswers() throws {
    let whole = try outcome("ddtp_zh", EvaluationOptions(fewShot: 0), compat: "pangu")
    let part = try outcome(
      "ddtp_zh", EvaluationOptions(sample: 6, sampleSeed: 3, fewShot: 0), compat: "pangu")
    #expect(part.lines.count == 6)
    for line in part.lines {
      let same = try #require(whole.lines.first { $0["row"] == line["row"] })
      #expect(same["choices"] == line["choices"] && same["gold_index"] == line["gold_index"])
    }
    let again = try outcome(
      "ddtp_zh", EvaluationOptions(sample: 6, sampleSeed: 4, fewShot: 0), compat: "pangu")
    #expect(again.lines.map { $0["row"] } != part.lines.map { $0["row"] })
  }

  @Test func demonstrationsAreNeverTheExampleItself() throws {
    let shots = FewShot(count: 3, draw: .random, per: .example)
    let all = (0..<8).map { Demonstration(key: "k\($0)", group: "g\($0 % 2)", text: "t\($0)") }
    var generator = PCG64(seed: 1)
    let demonstrations = try Demonstrations(all, shots, count: 3, &generator)
    for row in 0..<8 {
      let text = demonstrations.text(for: "k\(row)", row: row, seed: 7)
      #expect(!text.contains("t\(row)\n"))
      #expect(text.split(separator: "\n").count == 3)
      #expect(text == demonstrations.text(for: "k\(row)", row: row, seed: 7))
    }
  }

  /// Choices are also asked about without their question, where that is wanted: long ones are cut there too.
  @Test func longChoicesCostNoOtherExample() throws {
    try TaskDefinitionTests.scratch { folder in
      let long = String(repeating: "#!?", count: 300)
      let rows = """
        {"question": "好", "choices": ["天", "\(long)"], "answer": 0}
        {"question": "好", "choices": ["天", "地"], "answer": 1}

        """
      try FilePath.write(Array(rows.utf8), to: folder + "/rows.jsonl")
      func counts(_ onLong: LongInput) throws -> [Int] {
        let metrics = [MetricChoice("acc"), MetricChoice("acc-mutual-info")]
        let counts = try outcome(
          folder + "/rows.jsonl", EvaluationOptions(onLong: onLong, metrics: metrics),
          task: "multiple_choice"
        ).report.counts
        return [counts.requested, counts.failed]
      }
      #expect(try counts(.error) == [2, 1])
      #expect(try counts(.truncateLeft) == [2, 0])
    }
  }

  /// A result that is kept must not outlive the split that its demonstrations came from.
  @Test func demonstrationsOfAnotherSplitDecide() throws {
    func row(_ text: String) -> [UInt8] {
      Array("{\"label\": \"1\", \"sentence\": \"\(text)\"}\n".utf8)
    }
    try TaskDefinitionTests.scratch { folder in
      try FilePath.write(row("好"), to: folder + "/dev.json")
      let labels = ["story", "car"].enumerated().map { place, name in
        "{\"label\": \"\(place + 1)\", \"label_desc\": \"news_\(name)\"}\n"
      }.joined()
      try FilePath.write(Array(labels.utf8), to: folder + "/labels.json")
      func identity(_ train: String, shots: Int) throws -> String {
        try FilePath.write(row(train), to: folder + "/train.json")
        let options = EvaluationOptions(fewShot: shots)
        return try outcome(folder, options, task: "tnews").runner.identity
      }
      let one = try identity("天", shots: 1)
      #expect(try identity("地", shots: 1) != one)
      #expect(try identity("天", shots: 1) == one)
      #expect(try identity("天", shots: 0) == identity("地", shots: 0))
    }
  }

  @Test func folderInTheOriginalLayoutGivesTheCatalogsScores() throws {
    let folder = Self.package + "/datasets/ddtp_zh"
    let byName = try outcome("ddtp_zh", EvaluationOptions(limit: 4))
    let byFolder = try outcome(folder, EvaluationOptions(limit: 4), task: "tnews")
    #expect(byName.lines == byFolder.lines)
    #expect(byName.report.dataset["fingerprint"] == byFolder.report.dataset["fingerprint"])
  }

  @Test func everyTokenIsScoredOnceWhateverTheStride() throws {
    let whole = try outcome("handbook_ppl", EvaluationOptions(limit: 3))
    let short = try outcome("handbook_ppl", EvaluationOptions(limit: 3, stride: 16))
    for (left, right) in zip(whole.lines, short.lines) {
      let count = try #require(left["scored_ids"]?.int)
      #expect(right["scored_ids"]?.int == count)
      #expect(left["token_nll"]?.array?.count == count)
      #expect(left["input_ids"]?.array?.count == count + 1)
      // The first window is the same.
      let first = left["token_nll"]?.array?.prefix(min(256, count)).compactMap(\.double) ?? []
      let second = right["token_nll"]?.array?.prefix(min(256, count)).compactMap(\.double) ?? []
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 5e-5 })
      #expect(first.count == min(256, count))
    }
  }

  @Test func optionsThatDoNotFitAreRefused() throws {
    let wrong: [(String, EvaluationOptions)] = [
      ("tang_ppl", EvaluationOptions(rule: .sum)), ("ddtp_zh", EvaluationOptions(stride: 3)),
      ("tang_ppl", EvaluationOptions(stride: 257)), ("tang_ppl", EvaluationOptions(limit: 0)),
      ("tang_ppl", EvaluationOptions(workers: 0)), ("tang_ppl", EvaluationOptions(sample: 0)),
      ("tang_ppl", EvaluationOptions(fewShot: 1)), ("ddtp_zh", EvaluationOptions(maximumTokens: 3)),
      ("ddtp_zh", EvaluationOptions(metrics: [MetricChoice("ndcg")])),
      ("tang_ppl", EvaluationOptions(metrics: [MetricChoice("accuracy")])),
      ("ddtp_zh", EvaluationOptions(onLong: .window)),
      ("debfaq_cmrc", EvaluationOptions(onLong: .window)),
      ("tang_ppl", EvaluationOptions(onLong: .truncateLeft)),
    ]
    for (dataset, options) in wrong {
      let error = #expect(throws: DSXError.self) { try outcome(dataset, options) }
      #expect(error?.code == .usage)
    }
  }

  @Test func longAndEmptyTextsFailByName() throws {
    try TaskDefinitionTests.scratch { folder in
      let long = String(repeating: "龘", count: 300)
      let rows = """
        {"label": "1", "sentence": "好"}
        {"label": "2", "sentence": "\(long)"}

        """
      try FilePath.write(Array(rows.utf8), to: folder + "/dev.json")
      let labels = """
        {"label": "1", "label_desc": "news_story"}
        {"label": "2", "label_desc": "news_car"}

        """
      try FilePath.write(Array(labels.utf8), to: folder + "/labels.json")
      let result = try outcome(folder, EvaluationOptions(), task: "tnews")
      #expect(result.report.counts.requested == 2 && result.report.counts.failed == 1)
      #expect(result.lines[1]["status"] == "failed")
      #expect(result.lines[1]["reason"]?.string?.contains("nothing is cut") == true)
      #expect(result.report.failures.count == 1)
      let cut = try outcome(folder, EvaluationOptions(onLong: .truncateLeft), task: "tnews")
      #expect(cut.report.counts.failed == 0)
    }
  }

  @Test func unknownGoldLabelFailsTheExampleNotTheRun() throws {
    try TaskDefinitionTests.scratch { folder in
      let rows = """
        {"label": "1", "sentence": "好"}
        {"label": "7", "sentence": "好"}

        """
      try FilePath.write(Array(rows.utf8), to: folder + "/dev.json")
      let labels = """
        {"label": "1", "label_desc": "news_story"}
        {"label": "2", "label_desc": "news_car"}

        """
      try FilePath.write(Array(labels.utf8), to: folder + "/labels.json")
      let result = try outcome(folder, EvaluationOptions(), task: "tnews")
      #expect(result.report.counts.requested == 2 && result.report.counts.failed == 1)
      #expect(result.lines[1]["reason"]?.string?.hasPrefix("the label '7' is not among") == true)
      #expect(result.report.results.first?.count == 1)
      #expect(try result.runner.target.dataset.rowCount() == 2)
    }
  }

  @Test func identityCoversConfigurationAndTokenizer() throws {
    try TaskDefinitionTests.scratch { folder in
      let source = Self.package + "/models/nanogpt_zh"
      for name in try FilePath.list(source) where !name.hasSuffix(".md") {
        let bytes = try MappedFile(path: source + "/" + name).withBytes { Array($0) }
        try FilePath.write(bytes, to: folder + "/" + name)
      }
      func identity() throws -> String {
        let target = try EvaluationTarget.find(dataset: "tang_ppl", homes: Self.homes)
        return try TaskRunner(
          target, EvaluatedModel(try ModelFolder.open(folder)), EvaluationOptions(),
          homes: Self.homes
        ).identity
      }
      func replace(_ name: String, _ change: (String) -> String) throws {
        let text = try MappedFile(path: folder + "/" + name).withBytes {
          String(decoding: $0, as: UTF8.self)
        }
        #expect(change(text) != text)
        try FilePath.write(Array(change(text).utf8), to: folder + "/" + name)
      }
      let first = try identity()
      #expect(try identity() == first)
      // A member that changes the numbers, but neither a weight nor a size.
      try replace("config.json") { "{\"scale_attn_by_inverse_layer_idx\": true," + $0.dropFirst() }
      let second = try identity()
      #expect(second != first)
      try replace("tokenizer.json") { $0 + "\n" }
      #expect(try identity() != second)
    }
  }
}
