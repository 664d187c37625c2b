import DSXCore
import Datasets
import Evaluation
import Models
import Testing

@Suite struct TaskRunnerTests {
  static let package = TaskDefinitionTests.package
  static let homes: Homes = {
    var homes = Homes.current()
    homes.folders = [package]
    return homes
  }()

  func outcome(
    _ dataset: String, _ options: EvaluationOptions, task: String? = nil
  ) throws -> (EvaluationOutcome, [JSONValue], TaskRunner) {
    let loaded = try ModelFolder.open(Self.package + "/models/nanogpt_zh")
    let target = try EvaluationTarget.find(dataset: dataset, task: task, homes: Self.homes)
    let runner = try TaskRunner(target, loaded, options, homes: Self.homes)
    var lines: [JSONValue] = []
    let outcome = try runner.run(progress: SilentProgress()) { lines.append($0) }
    return (outcome, lines, runner)
  }

  @Test(arguments: ["ddtp_zh", "tang_ppl"])
  func reportsDoNotDependOnWorkers(_ dataset: String) throws {
    let one = try outcome(dataset, EvaluationOptions(limit: 5, workers: 1))
    let two = try outcome(dataset, EvaluationOptions(limit: 5, workers: 2))
    #expect(one.0.report.text() == two.0.report.text())
    #expect(one.1 == two.1)
    #expect(one.2.identity == two.2.identity)
    #expect(one.0.requested == 5)
    let other = try outcome(dataset, EvaluationOptions(limit: 4))
    #expect(other.2.identity != one.2.identity)
    #expect(Array(one.1.prefix(4)) == other.1)
  }

  @Test func folderInTheOriginalLayoutGivesTheCatalogsScores() throws {
    let folder = Self.package + "/datasets/ddtp_zh"
    let byName = try outcome("ddtp_zh", EvaluationOptions(limit: 4))
    let byFolder = try outcome(folder, EvaluationOptions(limit: 4), task: "tnews")
    #expect(byName.1 == byFolder.1)
    #expect(
      byName.0.report["dataset"]?["fingerprint"] == byFolder.0.report["dataset"]?["fingerprint"])
  }

  @Test func everyTokenIsScoredOnceWhateverTheStride() throws {
    let whole = try outcome("handbook_ppl", EvaluationOptions(limit: 3))
    let short = try outcome("handbook_ppl", EvaluationOptions(limit: 3, stride: 16))
    for (left, right) in zip(whole.1, short.1) {
      #expect(left["tokens"] == right["tokens"])
      #expect(left["token_nll"]?.array?.count == left["tokens"]?.int)
      #expect(left["input_ids"]?.array?.count == left["tokens"]?.int.map { $0 + 1 })
      // The first window is the same.
      let count = min(256, left["tokens"]?.int ?? 0)
      let first = left["token_nll"]?.array?.prefix(count).compactMap(\.double) ?? []
      let second = right["token_nll"]?.array?.prefix(count).compactMap(\.double) ?? []
      #expect(zip(first, second).allSatisfy { abs($0 - $1) < 5e-5 } && first.count == count)
    }
  }

  @Test func optionsThatDoNotFitAreRefused() throws {
    let wrong: [(String, EvaluationOptions)] = [
      ("tang_ppl", EvaluationOptions(rule: .sum)), ("ddtp_zh", EvaluationOptions(stride: 3)),
      ("tang_ppl", EvaluationOptions(stride: 257)), ("tang_ppl", EvaluationOptions(limit: 0)),
      ("tang_ppl", EvaluationOptions(workers: 0)),
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
      let (result, lines, _) = try outcome(folder, EvaluationOptions(), task: "tnews")
      #expect(result.requested == 2 && result.failed == 1)
      #expect(lines[1]["failed"]?.string?.contains("nothing is cut") == true)
      #expect(result.report["failures"]?.array?.count == 1)
      #expect(EvaluationReport.markdown(result.report).contains("1 of 2 examples failed"))
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
      let (result, lines, runner) = try outcome(folder, EvaluationOptions(), task: "tnews")
      #expect(result.requested == 2 && result.failed == 1)
      #expect(lines[1]["failed"]?.string?.hasPrefix("the label '7' is not among") == true)
      #expect(result.report["results"]?["accuracy"]?["n"] == .int(1))
      #expect(try runner.target.dataset.rowCount() == 2)
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
          target, try ModelFolder.open(folder), EvaluationOptions(), homes: Self.homes
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

  @Test func runFoldersAppearWholeAndAreNotReplacedByChance() throws {
    try TaskDefinitionTests.scratch { scratch in
      let (result, lines, runner) = try outcome("tang_ppl", EvaluationOptions(limit: 2))
      let folder = RunFolder(path: scratch + "/run")
      let writer = try folder.begin()
      for line in lines { try writer.append(line) }
      #expect(!FilePath.exists(folder.path))
      try writer.publish(result.report)
      let names = ["predictions.jsonl", "report.html", "report.json", "report.md"]
      #expect(try FilePath.list(folder.path) == names)
      #expect(try FilePath.list(scratch) == ["run"])
      let read = try JSONParser.parse(file: folder.path + "/report.json")
      #expect(read.text() == result.report.text())
      guard case .finished = try folder.inspect(identity: runner.identity, overwrite: false) else {
        Issue.record("the same run is not found finished")
        return
      }
      let other = #expect(throws: DSXError.self) {
        try folder.inspect(identity: "other", overwrite: false)
      }
      #expect(other?.code == .outputExists)
      let foreign = #expect(throws: DSXError.self) {
        try RunFolder(path: scratch).inspect(identity: "x", overwrite: true)
      }
      #expect(foreign?.code == .outputExists)
      let again = try folder.begin()
      try again.publish(result.report)
      #expect(try FilePath.list(scratch) == ["run"])
    }
  }
}
