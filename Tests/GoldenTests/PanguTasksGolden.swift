import DSXCore

@testable import Preparation

/// `models/pangu_tasks` (kind `prepare-rows`): rows of PanGu-alpha's TNEWS and CMRC2018 scripts from
/// shipped data with the shipped vocabulary.
enum PanguTasksGolden {
  static let kind = "prepare-rows"
  private static let length = 1024

  static func walk(_ run: GoldenRun) throws {
    let folder = FilePath.join(run.folder, "pangu_tasks")
    guard FilePath.isFolder(folder) else { return }
    for file in try FilePath.list(folder) where file.hasSuffix(".json") {
      let name = "pangu_tasks/" + file
      let golden = try run.json(name)
      guard golden["kind"]?.string == kind, let inputs = golden["inputs"] else {
        run.skip(golden["kind"]?.string ?? file, name)
        continue
      }
      func input(_ key: String) -> String? {
        inputs[key]?.string.map { FilePath.join(folder, $0) }
      }
      var options = PreparationOptions(inputs: [])
      options.compatibility = .pangu
      options.sequenceLength = length
      guard let data = input("dataset") else {
        run.skip(kind, name)
        continue
      }
      if golden["shot"] != nil {
        options.task = .tnews
        options.examples.labels = input("labels")
        try tnews(run, name, golden, options, data)
      } else {
        options.task = .cmrc2018
        options.examples.train = input("train")
        try cmrc(run, name, golden, options, data)
      }
    }
  }

  private static func vocabulary() throws -> PreparationVocabulary {
    try PreparationVocabulary(
      .jieba, path: nil, endOfText: nil, compatibility: .pangu, homes: PreparedRows.homes)
  }

  /// Four candidates a row; `sha256_all` is over ids, mask and label of all rows as they are written.
  private static func tnews(
    _ run: GoldenRun, _ name: String, _ golden: JSONValue, _ given: PreparationOptions,
    _ data: String
  ) throws {
    var options = given
    let shot = String((golden["shot"]?.string ?? "").prefix { $0 != "_" })
    options.examples.shots = TNEWSExamples.shotNames[shot]
    let rows = try PreparedRows.examples(try vocabulary(), options, data)
    run.check(kind, name + ":shot_text") {
      let examples = try TNEWSExamples(path: data, options.examples, compatible: true)
      return GoldenRun.difference([examples.shotText], [golden["shot_text"]?.string ?? "?"])
    }
    run.check(kind, name + ":sha256_all") {
      guard rows.count == golden["rows"]?.int else { return "\(rows.count) rows" }
      var hash = SHA256()
      for row in rows {
        for column in ["input_ids", "attention_mask", "labels"] {
          let values = (row[column] ?? []).map(\.littleEndian)
          values.withUnsafeBytes { hash.update($0) }
        }
      }
      let digest = hash.hexDigest()
      return golden["sha256_all"]?.string?.hasSuffix(" " + digest) == true ? nil : digest
    }
    for (number, item) in (golden["items"]?.array ?? []).enumerated() {
      run.check(kind, "\(name):\(number)") {
        guard number < rows.count else { return "there are only \(rows.count) rows" }
        guard rows[number]["labels"] == [Int32(item["label"]?.int ?? -1)] else { return "label" }
        for (candidate, wanted) in (item["ids"]?.array ?? []).enumerated() {
          let range = candidate * length..<(candidate + 1) * length
          let ids = Array((rows[number]["input_ids"] ?? [])[range])
          let ours = Array(ids.prefix(wanted.array?.count ?? 0))
          if let difference = GoldenRun.difference(ours, numbers(wanted)) {
            return "candidate \(candidate): \(difference)"
          }
        }
        return nil
      }
    }
  }

  /// The prompts for 0, 1 and 5 demonstrations, the answer, and their ids.
  private static func cmrc(
    _ run: GoldenRun, _ name: String, _ golden: JSONValue, _ given: PreparationOptions,
    _ data: String
  ) throws {
    let items = golden["items"]?.array ?? []
    for (position, shots) in [0, 1, 5].enumerated() {
      var options = given
      options.examples.shots = shots
      var examples = try CMRCExamples(
        path: data, options.examples, length: length, compatible: true)
      let rows = try PreparedRows.examples(try vocabulary(), options, data)
      for (number, item) in items.enumerated() {
        run.check(kind, "\(name):\(number):\(shots)-shot") {
          guard let example = examples.nextExample(), number < rows.count else { return "no row" }
          let question = example.question
          let prompt =
            example.demonstrations.joined() + CMRCPrompt.text(question.context, question.text)
          guard prompt == item["prompts"]?.array?[position].string else { return prompt }
          guard question.answers[0] == item["answer"]?.string else { return question.answers[0] }
          let count = item["id_counts"]?.array?[position].int ?? 0
          let ids = Array((rows[number]["input_ids"] ?? []).prefix(count))
          guard PreparedRows.digest(ids) == item["ids_sha256"]?.array?[position].string else {
            return "ids: \(ids)"
          }
          return GoldenRun.difference(rows[number]["labels"] ?? [], numbers(item["label_ids"]))
        }
      }
    }
  }

  private static func numbers(_ value: JSONValue?) -> [Int32] {
    value?.array?.compactMap(\.int).map(Int32.init) ?? []
  }
}
