import DSXCore

@testable import Preparation

/// `prepare/prompt_tasks`: TNEWS, CMRC2018 and wikitext rows of MindFormers' original scripts.
enum PromptTasksGolden {
  static func walk(_ run: GoldenRun) throws {
    let folder = FilePath.join(run.folder, "prompt_tasks")
    guard FilePath.isFolder(folder) else { return }
    for file in try FilePath.list(folder) {
      let name = "prompt_tasks/" + file
      switch file {
      case "cmrc.jsonl": try cmrc(run, name)
      case "numpy_rng.json": try random(run, name)
      case "gpt2_wikitext2_passages.json":
        run.check("prompt_tasks", name) { try passages(run, name) }
      case let file where file.hasPrefix("tnews_") && file.hasSuffix(".jsonl"):
        try tnews(run, name)
      case "tnews_dev.json", "tnews_labels.json", "cmrc_dev.json", "cmrc_train.json": continue
      default: run.skip("prompt_tasks", name)
      }
    }
  }

  private static func vocabulary(_ run: GoldenRun) throws -> PreparationVocabulary {
    try PreparationVocabulary(
      .jieba, path: run.path("models/pangu_bpe_4k.model"), endOfText: nil, compatibility: .pangu,
      homes: PreparedRows.homes)
  }

  /// `tnews_KIND_shot_LN.jsonl`: the demonstrations, then `label`, `ids`, `mask` of each row.
  private static func tnews(_ run: GoldenRun, _ name: String) throws {
    let words = name.dropLast(6).split(separator: "_")
    var options = PreparationOptions(inputs: [])
    options.task = .tnews
    options.compatibility = .pangu
    options.sequenceLength = Int(words.last?.dropFirst() ?? "") ?? 0
    options.examples.shots = TNEWSExamples.shotNames[words.count > 3 ? String(words[2]) : ""]
    options.examples.labels = run.path("prompt_tasks/tnews_labels.json")
    let dev = run.path("prompt_tasks/tnews_dev.json")
    let lines = try run.jsonLines(name)
    run.check("prompt_tasks", name + ":shot_text") {
      let examples = try TNEWSExamples(path: dev, options.examples, compatible: true)
      return examples.shotText == lines.first?["shot_text"]?.string ? nil : examples.shotText
    }
    let rows = try PreparedRows.examples(try vocabulary(run), options, dev)
    for (number, line) in lines.dropFirst().enumerated() {
      run.check("prompt_tasks", "\(name):\(number)") {
        guard number < rows.count else { return "there are only \(rows.count) rows" }
        let row = rows[number]
        guard row["labels"] == [Int32(line["label"]?.int ?? -1)] else { return "label" }
        let length = options.sequenceLength
        for (candidate, wanted) in (line["ids"]?.array ?? []).enumerated() {
          let range = candidate * length..<(candidate + 1) * length
          let ids = Array((row["input_ids"] ?? [])[range])
          let mask = Array((row["attention_mask"] ?? [])[range])
          let golden = wanted.array?.compactMap(\.int).map(Int32.init) ?? []
          guard ids == golden + repeatElement(6, count: length - golden.count) else {
            return "ids of candidate \(candidate): \(ids)"
          }
          let place = line["mask"]?.array?[candidate].array?.compactMap(\.int) ?? []
          let ones = mask.filter { $0 == 1 }.count
          let first = mask.firstIndex(of: 1) ?? -1
          guard place == [first, ones],
            mask.dropFirst(max(0, first)).prefix(ones).allSatisfy({ $0 == 1 })
          else { return "mask of candidate \(candidate): \(first), \(ones)" }
        }
        return line["ids"]?.array?.count == 4 ? nil : "the golden has no four candidates"
      }
    }
  }

