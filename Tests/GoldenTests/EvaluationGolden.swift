import DSXCore
import Datasets
import Evaluation
import Models
import Records
import Testing

/// The reference scores of `models` through real tasks: data set, task.yaml, requests, batches, filters,
/// metrics. Decisions equal but on margins under 1e-4, scores as their golden states.
enum EvaluationGolden {
  static func walk(_ run: GoldenRun) throws {
    guard let folder = GoldenPlaces.current.find(["models/nanogpt_zh"]) else { return }
    var homes = Homes.current()
    homes.folders = [GoldenPlaces.current.package]
    let model = EvaluatedModel(try ModelFolder.open(folder))
    try walkLabels(run, model, homes)
    try walkPanGu(run, model, homes)
    try walkAnswers(run, model, homes)
    try walkPerplexity(run, model, homes)
    try walkBlocks(run, model, homes)
    try walkGiven(run, homes)
    try walkClassifiers(run, homes)
  }

  /// A run without files: the lines and the report.
  struct Outcome {
    var lines: [JSONValue] = []
    let report: RunReport

    init(
      _ dataset: MsDataset, _ task: TaskDefinition, _ model: EvaluatedModel,
      _ options: EvaluationOptions, _ homes: Homes
    ) throws {
      let runner = try TaskRunner(
        EvaluationTarget(dataset: dataset, task: task), model, options, homes: homes)
      var lines: [JSONValue] = []
      _ = try runner.predict(progress: SilentProgress()) { lines += $0 }
      self.lines = lines
      report = try runner.report(of: lines)
    }

    func value(_ metric: String) -> Double? {
      report.results.first { $0.metric == metric }?.value
    }
  }

  static func task(_ name: String, _ homes: Homes, compat: String? = nil) throws -> TaskDefinition {
    guard let path = homes.find("datasets", name + ".yaml") else {
      throw DSXError(.missingFile, "no task \(name)")
    }
    return try TaskDefinition(path: path, compat: compat)
  }

  static func tnews(_ run: GoldenRun, _ name: String = "tnews.json") -> MsDataset {
    MsDataset(
      name: "golden", split: "validation", folder: run.path("inputs"),
      table: run.path("inputs/" + name), args: [.init("labels", "labels.json")],
      attachments: ["labels": run.path("inputs/labels.json")])
  }

  private static func walkLabels(_ run: GoldenRun, _ model: EvaluatedModel, _ homes: Homes) throws {
    guard FilePath.exists(run.path("nanogpt_zh/tnews_ddtp.json")) else { return }
    let golden = try run.json("nanogpt_zh/tnews_ddtp.json")
    for rule in LabelScoringRule.allCases {
      for bos in [BOSChoice.on, .off] {
        let name = rule.rawValue + (bos == .on ? "" : "_nobos")
        guard let wanted = golden["rules"]?[name] else { continue }
        run.check("prompt-classification-run", name) {
          var options = EvaluationOptions(bos: bos, workers: 2)
          options.rule = ScoringRule(rawValue: rule.rawValue)
          let outcome = try Outcome(
            tnews(run), try task("ddtp_zh/task", homes), model, options, homes)
          return try labels(outcome, wanted)
        }
      }
    }
  }

  private static func labels(_ outcome: Outcome, _ wanted: JSONValue) throws -> String? {
    let predictions = outcome.lines.compactMap { $0["prediction"]?.string }
    let theirs = (wanted["pred"]?.array ?? []).compactMap(\.string)
    guard predictions.count == theirs.count else { return "\(predictions.count) predictions" }
    let scores = wanted["scores"]?.array ?? []
    var close = 0
    for (index, line) in outcome.lines.enumerated() {
      let margin = line["margin"]?.double ?? 0
      if predictions[index] != theirs[index] {
        if margin >= 1e-4 { return "row \(index): \(predictions[index]), not \(theirs[index])" }
        close += 1
      }
      let ours = (line["losses"]?.object ?? []).compactMap(\.value.double)
      let others = ModelsGolden.numbers(scores[index])
      // A sum over some 30 ids may be off by 5e-5 an id.
      if let different = ModelsGolden.difference(ours, others, 5e-5 * 30) {
        return "row \(index): \(different)"
      }
    }
    for (ours, theirs) in [("accuracy", "accuracy"), ("macro-f1", "macro_f1")] where close == 0 {
      guard let mine = outcome.value(ours), let other = wanted[theirs]?.double,
        abs(mine - other) < 1e-12
      else { return "\(ours) is \(outcome.value(ours) ?? .nan)" }
    }
    return nil
  }

