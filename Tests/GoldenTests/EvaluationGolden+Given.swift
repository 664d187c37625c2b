import DSXCore
import Datasets
import Evaluation
import Models
import Testing

/// Predictions that other programs made, scored by tasks; classifiers of images and tables.
extension EvaluationGolden {
  static func walkGiven(_ run: GoldenRun, _ homes: Homes) throws {
    if FilePath.exists(run.path("ddtp_zh/nb_dev.json")) {
      let golden = try run.json("ddtp_zh/nb_dev.json")
      run.check("classification-given-run", "nb_dev") { try bayes(run, golden, homes) }
    }
    if FilePath.exists(run.path("bleu/opencc_zhcn_zhtw.json")) {
      let golden = try run.json("bleu/opencc_zhcn_zhtw.json")
      for system in ["hyp_s2tw", "hyp_s2twp"] {
        run.check("bleu-given-run", system) { try translations(golden, system, homes) }
      }
    }
    if FilePath.exists(run.path("rouge/lead1.json")) {
      let golden = try run.json("rouge/lead1.json")
      for part in ["en", "zh_char"] {
        run.check("rouge-given-run", part) { try summaries(golden, part, homes) }
      }
    }
  }

  private static func bayes(_ run: GoldenRun, _ golden: JSONValue, _ homes: Homes) throws -> String?
  {
    let said = (golden["pred"]?.array ?? []).map { label -> JSONValue in ["prediction": label] }
    var task = try task("ddtp_zh/task", homes)
    task.metrics = [
      "accuracy", "macro-precision", "macro-recall", "macro-f1", "micro-f1", "weighted-f1",
    ].map { MetricChoice($0) }
    let outcome = try given(said, tnews(run), task, homes)
    for metric in task.metrics {
      let name = metric.metric == "accuracy" ? "accuracy" : metric.metric.replacing("-", with: "_")
      guard let ours = outcome.value(metric.key), let theirs = golden[name]?.double,
        abs(ours - theirs) < 1e-12
      else { return "\(name) is \(outcome.value(metric.key) ?? .nan)" }
    }
    let rows = (golden["confusion"]?.array ?? []).map { ($0.array ?? []).compactMap(\.int) }
    return outcome.report.confusion?.rows == rows ? nil : "another confusion matrix"
  }

  private static func translations(_ golden: JSONValue, _ system: String, _ homes: Homes) throws
    -> String?
  {
    let pairs = golden["pairs"]?.array ?? []
    var task = try task("ddtp_zhcn_zhtw/task", homes)
    task.metrics = ["zh", "char", "13a", "none"].map {
      MetricChoice("bleu", key: $0, settings: [.init("tokenize", .string($0))])
    }
    task.metrics.append(MetricChoice("chrf"))
    task.id = nil
    task.filters = []
    let outcome = try scratch { folder in
      let rows = pairs.map { pair -> String in
        JSONValue.object([
          .init("src", pair["src"] ?? .null), .init("ref", pair["ref"] ?? .null),
        ]).text() + "\n"
      }
      try FilePath.write(Array(rows.joined().utf8), to: folder + "/dev.jsonl")
      let dataset = MsDataset(
        name: "golden", split: "validation", folder: folder, table: folder + "/dev.jsonl")
      return try given(
        pairs.map { ["prediction": $0[system] ?? .null] }, dataset, task, homes)
    }
    for (key, name) in [
      ("zh", "zh"), ("char", "char"), ("13a", "13a"), ("none", "none"), ("chrf", "chrf2"),
    ] {
      guard let theirs = golden["scores"]?["\(system)/\(name)"]?["score"]?.double,
        let ours = outcome.value(key), abs(ours - theirs) < 1e-9
      else { return "\(key) is \(outcome.value(key) ?? .nan)" }
    }
    return nil
  }

  private static func summaries(_ golden: JSONValue, _ part: String, _ homes: Homes) throws
    -> String?
  {
    let items = golden[part]?["items"]?.array ?? []
    var task = try task("_tasks/summary", homes)
    task.metrics = ["rouge-1", "rouge-2", "rouge-l"].map {
      MetricChoice(
        $0,
        settings: [.init("tokenize", .string(part == "en" ? "rouge" : "char"))])
    }
    task.filters = []
    let outcome = try scratch { folder in
      let rows = items.map { item -> String in
        JSONValue.object([
          .init("document", item["pkg"] ?? .null), .init("summary", item["ref"] ?? .null),
        ]).text() + "\n"
      }
      try FilePath.write(Array(rows.joined().utf8), to: folder + "/dev.jsonl")
      let dataset = MsDataset(
        name: "golden", split: "validation", folder: folder, table: folder + "/dev.jsonl")
      return try given(items.map { ["prediction": $0["hyp"] ?? .null] }, dataset, task, homes)
    }
    for (key, name) in [("rouge-1", "rouge1"), ("rouge-2", "rouge2"), ("rouge-l", "rougeL")] {
      // The golden rounds each example's three numbers to 8 decimals before it averages them.
      guard let theirs = golden[part]?["avg"]?[name]?.array?.last?.double,
        let ours = outcome.value(key), abs(ours - theirs) < 1e-8
      else { return "\(key) is \(outcome.value(key) ?? .nan)" }
    }
    return nil
  }

  static func walkClassifiers(_ run: GoldenRun, _ homes: Homes) throws {
    if FilePath.exists(run.path("digits/cnn.json")),
      let folder = GoldenPlaces.current.find(["models/digits_cnn"])
    {
      let golden = try run.json("digits/cnn.json")
      run.check("image-classification-run", "digits") {
        let target = try EvaluationTarget.find(dataset: "digits", homes: homes)
        let outcome = try Outcome(
          target.dataset, target.task,
          EvaluatedModel(try ModelFolder.openAny(folder), path: folder),
          EvaluationOptions(workers: 2), homes)
        for (ours, theirs) in [("accuracy", "accuracy"), ("macro-f1", "macro_f1")] {
          guard let mine = outcome.value(ours), let other = golden[theirs]?.double,
            abs(mine - other) < 1e-12
          else { return "\(ours) is \(outcome.value(ours) ?? .nan)" }
        }
        let rows = (golden["confusion"]?.array ?? []).map { ($0.array ?? []).compactMap(\.int) }
        return outcome.report.confusion?.rows == rows ? nil : "another confusion matrix"
      }
    }
    for name in ["iris", "wine", "breast_cancer"] {
      guard FilePath.exists(run.path("sklearn_csv/\(name)_dev.json")),
        let folder = GoldenPlaces.current.find(["models/sklearn_logreg/\(name)"])
      else { continue }
      let golden = try run.json("sklearn_csv/\(name)_dev.json")
      run.check("table-classification-run", name) {
        let dataset = MsDataset(
          name: "golden", split: "validation", folder: run.path("inputs"),
          table: run.path("inputs/\(name).csv"))
        let outcome = try Outcome(
          dataset, try task("sklearn_csv/task", homes),
          EvaluatedModel(try ModelFolder.openAny(folder), path: folder), EvaluationOptions(),
          homes)
        let said = outcome.lines.compactMap { $0["prediction_index"]?.int }
        let theirs = (golden["pred"]?.array ?? []).compactMap(\.int)
        guard said == theirs else { return "other predictions" }
        for metric in ["accuracy", "macro-precision", "macro-recall", "macro-f1", "weighted-f1"] {
          guard let ours = outcome.value(metric),
            let other = golden[metric.replacing("-", with: "_")]?.double, abs(ours - other) < 1e-12
          else { return "\(metric) is \(outcome.value(metric) ?? .nan)" }
        }
        return nil
      }
    }
  }
}
