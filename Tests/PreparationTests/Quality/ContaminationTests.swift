import DSXCore
import Testing

@testable import Preparation

@Suite struct ContaminationTests {
  private let question = "What is the name of the river that flows through the old town of Basel?"
  private let chinese = "流经巴塞尔老城区的那条河流叫什么名字呢请你回答这个问题"

  private func stage(
    _ files: [(String, String)], words: Int = 13
  ) throws -> (TestFolder, QualityStage) {
    let folder = try TestFolder()
    var options = QualityOptions()
    for (name, text) in files {
      try folder.write(name, text)
      options.evaluationSets.append(folder.path + "/" + name)
    }
    options.contaminationWords = words
    return (folder, try QualityStage(options))
  }

  @Test func findsWhatAnEvaluationSetHolds() throws {
    let (folder, stage) = try stage([
      ("a.txt", "too short\n\n\(question)\n"),
      ("b.jsonl", "{\"id\": 3}\n{\"q\": {\"text\": [\"\(chinese)\"]}, \"label\": \"x\"}\n"),
    ])
    withExtendedLifetime(folder) {}
    // The question has 15 words: 13 of them stand in this text, in two n-grams of 13.
    let reason = QualitySamples.note(
      "Q: what is the NAME of the river that flows through the old town -- of Zürich", stage
    ).drop
    #expect(reason == DropReason(.contamination, value: 2, item: 1))
    #expect(
      JSONValue.object(stage.describe(try #require(reason))).text()
        == #"{"reason":"contamination","value":2,"item":"a.txt:3"}"#)
    // 21 characters of Han in a row are in the set; 20 make an n-gram of 13 words.
    let han = QualitySamples.note("问：流经巴塞尔老城区的那条河流叫什么名字呢请你", stage).drop
    #expect(han?.rule == .contamination)
    #expect(han?.value == 2)
    #expect(han.map { stage.describe($0).last?.value } == .string("b.jsonl:2"))
    #expect(
      QualitySamples.note("the name of the river that flows through the old", stage).drop == nil)
    #expect(QualitySamples.note("流经巴塞尔老城区的那条河流叫什么名字", stage).drop == nil)
  }

  @Test func theSizeOfAnNgramCanBeChosen() throws {
    let (folder, stage) = try stage([("a.txt", question)], words: 5)
    withExtendedLifetime(folder) {}
    #expect(QualitySamples.note("he flows through the old town now", stage).drop?.value == 1)
  }

  @Test func wholeJSONFilesAreRead() throws {
    let (folder, stage) = try stage([
      ("dev.json", "{\"data\": [\"short\", {\"question\": \"\(question)\"}]}")
    ])
    withExtendedLifetime(folder) {}
    let reason = try #require(QualitySamples.note(question, stage).drop)
    #expect(reason.value == 3)
    #expect(stage.describe(reason).last?.value == .string("dev.json:2"))
  }

  @Test func thePlanHoldsTheHashes() throws {
    let (folder, one) = try stage([("a.txt", question)])
    try folder.write("a.txt", question + " again")
    let two = try QualityStage(one.options)
    #expect(one.json != two.json)
    #expect(one.json["decontamination"]?["sets"]?.array?[0]["name"]?.string == "a.txt")
    #expect(one.identity != two.identity)
  }

  @Test func errorsNameTheirPlace() throws {
    let short = #expect(throws: DSXError.self) { try stage([("a.txt", "nothing long")]) }
    #expect(short?.code == .usage)
    let malformed = #expect(throws: DSXError.self) { try stage([("a.jsonl", "{}\n{\"a\": ")]) }
    #expect(malformed?.location.line == 2)
    #expect(malformed?.location.file?.hasSuffix("a.jsonl") == true)
    var options = QualityOptions()
    options.evaluationSets = ["/nonexistent/eval.txt"]
    let missing = options
    let error = #expect(throws: DSXError.self) { try QualityStage(missing) }
    #expect(error?.code == .io)
  }
}
