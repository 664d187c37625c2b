import DSXCore
import Datasets
import Models
import Testing

@testable import Evaluation

/// `dsx eval` cuts long contexts as `dsx predict` does.
@Suite struct SpanAnswersTests {
  private static let model = TaskRunnerTests.package + "/Tests/Fixtures/models/bert-answers"

  /// A run over a file of lines; writes the file and its task.
  private func runner(_ scratch: String, _ rows: String, metric: String, stride: Int? = nil) throws
    -> TaskRunner
  {
    try FilePath.write(Array(rows.utf8), to: scratch + "/rows.jsonl")
    let task = """
      task: spans
      version: 1
      request: span
      text: question
      pair: context
      gold: answers
      metrics: [\(metric)]

      """
    try FilePath.write(Array(task.utf8), to: scratch + "/task.yaml")
    let target = try EvaluationTarget.find(
      dataset: scratch + "/rows.jsonl", task: scratch + "/task.yaml", homes: TaskRunnerTests.homes)
    return try TaskRunner(
      target, EvaluatedModel(try ModelFolder.openAny(Self.model), path: Self.model),
      EvaluationOptions(stride: stride), homes: TaskRunnerTests.homes)
  }

  private func unanswered(_ contexts: [String]) -> String {
    contexts.map { context in
      let row: JSONValue = [
        "question": "the cat ?", "context": .string(context),
        "answers": ["text": [], "answer_start": []],
      ]
      return row.text() + "\n"
    }.joined()
  }

  /// In SQuAD 2.0 the model may say that there is no answer: as `run_qa.py --version_2_with_negative`.
  @Test func noAnswerMayBeTheAnswer() throws {
    try TaskDefinitionTests.scratch { scratch in
      let contexts = ["the cat sat on the mat", "he was in the b"]
      let runner = try runner(scratch, unanswered(contexts), metric: "squad-v2-f1")
      var lines: [JSONValue] = []
      _ = try runner.predict(from: 0, progress: SilentProgress()) { lines += $0 }
      guard case .spanExtractor(let model) = try ModelFolder.openAny(Self.model) else {
        throw DSXError(.internal, "no spans")
      }
      let inputs = contexts.map { TextInput("the cat ?", pair: $0) }
      let wanted = try model.predict(inputs, SpanOptions(allowsNone: true), ComputeOptions())
      #expect(lines.map { $0["prediction"]?.string } == wanted.map { $0.answer.text })
      #expect(lines.allSatisfy { $0["status"] == "ok" })
    }
  }

  /// Windows and what they share are part of the signature, and of what identifies a run.
  @Test func strides() throws {
    try TaskDefinitionTests.scratch { scratch in
      let rows = unanswered(["the cat sat on the mat"])
      let usual = try runner(scratch, rows, metric: "squad-v2-f1")
      let same = try runner(scratch, rows, metric: "squad-v2-f1", stride: 128)
      let other = try runner(scratch, rows, metric: "squad-v2-f1", stride: 32)
      #expect(usual.signaturePrefix.contains("|window:384|stride:128|"))
      #expect(other.signaturePrefix.contains("|window:384|stride:32|"))
      #expect(usual.identity == same.identity && usual.identity != other.identity)
      for stride in [-1, 384, 1_000] {
        let error = #expect(throws: DSXError.self) {
          try runner(scratch, rows, metric: "squad-em", stride: stride)
        }
        #expect(error?.code == .usage && error?.message.contains("--stride \(stride)") == true)
      }
    }
  }

  @Test func sameWindows() throws {
    try TaskDefinitionTests.scratch { scratch in
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
      let runner = try runner(scratch, rows, metric: "squad-em")
      var lines: [JSONValue] = []
      _ = try runner.predict(from: 0, progress: SilentProgress()) { lines += $0 }
      let pipeline = try ModelPipeline.make(model: Self.model)
      let output = scratch + "/predictions.jsonl"
      let dataset = try MsDataset.loadSplit(scratch + "/rows.jsonl", homes: TaskRunnerTests.homes)
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
