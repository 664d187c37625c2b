public import DSXCore
internal import Datasets
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
}
