import DSXCore
import Datasets
import Evaluation
import Models
import Testing

/// `models/nanogpt_zh/tnews_ddtp.json` through the real task runner: data set, task.yaml, prompts,
/// batches, rules, metrics. Accuracies and macro-F1 equal, predictions equal but on margins under 1e-4.
enum EvaluationGolden {
  static func walk(_ run: GoldenRun) throws {
    guard FilePath.exists(run.path("nanogpt_zh/tnews_ddtp.json")),
      let folder = GoldenPlaces.current.find(["models/nanogpt_zh"])
    else { return }
    let golden = try run.json("nanogpt_zh/tnews_ddtp.json")
    let loaded = try ModelFolder.open(folder)
    var homes = Homes.current()
    homes.folders = [GoldenPlaces.current.package]
    for rule in LabelScoringRule.allCases {
      for bos in [BOSChoice.on, .off] {
        let name = rule.rawValue + (bos == .on ? "" : "_nobos")
        guard let wanted = golden["rules"]?[name] else { continue }
        run.check("prompt-classification-run", name) {
          try difference(rule, bos, wanted, golden, loaded, run, homes)
        }
      }
    }
  }

  private static func difference(
    _ rule: LabelScoringRule, _ bos: BOSChoice, _ wanted: JSONValue, _ golden: JSONValue,
    _ loaded: LoadedModel, _ run: GoldenRun, _ homes: Homes
  ) throws -> String? {
    let task = try EvaluationTarget.find(dataset: "ddtp_zh", homes: homes).task
    let dataset = MsDataset(
      name: "golden", split: "validation", folder: run.path("inputs"),
      table: run.path("inputs/tnews.json"), args: [.init("labels", "labels.json")],
      attachments: ["labels": run.path("inputs/labels.json")])
    let runner = try TaskRunner(
      EvaluationTarget(dataset: dataset, task: task), loaded,
      EvaluationOptions(rule: rule, bos: bos, workers: 2), homes: homes)
    var lines: [JSONValue] = []
    let outcome = try runner.run(progress: SilentProgress()) { lines.append($0) }
    guard outcome.failed == 0 else { return "\(outcome.failed) examples failed" }
    let predictions = lines.compactMap { $0["prediction"]?.string }
    let theirs = (wanted["pred"]?.array ?? []).compactMap(\.string)
    guard predictions.count == theirs.count else { return "\(predictions.count) predictions" }
    let scores = wanted["scores"]?.array ?? []
    var close = 0
    for (index, line) in lines.enumerated() {
      let margin = line["margin"]?.double ?? 0
      if predictions[index] != theirs[index] {
        if margin >= 1e-4 { return "row \(index): \(predictions[index]), not \(theirs[index])" }
        close += 1
      }
      let ours = (line["scores"]?.object ?? []).compactMap(\.value.double)
      let others = ModelsGolden.numbers(scores[index])
      // A sum over some 30 ids may be off by 5e-5 an id.
      if let different = ModelsGolden.difference(ours, others, 5e-5 * 30) {
        return "row \(index): \(different)"
      }
    }
    let results = outcome.report["results"]
    for (ours, theirs) in [("accuracy", "accuracy"), ("macro_f1", "macro_f1")] where close == 0 {
      guard let mine = results?[ours]?["value"]?.double, let other = wanted[theirs]?.double,
        abs(mine - other) < 1e-12
      else { return "\(ours) is \(results?[ours]?.text() ?? "missing")" }
    }
    return nil
  }
}
