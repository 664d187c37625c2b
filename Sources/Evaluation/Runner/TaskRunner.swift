public import DSXCore
internal import Datasets
internal import Metrics
public import Models

/// Runs one task over one data set with one model: requests, batches, model, results, metrics.
///
/// Everything that a user can choose wrongly is checked by `init`; `run` does the work. The report is
/// the same for any number of workers.
public struct TaskRunner: Sendable {
  /// Data set and task.
  public let target: EvaluationTarget
  /// The model with its tokenizer.
  public let model: LoadedModel
  /// The options, with defaults filled in.
  public let options: EvaluationOptions
  /// SHA-256 over all that decides the scores: two runs with the same identity give the same report.
  public let identity: String
  private let rule: LabelScoringRule?
  private let bos: Int32?
  private let head: [JSONValue.Member]
  private let homes: Homes

  /// A runner. Throws `usage` for options that do not fit the task or the model.
  public init(
    _ target: EvaluationTarget, _ model: LoadedModel, _ options: EvaluationOptions, homes: Homes
  ) throws(DSXError) {
    self.target = target
    self.model = model
    self.options = options
    self.homes = homes
    let task = target.task
    guard options.workers >= 1 else {
      throw DSXError(.usage, "--workers must be at least 1")
    }
    if let limit = options.limit, limit < 1 {
      throw DSXError(.usage, "--limit must be at least 1")
    }
    switch task.request {
    case .logLikelihood:
      rule = options.rule ?? task.rule
      guard options.stride == nil else {
        throw DSXError(.usage, "--stride means nothing for the task '\(task.name)'")
      }
    case .rollingLogLikelihood:
      rule = nil
      guard options.rule == nil else {
        throw DSXError(
          .usage, "--rule means nothing for the task '\(task.name)'",
          hint: "rules choose a label; this task measures perplexity")
      }
    }
    let stride = task.request == .rollingLogLikelihood ? options.stride ?? model.context : nil
    if let stride { _ = try RollingWindows(count: 0, context: model.context, stride: stride) }
    switch options.bos {
    case .off: bos = nil
    case .auto: bos = model.addBOS ? model.bosID : nil
    case .on:
      guard let id = model.bosID else {
        throw DSXError(
          .usage, "the model '\(model.model.info.name)' names no begin-of-text id",
          hint: "leave out --bos on")
      }
      bos = id
    }
    head = try Self.head(target, model, options, rule: rule, bos: bos, stride: stride)
    identity = SHA256.hex(JSONValue.object(head).text())
  }

  /// Runs the task. `write` gets a line of predictions.jsonl for every example, in order.
  ///
  /// Throws `nothingToDo` for a data set without rows. Examples that fail do not stop the run.
  public func run(
    progress: any ProgressSink, write: (JSONValue) throws(DSXError) -> Void
  ) throws(DSXError) -> EvaluationOutcome {
    let batcher = LikelihoodBatcher(model: model.model, workers: options.workers)
    let results: [MetricResult]
    let details: [JSONValue.Member]
    let tally: RunTally
    if let rule {
      var run = try ClassificationRun(
        target, model, rule: rule, bos: bos, limit: options.limit, homes: homes)
      try run.run(batcher, progress: progress, write: write)
      (results, details, tally) = (run.results(), run.details(), run.tally)
    } else {
      var run = try PerplexityRun(
        target, model, bos: bos, stride: options.stride, limit: options.limit)
      try run.run(batcher, progress: progress, write: write)
      (results, details, tally) = (run.results(), run.details(), run.tally)
    }
    guard tally.requested > 0 else {
      throw DSXError(
        .nothingToDo, "the split '\(target.dataset.split)' has no rows", file: target.dataset.table)
    }
    let report = EvaluationReport.value(
      identity: identity, head: head, prefix: signaturePrefix, results: results, details: details,
      tally: tally)
    return EvaluationOutcome(
      report: report, requested: tally.requested, failed: tally.failed, scoredTokens: tally.tokens)
  }

