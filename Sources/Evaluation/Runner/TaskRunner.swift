public import DSXCore
internal import Datasets
internal import Jieba
internal import Metrics
internal import Models

/// Runs one task over one data set with one model: requests, batches, model, answers.
///
/// Everything that a user can choose wrongly is checked by `init`; `predict` does the work. The lines
/// are the same for any number of workers, and for a run that was stopped and went on.
public struct TaskRunner: Sendable {
  /// Data set and task; the task with the options that replace its own keys.
  public let target: EvaluationTarget
  /// What answers.
  public let model: EvaluatedModel
  /// The options.
  public let options: EvaluationOptions
  /// SHA-256 over all that decides the scores: two runs with the same identity give the same report.
  public let identity: String
  /// The value of `run.json`.
  public let description: JSONValue
  let labels: LabelTable?
  let rule: ScoringRule?
  let bos: Int32?
  let context: Int
  let homes: Homes

  /// A runner. Throws `usage` for options that do not fit the task or the model.
  public init(
    _ given: EvaluationTarget, _ model: EvaluatedModel, _ options: EvaluationOptions, homes: Homes
  ) throws(DSXError) {
    var target = given
    if !options.metrics.isEmpty { target.task.metrics = options.metrics }
    for column in options.by where !target.task.slices.contains(column) {
      target.task.slices.append(column)
    }
    try target.task.checkMetrics()
    self.target = target
    self.model = model
    self.options = options
    self.homes = homes
    let task = target.task
    try Self.fits(task, model)
    try Self.check(options, task, model)
    if target.dataset.argument("unlabelled")?.bool == true, task.gold != nil {
      throw DSXError(
        .usage,
        "the split '\(target.dataset.split)' of '\(target.dataset.name)' has no right answers",
        hint: "choose a labelled split, e.g. --split validation; 'dsx predict' answers without them"
      )
    }
    rule = task.request == .logLikelihood && task.ids == nil ? options.rule ?? task.rule : nil
    if task.continuation != nil, rule?.needsFrame == true {
      throw DSXError(
        .usage, "the rule \(rule?.rawValue ?? "") does not fit a task with a continuation",
        hint: "take sum, mean, characters or bytes")
    }
    (bos, context) = try Self.bos(options, task, model)
    labels = try Self.labels(target, model)
    if task.request == .rollingLogLikelihood, case .model = model.source {
      _ = try RollingWindows(count: 0, context: context, stride: options.stride ?? context)
    }
    let plan = MetricPlan(
      items: try task.metrics.map { (choice) throws(DSXError) in
        try choice.item(try Builtins.registry(), labels: [])
      }, task: task, words: labels?.words ?? [])
    try plan.check()
    let head = try Self.head(
      target, model, options, rule: rule, bos: bos, context: context, labels: labels,
      homes: homes)
    identity = SHA256.hex(JSONValue.object(head).text())
    description = .object(
      [
        .init("schema", .string(RunFiles.schema)),
        .init("schema_version", .int(Int64(RunFiles.schemaVersion))),
        .init("kind", "run"), .init("identity", .string(identity)),
      ] + head)
  }

  /// Whether the model is of the kind that the task asks.
  private static func fits(_ task: TaskDefinition, _ model: EvaluatedModel) throws(DSXError) {
    guard case .model(let opened) = model.source else { return }
    switch (task.request, opened) {
    case (.logLikelihood, .language), (.rollingLogLikelihood, .language),
      (.generateUntil, .language), (.classify, .textClassifier), (.tag, .tokenTagger),
      (.span, .spanExtractor), (.embed, .textEncoder), (.imageClassify, .imageClassifier),
      (.tableClassify, .tableClassifier):
      return
    default:
      throw DSXError(
        .usage,
        "the task '\(task.name)' asks a \(task.request.modelWord), and '\(model.name)' is none",
        hint: task.request == .given
          ? "give its predictions with --predictions" : "dsx models show \(model.path) says more")
    }
  }

