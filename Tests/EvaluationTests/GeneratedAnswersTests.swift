import DSXCore
import Datasets
import Models
import Testing

@testable import Evaluation

/// What `dsx eval` lets a model write is what `dsx generate` writes.
@Suite struct GeneratedAnswersTests {
  private static let questions = ["床前明月光", "春眠不觉晓", "Debian 是什么？", "白日依山尽"]

  private func answers(_ model: String, _ scratch: String, most: Int) throws -> [JSONValue] {
    let rows = Self.questions.map { question -> String in
      let row: JSONValue = ["question": .string(question), "answer": "#### 1"]
      return row.text() + "\n"
    }
    try FilePath.write(Array(rows.joined().utf8), to: scratch + "/rows.jsonl")
    let target = try EvaluationTarget.find(
      dataset: scratch + "/rows.jsonl", task: "arithmetic", homes: TaskRunnerTests.homes)
    let runner = try TaskRunner(
      target, EvaluatedModel(try ModelFolder.open(model)), EvaluationOptions(maximumTokens: most),
      homes: TaskRunnerTests.homes)
    var lines: [JSONValue] = []
    _ = try runner.predict(from: 0, progress: SilentProgress()) { lines += $0 }
    return lines
  }

  private func continuations(_ model: String, most: Int) throws -> [GenerationResult] {
    let options = GenerationOptions(maxNewTokens: most, stopStrings: ["\nQuestion:"])
    let generator = try TextGenerator(try ModelFolder.open(model), options: options)
    return try generator.generate(Self.questions.map { "Question: \($0)\nAnswer:" }).map {
      try $0.get()
    }
  }

  private func copy(to folder: String, _ files: [String: JSONValue] = [:]) throws {
    let source = TaskRunnerTests.package + "/models/nanogpt_zh"
    try FilePath.makeFolder(folder)
    for name in try FilePath.list(source) {
      let bytes = try MappedFile(path: FilePath.join(source, name)).withBytes { Array($0) }
      try FilePath.write(bytes, to: FilePath.join(folder, name))
    }
    for (name, value) in files {
      try FilePath.write(Array(value.text().utf8), to: FilePath.join(folder, name))
    }
  }

  /// Each of a list of end-of-text ids ends an answer.
  @Test func endOfTextMayBeAList() throws {
    try TaskDefinitionTests.scratch { scratch in
      let plain = scratch + "/plain"
      try copy(to: plain)
      let before = try continuations(plain, most: 12)
      // Ids that come third: those answers end there.
      let endings = Set(before.map { $0.ids[2] }).sorted()
      #expect(endings.count > 1)
      let model = scratch + "/model"
      try copy(
        to: model,
        [
          "generation_config.json": [
            "eos_token_id": .array(endings.map { .int(Int64($0)) })
          ]
        ])
      let wanted = try continuations(model, most: 12)
      #expect(wanted.allSatisfy { $0.finish == .endOfText && $0.ids.count <= 3 })
      let found = try answers(model, scratch, most: 12)
      #expect(found.count == wanted.count)
      for (line, result) in zip(found, wanted) {
        #expect(line["finish"] == "end" && line["raw"]?.string == result.text)
        #expect(line["new_ids"]?.array?.compactMap(\.int) == result.ids.dropLast().map(Int.init))
      }
    }
  }

  /// Special tokens have no text in an answer.
  @Test func specialTokensAreLeftOut() throws {
    try TaskDefinitionTests.scratch { scratch in
      let plain = scratch + "/plain"
      try copy(to: plain)
      let special = try continuations(plain, most: 12).map { $0.ids[2] }
      let path = plain + "/tokenizer.json"
      var root = try #require(try JSONParser.parse(file: path).object)
      let tokenizer = try ModelFolder.open(plain).tokenizer
      let place = try #require(root.firstIndex { $0.name == "added_tokens" })
      let added = try Set(special).sorted().map { id -> JSONValue in
        [
          "id": .int(Int64(id)), "content": .string(try #require(tokenizer.piece(of: id))),
          "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
          "special": true,
        ]
      }
      root[place] = .init("added_tokens", .array((root[place].value.array ?? []) + added))
      let model = scratch + "/model"
      try copy(to: model, ["tokenizer.json": .object(root)])
      let wanted = try continuations(model, most: 12)
      let found = try answers(model, scratch, most: 12)
      for (line, result) in zip(found, wanted) {
        #expect(line["raw"]?.string == result.text)
      }
    }
  }

  /// Long answers come at the rate of short ones.
  @Test func answersAreTheTextOfTheirIDs() throws {
    try TaskDefinitionTests.scratch { scratch in
      let model = scratch + "/plain"
      try copy(to: model)
      let wanted = try continuations(model, most: 120)
      for (line, result) in zip(try answers(model, scratch, most: 120), wanted) {
        #expect(line["raw"]?.string == result.text)
        #expect(
          line["finish"]?.string == (result.finish == .endOfText ? "end" : result.finish.rawValue))
      }
    }
  }
}
