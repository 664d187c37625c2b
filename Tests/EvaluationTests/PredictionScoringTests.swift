import DSXCore
import Datasets
import Models
import Testing

@testable import Evaluation

private let facts = ModelInfo(
  name: "fake", architecture: "fake", vocabularySize: 0, context: 8, parameters: 0,
  storedType: "f32", fingerprint: "")

/// Says a label by the length of the text.
private struct FakeClassifier: TextClassifier {
  let info = facts
  let labels: [String]
  func classify(_ inputs: [TextInput], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[Float]]
  {
    inputs.map { input in
      labels.indices.map { $0 == input.text.utf8.count % labels.count ? 2 : 0 }
    }
  }
}

/// Says the first three bytes of the context: one Chinese character.
private struct FakeExtractor: SpanExtractor {
  let info = facts
  func predict(_ inputs: [TextInput], _ search: SpanOptions, _ options: ComputeOptions)
    throws(DSXError) -> [SpanPrediction]
  {
    inputs.map { input in
      let text = String((input.pair ?? "").unicodeScalars.prefix(1))
      let answer = SpanAnswer(text: text, bytes: 0..<text.utf8.count, score: 1, nullScore: 0)
      return SpanPrediction(answer: answer, candidates: [answer], windows: 1)
    }
  }
}

private struct FakeTagger: TokenTagger {
  let info = facts
  let labels = ["O", "B-PER"]
  func tag(_ sentences: [[String]], onLong: LongInput, _ options: ComputeOptions)
    throws(DSXError) -> [[[Float]]]
  {
    sentences.map { $0.map { $0 == "张" ? [0, 1] : [1, 0] } }
  }
}

/// What `dsx predict` writes is what `dsx eval --predictions` reads, for every kind of task.
@Suite struct PredictionScoringTests {
  private static let homes = TaskRunnerTests.homes

  /// Predicts with `model`, then scores the lines without it; the first `limit` rows.
  private func scored(
    _ model: OpenedModel, _ dataset: String, subset: String? = nil, task: String? = nil,
    limit: Int? = nil, _ scratch: String
  ) throws -> RunReport {
    let data = try MsDataset.loadSplit(
      dataset, subset: subset, split: dataset.hasPrefix("/") ? nil : "validation",
      homes: Self.homes)
    let lines = scratch + "/said.jsonl"
    let counts = try PredictionRun(
      try ModelPipeline(task: nil, model: model), data, PredictionOptions(limit: limit),
      homes: Self.homes
    ).run(output: lines, overwrite: true).counts
    #expect(counts.failed == 0)
    let cell = EvaluationCell(
      model: nil, predictions: lines, dataset: dataset, task: task, subset: subset,
      options: EvaluationOptions(limit: limit))
    try? FilePath.removeTree(scratch + "/out")
    return try CellRunner(homes: Self.homes).run(cell, into: scratch + "/out").report
  }

  private func value(_ report: RunReport, _ metric: String) -> Double? {
    report.results.first { $0.metric == metric }?.value
  }

  @Test func images() throws {
    try TaskDefinitionTests.scratch { scratch in
      let model = TaskRunnerTests.package + "/models/digits_cnn"
      let report = try scored(try ModelFolder.openAny(model), "digits", scratch)
      let direct = try CellRunner(homes: Self.homes).run(
        EvaluationCell(model: model, dataset: "digits"), into: scratch + "/direct"
      ).report
      #expect(report.counts.succeeded == direct.counts.succeeded)
      // Mistakes are shown as pictures, and their names once.
      let shown = direct.examples.flatMap(\.examples)
      #expect(!shown.isEmpty && shown.allSatisfy { $0.picture?.hasPrefix("iVBORw0KGgo") == true })
      let page = ReportForm.html.render(.run(direct))
      #expect(page.components(separatedBy: "<img class=\"thumb\"").count == shown.count + 1)
      #expect(page.utf8.count < 300_000)
      let again = try RunReport(ReportReader(direct.json, path: ""))
      #expect(again.examples == direct.examples)
      for metric in ["accuracy", "macro-f1", "ece"] {
        let (one, other) = (value(report, metric), value(direct, metric))
        #expect(abs((one ?? 0) - (other ?? 1)) < 1e-6, "\(metric)")
      }
    }
  }