  private static func check(
    _ options: EvaluationOptions, _ task: TaskDefinition, _ model: EvaluatedModel
  ) throws(DSXError) {
    for (value, name) in [
      (options.workers, "--threads"), (options.limit ?? 1, "--limit"),
      (options.sample ?? 1, "--sample"), (options.batchTokens, "--batch-tokens"),
      (options.maximumTokens ?? 1, "--max-tokens"),
    ] where value < 1 {
      throw DSXError(.usage, "\(name) must be at least 1")
    }
    guard (options.fewShot ?? 0) >= 0 else {
      throw DSXError(.usage, "--few-shot must not be negative")
    }
    func refuse(_ isGiven: Bool, _ name: String, _ hint: String) throws(DSXError) {
      guard isGiven else { return }
      throw DSXError(.usage, "\(name) means nothing for the task '\(task.name)'", hint: hint)
    }
    let isChoice = task.request == .logLikelihood
    try refuse(
      options.rule != nil && (!isChoice || task.ids != nil), "--rule",
      "rules choose among the choices of a prompt")
    try refuse(
      options.stride != nil && task.request != .rollingLogLikelihood && task.request != .span,
      "--stride", "strides are for perplexity and for spans")
    try refuse(
      options.maximumTokens != nil && task.request != .generateUntil, "--max-tokens",
      "it is for tasks that generate")
    try refuse(
      options.fewShot.map { $0 > 0 } == true && task.fewShot == nil, "--few-shot",
      "the task says nothing of demonstrations: it needs the key 'few_shot'")
    try refuse(
      options.candidates != nil && (task.ids == nil || !isChoice), "--candidates",
      "it is for rows of token ids that hold several candidates")
    if let onLong = options.onLong { try task.request.check(onLong, task: task.name) }
    guard case .given = model.source else { return }
    guard task.request != .rollingLogLikelihood else {
      throw DSXError(.usage, "perplexity needs a model, not given predictions")
    }
    try refuse(
      options.rule != nil || options.fewShot != nil || options.bos != nil || options.onLong != nil,
      "a model's option",
      "with --predictions there is no model: leave out --rule, --bos, --few-shot, --on-long")
  }

  private static func bos(
    _ options: EvaluationOptions, _ task: TaskDefinition, _ model: EvaluatedModel
  ) throws(DSXError) -> (Int32?, Int) {
    guard case .model(let opened) = model.source else { return (nil, 0) }
    guard case .language(let loaded) = opened else {
      guard (options.bos ?? .auto) == .auto else {
        throw DSXError(.usage, "--bos means nothing for a model that is no language model")
      }
      return (nil, opened.info.context)
    }
    // Rows of token ids are complete: nothing goes before them unless it is asked for.
    switch options.bos ?? (task.ids != nil ? .off : task.bos) {
    case .off: return (nil, loaded.context)
    case .auto: return (loaded.addBOS ? loaded.bosID : nil, loaded.context)
    case .on:
      guard let id = loaded.bosID else {
        throw DSXError(
          .usage, "the model '\(loaded.model.info.name)' names no begin-of-text id",
          hint: "leave out --bos on")
      }
      return (id, loaded.context)
    }
  }

  /// The labels: the task's, else those of the data's class folders, else the model's.
  private static func labels(_ target: EvaluationTarget, _ model: EvaluatedModel)
    throws(DSXError) -> LabelTable?
  {
    let task = target.task
    if let source = task.labels { return try LabelTable(source, target.dataset) }
    guard task.request.hasLabels, task.choices == nil, task.ids == nil else { return nil }
    if case .model = model.source {
      return try model.labels.map { (names) throws(DSXError) in try LabelTable(names: names) }
    }
    if case .images(let folder) = target.dataset.content, !folder.classes.isEmpty {
      return try LabelTable(names: folder.classes)
    }
    return nil
  }

  /// The settings and fingerprints of a run, in the order of `run.json`.
  private static func head(
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
    if task.request == .span { add("stride", options.stride) }
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
