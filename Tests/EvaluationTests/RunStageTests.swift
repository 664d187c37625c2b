import DSXCore
import Datasets
@testable import Evaluation
import Testing

/// Cells in folders: finished, going on, reused, refused; predictions without a model.
@Suite struct RunStageTests {
  static let homes = TaskRunnerTests.homes
  static let model = TaskRunnerTests.package + "/models/nanogpt_zh"

  func bytes(_ path: String) throws -> [UInt8] {
    try MappedFile(path: path).withBytes { Array($0) }
  }

  func report(_ folder: String) throws -> String {
    let value = try JSONParser.parse(file: folder + "/report.json")
    return JSONValue.object((value.object ?? []).filter { $0.name != "runtime" }).text()
  }

  @Test func stoppedRunsGoOnToTheSameReport() throws {
    try TaskDefinitionTests.scratch { scratch in
      let cell = EvaluationCell(
        model: Self.model, dataset: "ddtp_zh", compat: "pangu",
        options: EvaluationOptions(limit: 70, workers: 2))
      let runner = CellRunner(homes: Self.homes)
      let first = try runner.run(cell, into: scratch + "/a")
      #expect(first.status == .done)
      let whole = try bytes(scratch + "/a/predictions.jsonl")
      // What a killed run may leave: any number of bytes of the lines, no report.
      for cut in [0, 1, whole.count / 3, whole.count / 2, whole.count - 1] {
        let folder = scratch + "/cut\(cut)"
        try FilePath.makeFolder(folder)
        try FilePath.write(try bytes(scratch + "/a/run.json"), to: folder + "/run.json")
        try FilePath.write(Array(whole.prefix(cut)), to: folder + "/predictions.jsonl")
        let again = try runner.run(cell, into: folder)
        #expect(again.status == .done)
        for name in ["predictions.jsonl", "examples.jsonl", "states.json"] {
          let (left, right) = (try bytes(folder + "/" + name), try bytes(scratch + "/a/" + name))
          #expect(left == right, "\(name) \(cut)")
        }
        let (left, right) = (try report(folder), try report(scratch + "/a"))
        #expect(left == right)
      }
      let finished = try runner.run(cell, into: scratch + "/a")
      #expect(finished.status == .reused)
      var other = cell
      other.options.limit = 71
      let error = #expect(throws: DSXError.self) { try runner.run(other, into: scratch + "/a") }
      #expect(error?.code == .outputExists)
      try FilePath.makeFolder(scratch + "/b")
      try FilePath.write([], to: scratch + "/b/x")
      #expect(throws: DSXError.self) {
        try runner.run(cell, into: scratch + "/b", overwrite: true)
      }
    }
  }

  @Test func cachedResultsAreTakenWhenNothingChanged() throws {
    try TaskDefinitionTests.scratch { scratch in
      var cell = EvaluationCell(
        model: Self.model, dataset: "tang_ppl", options: EvaluationOptions(limit: 2))
      let runner = CellRunner(homes: Self.homes, cache: scratch + "/cache")
      let first = try runner.run(cell, into: scratch + "/a")
      let second = try runner.run(cell, into: scratch + "/b")
      #expect(first.status == .done && second.status == .cached)
      let (left, right) = (try report(scratch + "/a"), try report(scratch + "/b"))
      #expect(left == right)
      cell.options.limit = 3
      let third = try runner.run(cell, into: scratch + "/c")
      #expect(third.status == .done)
    }
  }

  @Test func givenPredictionsAreScoredAndCounted() throws {
    try TaskDefinitionTests.scratch { scratch in
      let rows = """
        {"sentence1": "甲", "sentence2": "乙", "label": "0"}
        {"sentence1": "丙", "sentence2": "丁", "label": "1"}
        {"sentence1": "戊", "sentence2": "己", "label": "1"}
        {"sentence1": "庚", "sentence2": "辛", "label": "2"}

        """
      try FilePath.write(Array(rows.utf8), to: scratch + "/dev.json")
      let said = """
        {"id": 0, "prediction": "0"}
        {"id": 1, "prediction": "不同"}
        {"id": 3, "prediction": "1"}

        """
      try FilePath.write(Array(said.utf8), to: scratch + "/p.jsonl")
      let cell = EvaluationCell(
        model: nil, predictions: scratch + "/p.jsonl", dataset: scratch, task: "afqmc")
      let outcome = try CellRunner(homes: Self.homes).run(cell, into: scratch + "/out")
      let counts = outcome.report.counts
      #expect(counts.requested == 4 && counts.succeeded == 2)
      #expect(counts.failed == 1 && counts.missing == 1 && outcome.incomplete == 2)
      #expect(outcome.report.results.first?.value == 0.5)
    }
  }

  @Test func tagsWordsAndSpansOfGivenPredictions() throws {
    try TaskDefinitionTests.scratch { scratch in
      func score(_ task: String, _ data: String, _ said: String) throws -> RunReport {
        try FilePath.write(Array(data.utf8), to: scratch + "/\(task).jsonl")
        try FilePath.write(Array(said.utf8), to: scratch + "/\(task).said.jsonl")
        return try CellRunner(homes: Self.homes).run(
          EvaluationCell(
            model: nil, predictions: scratch + "/\(task).said.jsonl",
            dataset: scratch + "/\(task).jsonl", task: task), into: scratch + "/\(task)"
        ).report
      }
      let names = try score(
        "ner", #"{"tokens": ["a", "b", "c"], "tags": ["B-PER", "I-PER", "O"]}"# + "\n",
        #"{"prediction": ["B-PER", "I-PER", "O"]}"# + "\n")
      #expect(names.results.first?.value == 1)
      let words = try score(
        "word_segmentation", #"{"text": "我们在家", "words": "我们 在 家"}"# + "\n",
        #"{"prediction": "我们 在家"}"# + "\n")
      // One of two words is right, one of three is found: F1 = 2/5.
      #expect(abs((words.results.first?.value ?? 0) - 0.4) < 1e-12)
      let alike = try score(
        "similarity",
        "{\"sentence1\": \"a\", \"sentence2\": \"b\", \"score\": 1}\n"
          + "{\"sentence1\": \"c\", \"sentence2\": \"d\", \"score\": 2}\n"
          + "{\"sentence1\": \"e\", \"sentence2\": \"f\", \"score\": 3}\n",
        "{\"prediction\": 0.1}\n{\"prediction\": 0.2}\n{\"prediction\": 0.3}\n")
      #expect(abs((alike.results.first?.value ?? 0) - 1) < 1e-12)
      let sums = try score(
        "arithmetic", #"{"question": "1+1?", "answer": "so #### 2"}"# + "\n",
        #"{"prediction": "I think 1 + 1 = 2"}"# + "\n")
      #expect(sums.results.first?.value == 1)
    }
  }

  @Test func foldersOfOneNameAreToldApart() {
    func names(_ models: [String], _ datasets: [String] = ["d"]) -> [String] {
      MatrixRun.names(
        models.flatMap { model in datasets.map { EvaluationCell(model: model, dataset: $0) } })
    }
    #expect(names(["a/best", "b/last"]) == ["best--d", "last--d"])
    #expect(names(["run1/best", "run2/best/", "x"]) == ["run1_best--d", "run2_best--d", "x--d"])
    #expect(names(["/p/a/step/m", "/p/b/step/m"]) == ["a_step_m--d", "b_step_m--d"])
    #expect(names(["best", "run/best"]) == ["best--d", "run_best--d"])
    // The same folder twice is not two folders.
    #expect(names(["a/m", "./a/m/"]) == ["m--d", "m--d--2"])
    #expect(names(["m"], ["x/dev.json", "y/dev.json"]) == ["m--x_dev.json", "m--y_dev.json"])
    #expect(EvaluationCell(model: "run/best", dataset: "d", subset: "s").name == "best--d--s")
  }

  @Test func articlesOfWikiTextBeginAtTitles() {
    #expect(DocumentJoiner.isTitle(" = Valkyria Chronicles III = "))
    #expect(!DocumentJoiner.isTitle(" = = Gameplay = = "))
    #expect(!DocumentJoiner.isTitle("a = b"))
    var joiner = DocumentJoiner(.wikitext, column: "text")
    var found: [String] = []
    for (row, line) in ["", " = A = ", "x", " = = s = = ", " = B = ", "y"].enumerated() {
      let example = Example(row: row, id: .int(Int64(row)), values: ["text": .string(line)])
      if let done = joiner.add(example) { found.append(done.text("text") ?? "") }
    }
    if let last = joiner.finish() { found.append(last.text("text") ?? "") }
    #expect(found == [" = A = \nx\n = = s = = ", " = B = \ny"])
  }
}