  @Test func tables() throws {
    try TaskDefinitionTests.scratch { scratch in
      let model = TaskRunnerTests.package + "/models/sklearn_logreg/iris"
      let report = try scored(
        try ModelFolder.openAny(model), "sklearn_csv", subset: "iris", scratch)
      let direct = try CellRunner(homes: Self.homes).run(
        EvaluationCell(model: model, dataset: "sklearn_csv", subset: "iris"),
        into: scratch + "/direct"
      ).report
      #expect(report.counts.succeeded == 30)
      #expect(value(report, "accuracy") == value(direct, "accuracy"))
    }
  }

  @Test func headlines() throws {
    try TaskDefinitionTests.scratch { scratch in
      let target = try EvaluationTarget.find(dataset: "ddtp_zh", homes: Self.homes)
      let source = try #require(target.task.labels)
      let labels = try LabelTable(source, target.dataset)
      // Labels by their ids, by their words, and by their numbers.
      for names in [labels.names, labels.words, labels.names.indices.map { "LABEL_\($0)" }] {
        let model = FakeClassifier(labels: names)
        let report = try scored(.textClassifier(model), "ddtp_zh", limit: 30, scratch)
        #expect(report.counts.requested == 30 && report.counts.succeeded == 30)
        #expect(report.counts.missing == 0)
      }
    }
  }

  @Test func questions() throws {
    try TaskDefinitionTests.scratch { scratch in
      let report = try scored(.spanExtractor(FakeExtractor()), "debfaq_cmrc", limit: 9, scratch)
      #expect(report.counts.succeeded == 9 && report.counts.missing == 0)
    }
  }

  @Test func tags() throws {
    try TaskDefinitionTests.scratch { scratch in
      let path = scratch + "/ner.jsonl"
      let row = #"{"tokens": ["张", "在", "家"], "tags": ["B-PER", "O", "O"]}"# + "\n"
      try FilePath.write(Array(row.utf8), to: path)
      let report = try scored(.tokenTagger(FakeTagger()), path, task: "ner", scratch)
      #expect(value(report, "entity-f1") == 1)
    }
  }

  @Test func idsKeepTheirDigits() throws {
    try TaskDefinitionTests.scratch { scratch in
      try FilePath.write(
        Array("id,text,label\n007,ab,x\n010,abc,y\n".utf8), to: scratch + "/rows.csv")
      let task = """
        task: own
        version: 1
        request: classify
        text: text
        id: id
        gold: label
        labels: {words: {x: x, y: y}}
        metrics: [accuracy]
        """
      try FilePath.write(Array(task.utf8), to: scratch + "/task.yaml")
      let model = FakeClassifier(labels: ["x", "y"])
      let report = try scored(.textClassifier(model), scratch + "/rows.csv", scratch)
      #expect(report.counts.succeeded == 2 && value(report, "accuracy") == 1)
      let said = try MappedFile(path: scratch + "/said.jsonl").withBytes {
        try JSONParser.parse(UnsafeRawBufferPointer(rebasing: $0.prefix { $0 != 0x0a }))
      }
      #expect(said["id"] == "007")
    }
  }

  @Test func emptyCellsAreNoTexts() throws {
    try TaskDefinitionTests.scratch { scratch in
      try FilePath.write(Array("text,n\nab,1\n,2\n".utf8), to: scratch + "/rows.csv")
      try FilePath.write(
        Array("{\"text\": \"ab\"}\n{\"text\": \"\"}\n".utf8), to: scratch + "/rows.jsonl")
      for (file, failed) in [("rows.csv", 1), ("rows.jsonl", 0)] {
        let data = try MsDataset.loadSplit(scratch + "/" + file, homes: Self.homes)
        let model = OpenedModel.textClassifier(FakeClassifier(labels: ["x", "y"]))
        let counts = try PredictionRun(
          try ModelPipeline(task: nil, model: model), data, PredictionOptions(),
          homes: Self.homes
        ).run(output: scratch + "/\(file).out").counts
        #expect(counts.examples == 2 && counts.failed == failed, "\(file)")
      }
    }
  }

  @Test func idsComeFromTheTask() throws {
    let names = ["id", "qid", "text"]
    #expect(try PredictionID.named("qid").column(of: names) == "qid")
    #expect(try PredictionID.task("qid").column(of: names) == "qid")
    #expect(try PredictionID.task("key").column(of: names) == nil)
    // A task without ids goes by rows, even where the data has a column of that name.
    #expect(try PredictionID.task(nil).column(of: names) == nil)
    #expect(try PredictionID.usual.column(of: names) == "id")
    #expect(try PredictionID.usual.column(of: ["text"]) == nil)
    #expect(throws: DSXError.self) { try PredictionID.named("key").column(of: names) }
  }
}
