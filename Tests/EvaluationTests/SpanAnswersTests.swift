import DSXCore
import Datasets
import Models
import Testing

@testable import Evaluation

/// `dsx eval` cuts long contexts as `dsx predict` does.
@Suite struct SpanAnswersTests {
  @Test func sameWindows() throws {
    try TaskDefinitionTests.scratch { scratch in
      let model = TaskRunnerTests.package + "/Tests/Fixtures/models/bert-answers"
      let words = ["a", "the", "b", "cat", "sat", "on", "mat", "is", "c", "x", "in", "he", "was"]
      var random = PCG64(seed: 5)
      var rows = ""
      for number in 0..<12 {
        let context = (0..<(20 + 30 * number)).map { _ in
          words[Int(random.bounded(UInt32(words.count)))]
        }.joined(separator: " ")
        let row: JSONValue = [
          "id": .string("q\(number)"), "question": "the cat ?", "context": .string(context),
          "answers": ["text": ["cat"], "answer_start": [0]],
        ]
        rows += row.text() + "\n"
      }
      let path = scratch + "/rows.jsonl"
      try FilePath.write(Array(rows.utf8), to: path)
      let task = """
        task: spans
        version: 1
        request: span
        text: question
        pair: context
        gold: answers
        metrics: [squad-em]

        """
      try FilePath.write(Array(task.utf8), to: scratch + "/task.yaml")
      let target = try EvaluationTarget.find(
        dataset: path, task: scratch + "/task.yaml", homes: TaskRunnerTests.homes)
      let opened = try ModelFolder.openAny(model)
      let runner = try TaskRunner(
        target, EvaluatedModel(opened, path: model), EvaluationOptions(),
        homes: TaskRunnerTests.homes)
      var lines: [JSONValue] = []
      _ = try runner.predict(from: 0, progress: SilentProgress()) { lines += $0 }
      let pipeline = try ModelPipeline.make(model: model)
      let output = scratch + "/predictions.jsonl"
      let dataset = try MsDataset.loadSplit(path, homes: TaskRunnerTests.homes)
      _ = try PredictionRun(
        pipeline, dataset, PredictionOptions(), homes: TaskRunnerTests.homes
      ).run(output: output)
      let wanted = try MappedFile(path: output).withBytes { bytes in
        try bytes.split(separator: 0x0a).map {
          try JSONParser.parse(String(decoding: $0, as: UTF8.self))["prediction"]
        }
      }
      #expect(lines.count == 12 && Set(wanted.map { $0?.string }).count > 3)
      #expect(lines.map { $0["prediction"] } == wanted)
    }
  }
}
