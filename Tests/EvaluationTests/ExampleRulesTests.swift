import DSXCore
@testable import Evaluation
import Testing

/// What is no answer, no text, no id of its own: never scored as if it were.
@Suite struct ExampleRulesTests {
  func rules(_ name: String) throws -> ExampleRules {
    let path = TaskDefinitionTests.package + "/datasets/" + name
    return ExampleRules(try TaskDefinition(path: path, compat: nil), isGiven: false)
  }

  @Test func rightAnswersThatAreMissingFail() throws {
    let rules = try rules("ddtp_zhcn_zhtw/task.yaml")
    func status(_ gold: JSONValue?) -> Answer.Status {
      var values: [String: JSONValue] = ["src": "a"]
      values["ref"] = gold
      let example = Example(row: 0, id: 0, values: values)
      var answer = Answer(status: .ok, inputHash: "x")
      answer.gold = .array(example.answers("ref").map { .string($0) })
      return rules.checked(answer, example).status
    }
    #expect(status("b") == .ok)
    for missing in [nil, .null, "", .array([])] as [JSONValue?] {
      #expect(status(missing) == .failed)
    }
  }

  @Test func textsThatAreMissingFailAndEmptyOnesDoNot() throws {
    let rules = try rules("ddtp_zhcn_zhtw/task.yaml")
    #expect(rules.problem(Example(row: 0, id: 0, values: ["src": "", "ref": "b"])) == nil)
    #expect(rules.problem(Example(row: 0, id: 0, values: ["src": .null, "ref": "b"])) != nil)
    #expect(rules.problem(Example(row: 0, id: 0, values: ["ref": "b"])) != nil)
  }

  @Test func emptyCellsOfTablesAreMissing() throws {
    let path = TaskDefinitionTests.package + "/datasets/ddtp_zhcn_zhtw/task.yaml"
    let rules = ExampleRules(
      try TaskDefinition(path: path, compat: nil), isGiven: false, emptyIsMissing: true)
    #expect(
      rules.problem(Example(row: 0, id: 0, values: ["src": "", "ref": "b"]))
        == "the row's cell 'src' is empty")
    #expect(rules.problem(Example(row: 0, id: 0, values: ["src": " ", "ref": "b"])) == nil)
    // The same rows from a CSV file and from JSON lines.
    try TaskDefinitionTests.scratch { scratch in
      let names = ["甲", "乙"]
      let task = """
        task: own
        version: 1
        request: log_likelihood
        text: text
        prompt: "{text} {more} {label}"
        gold: label
        labels: {words: {甲: 甲, 乙: 乙}}
        rule: sum
        metrics: [accuracy]
        """
      try FilePath.write(Array(task.utf8), to: scratch + "/task.yaml")
      let csv = "text,more,label\n在,,甲\n,x,乙\n"
      try FilePath.write(Array(csv.utf8), to: scratch + "/rows.csv")
      let lines = names.enumerated().map { number, name in
        #"{"text": "\#(number == 0 ? "在" : "")", "more": "x", "label": "\#(name)"}"# + "\n"
      }
      try FilePath.write(Array(lines.joined().utf8), to: scratch + "/rows.jsonl")
      func counts(_ file: String) throws -> (ok: Int, failed: Int) {
        let runner = CellRunner(homes: TaskRunnerTests.homes)
        let cell = EvaluationCell(
          model: TaskRunnerTests.package + "/models/nanogpt_zh", dataset: scratch + "/" + file,
          task: scratch + "/task.yaml")
        let counts = try runner.run(cell, into: scratch + "/" + file + ".run").report.counts
        return (counts.succeeded, counts.failed)
      }
      #expect(try counts("rows.csv") == (1, 1))
      #expect(try counts("rows.jsonl") == (2, 0))
    }
  }

  @Test func hashesCoverTheRightAnswer() throws {
    let rules = try rules("ddtp_zhcn_zhtw/task.yaml")
    func hash(_ gold: String) -> String? {
      let example = Example(row: 0, id: 0, values: ["src": "a", "ref": .string(gold)])
      return rules.checked(Answer(status: .ok, inputHash: "x"), example).inputHash
    }
    #expect(hash("b") == hash("b") && hash("b") != hash("c"))
  }

  @Test func limitsCountSampledRows() throws {
    func rows(limit: Int?) throws -> [Int] {
      let selection = try ExampleSelection(limit: limit, sample: 5, seed: 1, count: { 100 })
      return (0..<100).filter { selection.contains($0) }
    }
    let all = try rows(limit: nil)
    #expect(all.count == 5)
    #expect(try rows(limit: 3) == Array(all.prefix(3)))
    let selection = try ExampleSelection(limit: 3, sample: 5, seed: 1, count: { 100 })
    #expect(selection.count(of: 100) == 3 && selection.isOver(at: all[3]))
  }
}
