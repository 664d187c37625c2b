public import DSXCore
internal import Metrics
internal import Models

/// The third stage: `report.json` from the lines of predictions.jsonl and the metrics' states.
struct ReportBuilder {
  private let runner: TaskRunner
  private let metrics: MetricPlan
  private var counts = ReportCounts(requested: 0, succeeded: 0, failed: 0, skipped: 0, missing: 0)
  private var failures: [ReportFailure] = []
  private var labels: LabelDetails?
  private var spreads: SpreadDetails
  private var chosen: ChosenExamples
  private var card: DataCardDetails
  private var scoring: RunScoring

  /// Failures that the report itself lists; predictions.jsonl has all.
  static let listed = 100

  init(_ runner: TaskRunner) throws(DSXError) {
    self.runner = runner
    metrics = try runner.metricPlan()
    scoring = RunScoring(metrics)
    let task = runner.target.task
    if task.request.hasLabels, task.choices == nil, task.candidates == nil,
      let table = runner.labels
    {
      labels = LabelDetails(table)
    } else if task.request.hasLabels {
      labels = LabelDetails(nil)
    }
    let main = metrics.items.first
    spreads = SpreadDetails(task, main: main)
    chosen = ChosenExamples(task, main: main, words: runner.labels)
    card = DataCardDetails(task, context: runner.context)
  }

  /// Takes one line.
  mutating func add(_ line: JSONValue) throws(DSXError) {
    counts.requested += 1
    let status = line["status"]?.string.flatMap(Answer.Status.init) ?? .failed
    switch status {
    case .ok: counts.succeeded += 1
    case .failed: counts.failed += 1
    case .skipped: counts.skipped += 1
    case .missing: counts.missing += 1
    }
    card.add(line)
    guard status == .ok else {
      if failures.count < Self.listed {
        failures.append(
          ReportFailure(
            id: line["id"].map { $0.string ?? $0.text() } ?? "", row: line["row"]?.int,
            status: ReportFailure.Status(rawValue: status.rawValue) ?? .failed,
            reason: line["reason"]?.string ?? ""))
      }
      return
    }
    counts.scoredTokens = (counts.scoredTokens ?? 0) + (line["tokens"]?.int ?? 0)
    if let new = line["new_ids"]?.array {
      counts.generatedTokens = (counts.generatedTokens ?? 0) + new.count
    }
    try scoring.add(line)
    labels?.add(line)
    spreads.add(line)
    chosen.add(line)
  }

  /// The report, the states and the examples' file.
  mutating func finish() throws(DSXError) -> (
    report: RunReport, states: [UInt8], examples: [UInt8]
  ) {
    try scoring.finish()
    let head = runner.description
    let prefix = runner.signaturePrefix
    var report = RunReport(
      identity: runner.identity, tool: runner.options.tool, dataset: head["dataset"] ?? .object([]),
      model: head["model"] ?? .object([]), tokenizer: head["tokenizer"],
      task: head["task"] ?? .object([]), settings: head["settings"] ?? .object([]),
      counts: counts, results: [])
    let rule = IntervalRule(.auto)
    if scoring.state.count > 0 {
      let score = try ScoreReport(scoring.state, rule, threads: runner.options.workers)
      report.results = score.lines.map { Self.result($0, prefix) }
      for state in scoring.slices where state.count > 0 {
        let sliced = try ScoreReport(state, rule, threads: runner.options.workers)
        report.slices += Self.slices(sliced)
      }
    } else {
      report.results = scoring.plan.items.map { item in
        ReportResult(
          metric: item.key, value: nil, unit: item.metric.unit, count: 0,
          signature: prefix + item.metric.signature, higherIsBetter: item.metric.higherIsBetter)
      }
    }
    if let labels {
      report.perClass = labels.classes
      report.confusion = labels.table
      report.reliability = labels.reliability
    }
    report.distributions = spreads.distributions
    if let table = scoring.state.tables.first { report.slices += try spreads.byLength(table) }
    report.totals = spreads.totals
    report.examples = chosen.tables(runner.target.dataset)
    report.dataCard = card.card
    report.failures = failures
    var states: [UInt8] = []
    try scoring.state.json().write(into: &states)
    states.append(0x0a)
    return (report, states, scoring.examples)
  }

  static func result(_ line: ScoreReport.Line, _ prefix: String) -> ReportResult {
    // What is below the rounding of the replicates is no spread at all.
    let noise = 1e-12 * max(1, abs(line.value ?? 0))
    let error = line.interval?.standardError.map { $0 < noise ? 0 : $0 }
    return ReportResult(
      metric: line.key, value: line.value, unit: line.unit, standardError: error,
      standardErrorMethod: error == nil ? nil : line.interval?.method,
      interval: line.interval.map {
        ReportInterval(low: $0.low, high: $0.high, level: $0.level, method: $0.method)
      }, count: line.count, signature: prefix + line.signature,
      higherIsBetter: line.higherIsBetter)
  }

  private static func slices(_ score: ScoreReport) -> [SliceScores] {
    score.lines.indices.map { place in
      SliceScores(
        by: score.sliceColumn ?? "", metric: score.lines[place].key,
        higherIsBetter: score.lines[place].higherIsBetter,
        groups: score.slices.map { slice in
          let line = slice.lines[place]
          return SliceScores.Group(
            name: slice.value, count: line.count, value: line.value,
            standardError: line.interval?.standardError)
        })
    }
  }
}

extension TaskRunner {
  /// What goes before every metric's own signature.
  var signaturePrefix: String {
    let task = target.task
    var parts = ["task:\(task.name).\(task.version)"]
    if let variant = task.variant { parts.append("compat:" + variant) }
    if let rule { parts.append("rule:" + rule.rawValue) }
    if case .model(.language) = model.source { parts.append("bos:" + (bos == nil ? "no" : "yes")) }
    if task.request == .rollingLogLikelihood {
      parts.append("context:\(context)")
      parts.append("stride:\(options.stride ?? context)")
    }
    if task.request == .span, case .model = model.source {
      parts.append("window:\(SpanOptions().maximumTokens)")
      parts.append("stride:\(options.stride ?? SpanOptions().stride)")
    }
    if let shots = task.fewShot {
      parts.append("shots:\(options.fewShot ?? shots.count)")
      parts.append("seed:\(options.seed ?? task.seed)")
    }
    if options.computeType != .float32 { parts.append("dtype:" + options.computeType.rawValue) }
    if let limit = options.limit { parts.append("limit:\(limit)") }
    if let sample = options.sample { parts.append("sample:\(sample).\(options.sampleSeed)") }
    return parts.joined(separator: "|") + "|"
  }
}

extension TaskRunner {
  /// The report of lines that `predict` gave, without files and without `runtime`.
  public func report(of lines: [JSONValue]) throws(DSXError) -> RunReport {
    var builder = try ReportBuilder(self)
    for line in lines { try builder.add(line) }
    return try builder.finish().report
  }
}
