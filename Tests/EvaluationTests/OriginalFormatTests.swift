import DSXCore
@testable import Evaluation
import Testing

/// Files in the original formats of the benchmarks, with a few invented rows each: a downloaded file works
/// unchanged.
@Suite struct OriginalFormatTests {
  func run(
    _ task: String, _ files: [(String, String)], predictions: String? = nil,
    options: EvaluationOptions = EvaluationOptions(), dataset: String? = nil
  ) throws -> CellOutcome {
    var outcome: CellOutcome?
    try TaskDefinitionTests.scratch { scratch in
      let folder = scratch + "/data"
      for (name, text) in files {
        try FilePath.makeFolder(FilePath.split(folder + "/" + name).folder)
        try FilePath.write(Array(text.utf8), to: folder + "/" + name)
      }
      if let predictions {
        try FilePath.write(Array(predictions.utf8), to: scratch + "/given.txt")
      }
      let cell = EvaluationCell(
        model: predictions == nil ? RunStageTests.model : nil,
        predictions: predictions == nil ? nil : scratch + "/given.txt",
        dataset: dataset.map { folder + "/" + $0 } ?? folder, task: task, options: options)
      outcome = try CellRunner(homes: RunStageTests.homes).run(cell, into: scratch + "/out")
    }
    return try #require(outcome)
  }

  @Test func cmrc2018() throws {
    let data = """
      {"version": "v1.0", "data": [{"paragraphs": [{"id": "DEV_0", "context": "北京是首都。",
      "qas": [{"question": "首都是哪里？", "id": "DEV_0_QUERY_0", "answers": [
      {"text": "北京", "answer_start": 0}, {"text": "北京", "answer_start": 0}]}]}], "id": "DEV_0",
      "title": "首都"}]}
      """
    let outcome = try run("cmrc2018", [("dev.json", data)], predictions: "北京。\n")
    #expect(outcome.report.counts.succeeded == 1)
    #expect(outcome.report.results.map(\.metric).first == "cmrc-em")
    #expect(outcome.report.results.first?.value == 100)
  }

  @Test func tnewsOfCLUE() throws {
    let rows = """
      {"label": "102", "label_desc": "news_entertainment", "sentence": "江疏影甜甜圈自拍", "keywords": ""}
      {"label": "110", "label_desc": "news_military", "sentence": "以色列大规模空袭", "keywords": "伊朗"}

      """
    let labels = """
      {"label": "102", "label_desc": "news_entertainment"}
      {"label": "110", "label_desc": "news_military"}

      """
    let outcome = try run("tnews", [("dev.json", rows), ("labels.json", labels)])
    #expect(outcome.report.counts.succeeded == 2)
    #expect(outcome.report.perClass.map(\.word) == ["娱乐", "军事"])
  }

  @Test func adgen() throws {
    let row = #"{"content": "类型#裙*颜色#红", "summary": "这条红裙很好看"}"# + "\n"
    let outcome = try run("adgen", [("dev.json", row)], predictions: "这条红裙很好看\n")
    #expect(outcome.report.results.first?.metric == "adgen")
    #expect((outcome.report.results.first?.value ?? 0) > 99)
  }

  @Test func chnsenticorp() throws {
    let rows = "label\ttext_a\n1\t很好\n0\t不好\n"
    let outcome = try run("chnsenticorp", [("dev.tsv", rows)], predictions: "1\n1\n")
    #expect(outcome.report.results.first?.value == 0.5)
  }

  @Test func ocnliSkipsRowsWithoutALabel() throws {
    let rows = """
      {"sentence1": "a", "sentence2": "b", "label": "neutral"}
      {"sentence1": "c", "sentence2": "d", "label": "-"}

      """
    let outcome = try run("ocnli", [("dev.json", rows)], predictions: "neutral\nneutral\n")
    #expect(outcome.report.counts.succeeded == 1 && outcome.report.counts.skipped == 1)
    #expect(outcome.incomplete == 0)
  }

  @Test func wikiText2() throws {
    let text = " \n = A = \n \n Some words here . \n = = B = = \n \n = C = \n \n More words . \n"
    let outcome = try run(
      "wikitext-2", [("wiki.valid.txt", text)], dataset: "wiki.valid.txt")
    #expect(outcome.report.counts.succeeded == 2)
    #expect(outcome.report.totals?["documents"] == nil)
    #expect(outcome.report.results.first?.metric == "word-perplexity")
  }
}