  /// Each line: the prompts for 0, 1 and 5 shots, the answer, and their ids.
  private static func cmrc(_ run: GoldenRun, _ name: String) throws {
    let lines = try run.jsonLines(name)
    for (position, shots) in [0, 1, 5].enumerated() {
      var options = PreparationOptions(inputs: [])
      options.task = .cmrc2018
      options.compatibility = .pangu
      options.sequenceLength = 1024
      options.examples.shots = shots
      options.examples.train = run.path("prompt_tasks/cmrc_train.json")
      let dev = run.path("prompt_tasks/cmrc_dev.json")
      var examples = try CMRCExamples(path: dev, options.examples, length: 1024, compatible: true)
      let rows = try PreparedRows.examples(try vocabulary(run), options, dev)
      for (number, line) in lines.enumerated() {
        run.check("prompt_tasks", "\(name):\(number):\(shots)-shot") {
          guard let example = examples.nextExample(), number < rows.count else { return "no row" }
          let question = example.question
          let prompt =
            example.demonstrations.joined() + CMRCPrompt.text(question.context, question.text)
          guard prompt == line["prompts"]?.array?[position].string else { return prompt }
          func ids(_ value: JSONValue?) -> [Int32] {
            value?.array?.compactMap(\.int).map(Int32.init) ?? []
          }
          let golden = ids(line["ids"]?.array?[position])
          let row = rows[number]
          let padding = repeatElement(Int32(6), count: max(0, 1024 - golden.count))
          guard row["input_ids"] == golden + padding else {
            return "ids: \(row["input_ids"] ?? [])"
          }
          guard question.answers[0] == line["answer"]?.string else { return question.answers[0] }
          return row["labels"] == ids(line["label_ids"]) ? nil : "labels: \(row["labels"] ?? [])"
        }
      }
    }
  }

  private static func passages(_ run: GoldenRun, _ name: String) throws -> String? {
    let golden = try run.json(name).array?.compactMap(\.string) ?? []
    let file = try MappedFile(path: run.path("pangu_pipeline/inputs/wiki.txt"))
    let ours = file.withBytes { WikitextPassages.passages($0, dropsLast: true) }
      .map { String(decoding: $0, as: UTF8.self) }
    return GoldenRun.difference(ours, golden)
  }

  /// The random values that the prompts depend on.
  private static func random(_ run: GoldenRun, _ name: String) throws {
    let json = try run.json(name)
    func numbers(_ value: JSONValue?) -> [Int] { value?.array?.compactMap(\.int) ?? [] }
    run.check("prompt_tasks", name + ":default_rng(2)") {
      let golden = json["default_rng(2)"]
      var generator = PCG64(seed: 2)
      for wanted in golden?["permutation14_first5"]?.array ?? [] {
        guard generator.permutation(14) == numbers(wanted) else { return "permutation(14)" }
      }
      for wanted in golden?["permutation4_next5"]?.array ?? [] {
        guard generator.permutation(4) == numbers(wanted) else { return "permutation(4)" }
      }
      generator = PCG64(seed: 2)
      for wanted in golden?["shuffle10_then_90"]?.array ?? [] {
        var values = Array(0..<numbers(wanted).count)
        generator.shuffle(&values)
        guard values == numbers(wanted) else { return "shuffle \(values)" }
      }
      return nil
    }
    run.check("prompt_tasks", name + ":default_rng(0)") {
      var generator = PCG64(seed: 0)
      let wanted = numbers(json["default_rng(0).integers(0,2**32,8)"])
      return wanted.allSatisfy { Int(generator.next32()) == $0 } ? nil : "integers"
    }
    // The bounds are those of the prompts: 12 whole demonstrations, and so on.
    run.check("prompt_tasks", name + ":seed666.choice") {
      var legacy = MT19937(seed: 666)
      let bounds: [(UInt32, Int)] = [(12, 1), (12, 5), (1000, 5), (1, 1), (7, 5)]
      let golden = json["seed666.choice"]?.array ?? []
      guard golden.count == bounds.count else { return "\(golden.count) draws" }
      for ((bound, count), wanted) in zip(bounds, golden) {
        guard legacy.choice(bound, count) == numbers(wanted) else { return "choice(\(bound))" }
      }
      return nil
    }
    run.check("prompt_tasks", name + ":seed666.random_sample4") {
      var legacy = MT19937(seed: 666)
      let golden = json["seed666.random_sample4"]?.array?.compactMap(\.double) ?? []
      return golden.allSatisfy { legacy.unit() == $0 } && golden.count == 4 ? nil : "random_sample"
    }
  }
}