  /// PanGu's own recipe: 4 drawn candidates, zero and one shot, the mask that counts words.
  private static func walkPanGu(_ run: GoldenRun, _ model: EvaluatedModel, _ homes: Homes) throws {
    guard FilePath.exists(run.path("nanogpt_zh/tnews_pangu4.json")) else { return }
    let golden = try run.json("nanogpt_zh/tnews_pangu4.json")
    for (name, shots) in [("zero_shot", 0), ("one_shot", 1)] {
      guard let wanted = golden[name] else { continue }
      run.check("pangu-candidates-run", name) {
        let outcome = try Outcome(
          tnews(run), try task("ddtp_zh/task", homes, compat: "pangu"), model,
          EvaluationOptions(fewShot: shots, workers: 2), homes)
        let scores = wanted["scores"]?.array ?? []
        guard scores.count == outcome.lines.count else { return "\(outcome.lines.count) rows" }
        var close = 0
        for (index, line) in outcome.lines.enumerated() {
          let ours = (line["losses"]?.object ?? []).compactMap(\.value.double)
          let theirs = ModelsGolden.numbers(scores[index])
          if let different = ModelsGolden.difference(ours, theirs, 2e-4) {
            return "row \(index): \(different)"
          }
          if (line["margin"]?.double ?? 0) < 1e-4 { close += 1 }
          guard line["gold_index"]?.int == wanted["labels"]?.array?[index].int else {
            return "row \(index): another right place"
          }
        }
        let empty = outcome.lines.count { line in
          (line["scored_ids"]?.array ?? []).contains { $0 == 0 }
        }
        guard empty == wanted["rows_with_an_empty_mask"]?.int else {
          return "\(empty) rows with an empty mask"
        }
        guard let ours = outcome.value("accuracy"), let theirs = wanted["accuracy"]?.double,
          abs(ours - theirs) < 1e-12 + Double(close) / Double(max(1, outcome.lines.count))
        else { return "accuracy is \(outcome.value("accuracy") ?? .nan)" }
        return nil
      }
    }
  }

  /// Greedy answers and their scores.
  private static func walkAnswers(_ run: GoldenRun, _ model: EvaluatedModel, _ homes: Homes) throws
  {
    guard FilePath.exists(run.path("nanogpt_zh/cmrc_debfaq.json")) else { return }
    let golden = try run.json("nanogpt_zh/cmrc_debfaq.json")
    run.check("qa-generation-run", "cmrc_debfaq") {
      let dataset = MsDataset(
        name: "golden", split: "validation", folder: run.path("inputs"),
        table: run.path("inputs/cmrc.json"), args: [.init("format", "cmrc2018")])
      let outcome = try Outcome(
        dataset, try task("debfaq_cmrc/task", homes, compat: "mindformers"), model,
        EvaluationOptions(workers: 2), homes)
      let items = golden["items"]?.array ?? []
      guard items.count == outcome.lines.count else { return "\(outcome.lines.count) answers" }
      var close = 0
      for (item, line) in zip(items, outcome.lines) {
        let id = item["id"]?.string ?? ""
        guard line["id"]?.string == id else { return "\(id): another example" }
        // The golden counts without the begin-of-text id, or with it.
        let kept = item["prompt_ids_kept"]?.int ?? 0
        guard let tokens = line["tokens"]?.int, tokens == kept || tokens == kept + 1 else {
          return "\(id): \(line["tokens"]?.int ?? 0) ids in the prompt, not \(kept)"
        }
        let ours = (line["new_ids"]?.array ?? []).compactMap(\.int)
        let theirs = (item["new_ids"]?.array ?? []).compactMap(\.int)
        if ours != theirs {
          if (item["min_margin"]?.double ?? 0) >= 1e-3 { return "\(id): other ids" }
          close += 1
        } else if line["prediction"]?.string != item["prediction"]?.string {
          return "\(id): another text"
        }
      }
      guard close == 0 else { return nil }
      for (ours, theirs) in [("em", "Em"), ("f1", "F1")] {
        guard let mine = outcome.value(ours), let other = golden["model_scores"]?[theirs]?.double,
          abs(mine - other) < 1e-9
        else { return "\(ours) is \(outcome.value(ours) ?? .nan)" }
      }
      return nil
    }
    run.check("qa-baseline-run", "cmrc_debfaq") {
      // The golden's own baseline answers, scored as given predictions.
      let texts = (golden["items"]?.array ?? []).map { item -> JSONValue in
        ["id": item["id"] ?? .null, "prediction": item["baseline"] ?? .null]
      }
      let dataset = MsDataset(
        name: "golden", split: "validation", folder: run.path("inputs"),
        table: run.path("inputs/cmrc.json"), args: [.init("format", "cmrc2018")])
      let outcome = try given(
        texts, dataset, try task("debfaq_cmrc/task", homes, compat: "mindformers"), homes)
      for (ours, theirs) in [("em", "Em"), ("f1", "F1")] {
        guard let mine = outcome.value(ours), let other = golden["baseline"]?[theirs]?.double,
          abs(mine - other) < 1e-9
        else { return "\(ours) is \(outcome.value(ours) ?? .nan)" }
      }
      return nil
    }
  }

