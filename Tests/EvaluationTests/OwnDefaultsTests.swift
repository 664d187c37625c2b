import DSXCore
import Datasets
import Models
import Testing

@testable import Evaluation

/// What a model's configuration.json says of its own evaluation decides what `dsx eval --model DIR` reads.
@Suite struct OwnDefaultsTests {
  private static let root = FilePath.split(
    FilePath.split(FilePath.split(#filePath).folder).folder
  ).folder
  private static let homes = Homes(environment: ["HOME": "/nonexistent", "DSX_HOME": root])

  /// A classifier with three labels and a table whose usual columns hold other texts and labels than its own.
  private func folder(_ val: [String: JSONValue], _ more: [String: JSONValue] = [:]) throws
    -> ScratchFolder
  {
    let scratch = try ScratchFolder()
    let from = FilePath.join(Self.root, "Tests/Fixtures/models/bert-text")
    for name in try FilePath.list(from) {
      try FilePath.makeFolder(scratch.path + "/model")
      let file = try MappedFile(path: FilePath.join(from, name))
      try FilePath.write(file.withBytes { Array($0) }, to: scratch.path + "/model/" + name)
    }
    var rows = "mytext,second,mylab,sentence,label\n"
    for row in 0..<12 { rows += "the cat \(row),old,L-\(row % 3),the dog ran \(row),q\(row % 2)\n" }
    try scratch.put("in.csv", rows)
    var members: [String: JSONValue] = [
      "task": "text-classification",
      "dataset": [
        "val": .object(
          [.init("name", .string(scratch.path + "/in.csv"))]
            + val.map { .init($0.key, $0.value) })
      ],
    ]
    members.merge(more) { $1 }
    try scratch.put(
      "model/configuration.json",
      JSONValue.object(members.map { .init($0.key, $0.value) }).text())
    return scratch
  }

  private func prepare(_ scratch: ScratchFolder, dataset: String = "", task: String? = nil) throws
    -> TaskRunner
  {
    let cell = try EvaluationCell(model: scratch.path + "/model", dataset: dataset, task: task)
      .completed(homes: Self.homes)
    return try CellRunner(homes: Self.homes).prepare(cell)
  }

  @Test func columnsAreTheFolders() throws {
    let own: [String: JSONValue] = [
      "first_sequence": "mytext", "second_sequence": "second", "label": "mylab",
    ]
    let scratch = try folder(own)
    // No task is named, and the table has none: it follows from what the model is for.
    let task = try prepare(scratch).target.task
    #expect(task.name == "classification")
    #expect(task.text == "mytext" && task.pair == "second" && task.gold == "mylab")
    let outcome = try CellRunner(homes: Self.homes).run(
      try prepare(scratch), into: scratch.path + "/run")
    #expect(outcome.report.counts.failed == 0)
    let lines = try scratch.text("run/predictions.jsonl").split(separator: "\n")
    let first = try JSONParser.parse(String(lines[0]))
    #expect(first["text"]?.string == "the cat 0\nold" && first["gold"]?.string == "L-0")
    // They are the columns of that data set, not of another one.
    try scratch.put("other.csv", "sentence,label\nthe dog,L-1\n")
    let other = try prepare(
      scratch, dataset: scratch.path + "/other.csv", task: "classification")
    #expect(other.target.task.text == "sentence" && other.target.task.gold == "label")
  }

  @Test func aDataSetsOwnTaskKnowsItsColumns() throws {
    // The shipped model's folder names the column of numbers, the task of its data that of names.
    let cell = try EvaluationCell(
      model: FilePath.join(Self.root, "models/sklearn_logreg/iris"), dataset: ""
    ).completed(homes: Self.homes)
    let runner = try CellRunner(homes: Self.homes).prepare(cell)
    #expect(runner.target.task.gold == "target_name")
  }

  @Test func missingColumnsAreTold() throws {
    let scratch = try folder(["first_sequence": "nosuch", "label": "mylab"])
    let error = #expect(throws: DSXError.self) {
      _ = try CellRunner(homes: Self.homes).run(prepare(scratch), into: scratch.path + "/run")
    }
    #expect(error?.message.contains("nosuch") == true)
  }

  @Test func labelsStandForTheOutputs() throws {
    let columns: [String: JSONValue] = ["first_sequence": "mytext", "label": "mylab"]
    // The data's own words, in the order of the outputs; the model's labels are L-0, L-1, L-2.
    let named = try folder(columns.merging(["labels": ["a", "b", "c"]]) { $1 })
    #expect(try prepare(named).labels?.names == ["a", "b", "c"])
    #expect(try prepare(named).labels?.places(of: ["L-0", "L-1", "L-2"]) == [0, 1, 2])
    let turned = try folder(columns.merging(["labels": ["L-2", "L-0", "L-1"]]) { $1 })
    #expect(try prepare(turned).labels?.places(of: ["L-0", "L-1", "L-2"]) == [1, 2, 0])
    let few = try folder(columns.merging(["labels": ["a", "b"]]) { $1 })
    let error = #expect(throws: DSXError.self) { _ = try prepare(few) }
    #expect(error?.code == .corrupt)
  }

  @Test func metricsHaveNoUnknownOptions() throws {
    let metrics: JSONValue = [["type": "seq-cls-metric", "foo": 1]]
    let scratch = try folder(["label": "mylab"], ["evaluation": ["metrics": metrics]])
    let error = #expect(throws: DSXError.self) { _ = try prepare(scratch) }
    #expect(error?.message.contains("'foo'") == true)
  }

  @Test func labelsThatDoNotExcludeEachOtherAreNoAnswers() throws {
    let scratch = try folder(["first_sequence": "mytext", "label": "mylab"])
    let path = scratch.path + "/model/config.json"
    let old = try JSONParser.parse(file: path).object ?? []
    try scratch.put(
      "model/config.json",
      JSONValue.object(old + [.init("problem_type", "multi_label_classification")]).text())
    let error = #expect(throws: DSXError.self) {
      _ = try CellRunner(homes: Self.homes).run(prepare(scratch), into: scratch.path + "/run")
    }
    #expect(error?.code == .unsupported)
  }
}
