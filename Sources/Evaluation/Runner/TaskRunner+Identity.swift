internal import DSXCore
internal import Datasets
internal import Jieba
internal import Models

extension TaskRunner {
  /// The settings and fingerprints of a run, in the order of `run.json`.
  static func head(
    _ target: EvaluationTarget, _ model: EvaluatedModel, _ options: EvaluationOptions,
    rule: ScoringRule?, bos: Int32?, context: Int, labels: LabelTable?, homes: Homes
  ) throws(DSXError) -> [JSONValue.Member] {
    let (dataset, task) = (target.dataset, target.task)
    var settings: [JSONValue.Member] = []
    func add(_ name: String, _ value: Int?) {
      if let value { settings.append(.init(name, .int(Int64(value)))) }
    }
    func add(_ name: String, text: String?) {
      if let text { settings.append(.init(name, .string(text))) }
    }
    add("compat", text: task.variant)
    add("rule", text: rule?.rawValue)
    if case .model(.language) = model.source {
      settings.append(.init("bos", bos.map { .int(Int64($0)) } ?? .null))
      add("context", context)
    }
    if task.request == .rollingLogLikelihood { add("stride", options.stride ?? context) }
    if task.request == .span, case .model = model.source {
      add("window", SpanOptions().maximumTokens)
      add("stride", options.stride ?? SpanOptions().stride)
    }
    if let shots = task.fewShot {
      add("few_shot", options.fewShot ?? shots.count)
      add("seed", text: String(options.seed ?? task.seed))
    } else if task.candidates != nil {
      add("seed", text: String(options.seed ?? task.seed))
    }
    add("candidates", options.candidates)
    if task.request == .generateUntil {
      add("max_tokens", options.maximumTokens ?? task.maximumTokens)
    }
    if case .model = model.source {
      add("on_long", text: (options.onLong ?? task.onLong).rawValue)
      add("dtype", text: options.computeType.rawValue)
      add("batch_tokens", options.batchTokens)
      settings.append(.init("shares_prefixes", .bool(options.sharesPrefixes)))
      add("memory_limit", options.memoryLimit)
    }
    settings.append(.init("limit", options.limit.map { .int(Int64($0)) } ?? .null))
    if let sample = options.sample {
      add("sample", sample)
      add("sample_seed", text: String(options.sampleSeed))
    }
    var members: [JSONValue.Member] = [
      .init("tool", .string(options.tool)),
      .init(
        "dataset",
        .object([
          .init("name", .string(dataset.name)), .init("namespace", .string(dataset.namespace)),
          .init("version", .string(dataset.version)), .init("subset", .string(dataset.subset)),
          .init("split", .string(dataset.split)),
          .init("fingerprint", .string(try dataset.fingerprint())),
        ])),
      .init("model", try model.json()),
    ]
    if let tokenizer = try model.tokenizer() { members.append(.init("tokenizer", tokenizer)) }
    members.append(
      .init("task", .object((task.json.object ?? []) + [.init("hash", .string(task.hash))])))
    members.append(.init("settings", .object(settings)))
    if let labels {
      members.append(
        .init(
          "labels",
          .array(
            zip(labels.names, labels.words).map { name, word in
              ["id": .string(name), "word": .string(word)]
            })))
    }
    if let shots = task.fewShot, (options.fewShot ?? shots.count) > 0 || shots.pool > 0,
      let split = shots.split, split != dataset.split
    {
      members.append(
        .init(
          "demonstrations",
          [
            "split": .string(split),
            "fingerprint": .string(try target.demonstrationSplit(split).fingerprint()),
          ]))
    }
    if let dictionary = try? JiebaDictionary.fingerprint(homes: homes) {
      members.append(.init("jieba", .string(dictionary)))
    }
    return members
  }
}