  /// The first 256 ids of each text, the begin-of-text id before and behind.
  private static func walkPerplexity(_ run: GoldenRun, _ model: EvaluatedModel, _ homes: Homes)
    throws
  {
    for name in ["ppl_handbook", "ppl_debfaq", "ppl_tang"] {
      let file = "nanogpt_zh/\(name).json"
      guard FilePath.exists(run.path(file)) else { continue }
      let golden = try run.json(file)
      run.check("perplexity-run", name) {
        let items = golden["items"]?.array ?? []
        let rows = items.map { item -> [Int32] in
          (item["ids"]?.array ?? []).compactMap { $0.int.map { Int32($0) } }
        }
        let outcome = try records(rows, try task("_tasks/records_perplexity", homes), model, homes)
        for (index, line) in outcome.lines.enumerated() {
          let ours = (line["token_nll"]?.array ?? []).compactMap(\.double)
          let theirs = ModelsGolden.numbers(items[index]["token_nll"] ?? .null)
          if let different = ModelsGolden.difference(ours, theirs, 5e-5) {
            return "text \(index): \(different)"
          }
        }
        return relative(outcome.value("token-perplexity"), golden["ppl"]?.double)
      }
    }
  }

  /// Rows of 129 ids in a record file, as a corpus and as MindFormers' mean of batches.
  private static func walkBlocks(_ run: GoldenRun, _ model: EvaluatedModel, _ homes: Homes) throws {
    let file = "nanogpt_zh/ppl_blocks129.json"
    guard FilePath.exists(run.path(file)) else { return }
    let golden = try run.json(file)
    let rows = (golden["blocks"]?.array ?? []).map { row in
      (row.array ?? []).compactMap { $0.int.map { Int32($0) } }
    }
    run.check("perplexity-blocks-run", "corpus") {
      let outcome = try records(rows, try task("_tasks/records_perplexity", homes), model, homes)
      let wanted = ModelsGolden.numbers(golden["sum_nll"] ?? .null)
      let ours = outcome.lines.compactMap { $0["nll"]?.double }
      return ModelsGolden.difference(ours, wanted, 128 * 5e-5)
        ?? relative(outcome.value("token-perplexity"), golden["ppl"]?.double)
    }
    run.check("perplexity-blocks-run", "batches") {
      let outcome = try records(
        rows, try task("_tasks/records_perplexity", homes, compat: "mindformers"), model, homes)
      return relative(
        outcome.value("batch-perplexity"),
        golden["ppl_mean_of_block_means_over_batches_of_8"]?.double)
    }
  }

  private static func relative(_ ours: Double?, _ theirs: Double?) -> String? {
    guard let ours, let theirs, abs(ours / theirs - 1) < 1e-5 else {
      return "the perplexity is \(ours ?? .nan), not \(theirs ?? .nan)"
    }
    return nil
  }

  /// Rows of ids through a record file on disk.
  private static func records(
    _ rows: [[Int32]], _ task: TaskDefinition, _ model: EvaluatedModel, _ homes: Homes
  ) throws -> Outcome {
    try scratch { folder in
      let path = folder + "/rows.mindrecord"
      let schema = Schema([Field("input_ids", .int32, shape: [-1])])
      var writer = try RecordWriter(path: path, schema: RecordSchema(schema))
      for row in rows {
        try writer.append(
          Batch(schema: schema, columns: [Column(.int32(row), offsets: [0, row.count])]))
      }
      let file = try writer.finish().files[0]
      let dataset = MsDataset(
        name: "rows", split: "train", folder: folder, content: .records(file))
      return try Outcome(dataset, task, model, EvaluationOptions(workers: 2), homes)
    }
  }

  static func scratch<Result>(_ body: (String) throws -> Result) throws -> Result {
    let place = try TemporaryFolder()
    defer { withExtendedLifetime(place) {} }
    return try body(place.folder)
  }

  /// A task's scores of given predictions.
  static func given(
    _ predictions: [JSONValue], _ dataset: MsDataset, _ task: TaskDefinition, _ homes: Homes
  ) throws -> Outcome {
    try scratch { folder in
      let text = predictions.map { $0.text() + "\n" }.joined()
      try FilePath.write(Array(text.utf8), to: folder + "/given.jsonl")
      return try Outcome(
        dataset, task, EvaluatedModel(try GivenPredictions(path: folder + "/given.jsonl")),
        EvaluationOptions(), homes)
    }
  }
}
