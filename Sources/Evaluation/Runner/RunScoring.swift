internal import DSXCore
internal import Metrics

/// The second stage: the metrics' statistics of the lines of predictions.jsonl.
struct RunScoring {
  /// The plan's metrics.
  let plan: ScorePlan
  /// All examples, without slices.
  private(set) var state: ScoreState
  /// A state for each slice column.
  private(set) var slices: [ScoreState] = []
  /// The lines of examples.jsonl.
  private(set) var examples: [UInt8] = []
  private let metrics: MetricPlan
  private let task: TaskDefinition
  private var rows: [MetricRow] = []
  private var ids: [String] = []
  private var clusters: [String] = []
  private var columns: [[String]]
  private var waiting: [JSONValue] = []
  private var count = 0

  init(_ metrics: MetricPlan) {
    self.metrics = metrics
    task = metrics.task
    plan = ScorePlan(items: metrics.items, keepsExamples: true)
    let cluster = metrics.isBatched ? nil : task.cluster
    state = ScoreState(plan, clusterColumn: cluster)
    let names = metrics.isBatched ? [] : metrics.task.slices
    columns = names.map { _ in [] }
    for name in names {
      slices.append(ScoreState(plan, sliceColumn: name, clusterColumn: cluster))
    }
    ExampleFile.head(plan, sliceColumn: nil, clusterColumn: cluster).write(into: &examples)
    examples.append(0x0a)
  }

  /// Takes a line with the status `ok`.
  mutating func add(_ line: JSONValue) throws(DSXError) {
    if metrics.isBatched {
      waiting.append(line)
      if waiting.count == task.batchRows ?? 1 { try closeBatch() }
      return
    }
    rows.append(metrics.row(line))
    ids.append(line["id"].map { $0.string ?? $0.text() } ?? "")
    if task.cluster != nil { clusters.append(line["cluster"]?.string ?? "") }
    for (place, name) in task.slices.enumerated() {
      columns[place].append(line["slices"]?[name]?.string ?? "")
    }
    if rows.count == 256 { try drain() }
  }

  private mutating func closeBatch() throws(DSXError) {
    guard !waiting.isEmpty else { return }
    rows.append(MetricPlan.batch(waiting))
    ids.append("batch \(count + rows.count - 1)")
    waiting = []
    if rows.count == 256 { try drain() }
  }

  private mutating func drain() throws(DSXError) {
    guard !rows.isEmpty else { return }
    let part = try plan.part(
      of: ScoreBatch(firstRow: count, rows: rows, ids: ids, clusters: clusters))
    try state.add(part)
    try ExampleFile.append(part, plan, firstRow: count, to: &examples)
    for place in slices.indices {
      try slices[place].add(
        plan.part(
          of: ScoreBatch(
            firstRow: count, rows: rows, ids: ids, slices: columns[place], clusters: clusters)))
      columns[place] = []
    }
    count += rows.count
    (rows, ids, clusters) = ([], [], [])
  }

  /// Takes in what is left.
  mutating func finish() throws(DSXError) {
    try closeBatch()
    try drain()
  }
}