  /// What goes before every metric's own signature.
  private var signaturePrefix: String {
    var parts = ["task:\(target.task.name).\(target.task.version)"]
    if let rule { parts.append("rule:" + rule.rawValue) }
    parts.append("bos:" + (bos == nil ? "no" : "yes"))
    if rule == nil {
      parts.append("context:\(model.context)")
      parts.append("stride:\(options.stride ?? model.context)")
    }
    if let limit = options.limit { parts.append("limit:\(limit)") }
    return parts.joined(separator: "|")
  }

  /// The settings and fingerprints of a run, in the report's order.
  private static func head(
    _ target: EvaluationTarget, _ loaded: LoadedModel, _ options: EvaluationOptions,
    rule: LabelScoringRule?, bos: Int32?, stride: Int?
  ) throws(DSXError) -> [JSONValue.Member] {
    let (dataset, info) = (target.dataset, loaded.model.info)
    var settings: [JSONValue.Member] = []
    if let rule { settings.append(.init("rule", .string(rule.rawValue))) }
    settings.append(.init("bos", bos.map { .int(Int64($0)) } ?? .null))
    settings.append(.init("context", .int(Int64(loaded.context))))
    if let stride { settings.append(.init("stride", .int(Int64(stride)))) }
    settings.append(.init("limit", options.limit.map { .int(Int64($0)) } ?? .null))
    return [
      .init("tool", .string(options.tool)),
      .init(
        "dataset",
        .object([
          .init("name", .string(dataset.name)), .init("namespace", .string(dataset.namespace)),
          .init("version", .string(dataset.version)), .init("subset", .string(dataset.subset)),
          .init("split", .string(dataset.split)),
          .init("fingerprint", .string(try dataset.fingerprint())),
        ])),
      .init(
        "model",
        .object([
          .init("name", .string(info.name)), .init("architecture", .string(info.architecture)),
          .init("parameters", .int(Int64(info.parameters))),
          .init("stored_type", .string(info.storedType)),
          .init("vocabulary_size", .int(Int64(info.vocabularySize))),
          .init("positions", .int(Int64(info.context))),
          .init("fingerprint", .string(info.fingerprint)),
          .init(
            "configuration_fingerprint",
            .string(
              try fingerprint(loaded.folder, ["config.json", "configuration.json"]))),
        ])),
      .init(
        "tokenizer",
        .object([
          .init("vocabulary_size", .int(Int64(loaded.tokenizer.vocabularySize))),
          .init(
            "fingerprint",
            .string(try fingerprint(loaded.folder, try tokenizerFiles(loaded.folder)))),
        ])),
      .init("task", target.task.json),
      .init("task_hash", .string(target.task.hash)),
      .init("settings", .object(settings)),
    ]
  }

  /// The files of a model folder that decide the ids; `configuration.json` may name one more.
  private static func tokenizerFiles(_ folder: String) throws(DSXError) -> [String] {
    var names = ["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json"]
    let configuration = FilePath.join(folder, "configuration.json")
    if FilePath.exists(configuration),
      let own = try JSONParser.parse(file: configuration)["preprocessor"]?["tokenizer"]?.string,
      FilePath.isPlainName(own), !names.contains(own)
    {
      names.append(own)
    }
    return names
  }

  /// SHA-256 over those of the files that are there: `NAME LF BYTES LF` before each one's content.
  private static func fingerprint(_ folder: String, _ names: [String]) throws(DSXError) -> String {
    var hash = SHA256()
    for name in names {
      let path = FilePath.join(folder, name)
      guard FilePath.exists(path) else { continue }
      let file = try MappedFile(path: path)
      hash.update("\(name)\n\(file.bytes.count)\n")
      file.withBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }
}

/// What came of a run.
public struct EvaluationOutcome: Sendable {
  /// The value of report.json without its `runtime` object.
  public let report: JSONValue
  /// Examples asked for.
  public let requested: Int
  /// Examples that could not be scored.
  public let failed: Int
  /// Ids that the model gave log-likelihoods for.
  public let scoredTokens: Int
}
