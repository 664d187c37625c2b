internal import DSXCore
internal import Evaluation

/// The command line that gives the same numbers again: everything that was chosen, and no default.
enum EvalCommandLine {
  static func text(_ cell: EvaluationCell) -> String {
    let chosen = cell.options
    func number(_ value: Int?) -> String? { value.map { String($0) } }
    var options: [(name: String, value: String?)] = [
      ("model", cell.model), ("predictions", cell.predictions), ("dataset", cell.dataset),
      ("task", cell.task), ("subset", cell.subset), ("split", cell.split),
      ("version", cell.version), ("compat", cell.compat), ("model-task", cell.modelTask),
      ("backbone", cell.backbone), ("rule", chosen.rule?.rawValue), ("bos", chosen.bos?.rawValue),
      ("few-shot", number(chosen.fewShot)), ("seed", chosen.seed.map { String($0) }),
      ("stride", number(chosen.stride)), ("max-tokens", number(chosen.maximumTokens)),
      ("candidates", number(chosen.candidates)), ("on-long", chosen.onLong?.rawValue),
      ("limit", number(chosen.limit)), ("sample", number(chosen.sample)),
    ]
    if chosen.sample != nil { options.append(("sample-seed", String(chosen.sampleSeed))) }
    if chosen.batchTokens != EvaluationOptions.batchTokens {
      options.append(("batch-tokens", String(chosen.batchTokens)))
    }
    if chosen.computeType != .float32 { options.append(("dtype", chosen.computeType.rawValue)) }
    if !chosen.metrics.isEmpty {
      let words = chosen.metrics.map { $0.key == $0.metric ? $0.metric : $0.key + "=" + $0.metric }
      options.append(("metrics", words.joined(separator: ",")))
      for metric in chosen.metrics {
        for setting in metric.settings {
          let value = setting.value.string ?? setting.value.text()
          options.append(("set", "\(metric.key).\(setting.name)=\(value)"))
        }
      }
    }
    for column in chosen.by { options.append(("by", column)) }
    let line = options.reduce("dsx eval") { line, option in
      option.value.map { line + " --\(option.name) " + ShellWord.quoted($0) } ?? line
    }
    return chosen.sharesPrefixes ? line : line + " --no-share-prefixes"
  }
}
