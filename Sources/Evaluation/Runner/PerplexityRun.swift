internal import DSXCore
internal import Datasets
internal import Metrics
internal import Models
internal import Reports
internal import Text

/// Perplexity: each document on its own, every token exactly once, in rolling windows.
struct PerplexityRun {
  private let task: TaskDefinition
  private let dataset: MsDataset
  private let bos: Int32?
  private let context: Int
  private let step: Int
  private let limit: Int?
  private var encoder: any TokenEncoder

  private(set) var tally = RunTally()
  private var statistics = LikelihoodStatistics()
  private var windows = 0
  private var means: [Double] = []
  private var hardest: [(mean: Double, row: Int, line: JSONValue)] = []
  /// Documents that the report shows, the least expected first.
  private static let shown = 10

  init(
    _ target: EvaluationTarget, _ loaded: LoadedModel, bos: Int32?, stride: Int?, limit: Int?
  ) throws(DSXError) {
    task = target.task
    dataset = target.dataset
    self.bos = bos
    context = loaded.context
    step = stride ?? context
    self.limit = limit
    encoder = loaded.tokenizer.makePlainTextEncoder()
    // A wrong stride is told before any work.
    _ = try RollingWindows(count: 0, context: context, stride: step)
  }

  mutating func run(
    _ batcher: LikelihoodBatcher, progress: any ProgressSink,
    write: (JSONValue) throws(DSXError) -> Void
  ) throws(DSXError) {
    var reader = try ExampleReader(dataset, columns: [task.text], id: task.id, limit: limit)
    let total = try dataset.rowCount().map { min($0, limit ?? $0) } ?? limit
    while let examples = try reader.next() {
      var pending: [(example: Example, ids: [Int32])] = []
      var tokens = 0
      for example in examples {
        let ids = (bos.map { [$0] } ?? []) + encoder.encode(example.values[task.text] ?? "")
        pending.append((example, ids))
        tokens += ids.count
        if tokens >= LikelihoodBatcher.tokenBudget {
          try score(pending, batcher, write)
          (pending, tokens) = ([], 0)
        }
        progress.report(
          Progress(phase: "evaluating", done: tally.requested, total: total, unit: "documents"))
      }
      try score(pending, batcher, write)
    }
  }

  private mutating func score(
    _ documents: [(example: Example, ids: [Int32])], _ batcher: LikelihoodBatcher,
    _ write: (JSONValue) throws(DSXError) -> Void
  ) throws(DSXError) {
    var sequences: [[Int32]] = []
    var cuts: [[RollingWindows.Window]] = []
    for document in documents {
      let cut = try RollingWindows(count: document.ids.count, context: context, stride: step)
      cuts.append(cut.windows)
      sequences += cut.windows.map { Array(document.ids[$0.ids]) }
    }
    let scores = try batcher.score(sequences)
    var next = 0
    for (document, cut) in zip(documents, cuts) {
      var likelihoods: [Double] = []
      likelihoods.reserveCapacity(document.ids.count)
      for window in cut {
        likelihoods += scores[next].suffix(window.targets.count)
        next += 1
      }
      windows += cut.count
      try write(try judge(document.example, document.ids, likelihoods))
    }
  }

  private mutating func judge(_ example: Example, _ ids: [Int32], _ likelihoods: [Double])
    throws(DSXError) -> JSONValue
  {
    guard !likelihoods.isEmpty else {
      return tally.fail(example, "the text has no token to predict")
    }
    let text = example.values[task.text] ?? ""
    let nll = -likelihoods.reduce(0, +)
    let document = ScoredDocument(
      negativeLogLikelihood: nll, tokens: likelihoods.count, text: text)
    do { try statistics.add(document) } catch { return tally.fail(example, error.message) }
    tally.succeed()
    tally.tokens += likelihoods.count
    let mean = nll / Double(likelihoods.count)
    means.append(mean)
    remember(mean, example, text, likelihoods.count)
    return .object([
      .init("id", example.id), .init("nll", .double(nll)),
      .init("tokens", .int(Int64(document.tokens))), .init("words", .int(Int64(document.words))),
      .init("bytes", .int(Int64(document.bytes))),
      .init("input_hash", .string(SHA256.hex(text))),
      .init("token_nll", .array(likelihoods.map { .double(-$0) })),
      .init("input_ids", .array(ids.map { .int(Int64($0)) })),
    ])
  }

  private mutating func remember(_ mean: Double, _ example: Example, _ text: String, _ count: Int) {
    let line: JSONValue = .object([
      .init("id", example.id), .init("mean_nll", .double(mean)),
      .init("tokens", .int(Int64(count))),
      .init("text", .string(String(String.UnicodeScalarView(text.unicodeScalars.prefix(200))))),
    ])
    hardest.append((mean, example.row, line))
    hardest.sort { ($1.mean, $0.row) < ($0.mean, $1.row) }
    if hardest.count > Self.shown { hardest.removeLast() }
  }

  /// The metrics that the task names.
  func results() -> [MetricResult] {
    task.metrics.compactMap { name in
      switch name {
      case "token-perplexity": Perplexity(.token).result(from: statistics)
      case "word-perplexity": Perplexity(.word).result(from: statistics)
      case "byte-perplexity": Perplexity(.byte).result(from: statistics)
      case "bits-per-byte": BitsPerByte().result(from: statistics)
      default: nil
      }
    }
  }

  /// What the report shows besides the metrics.
  func details() -> [JSONValue.Member] {
    [
      .init(
        "totals",
        .object([
          .init("nll", .double(statistics.negativeLogLikelihood)),
          .init("tokens", .int(Int64(statistics.total(.token)))),
          .init("words", .int(Int64(statistics.total(.word)))),
          .init("bytes", .int(Int64(statistics.total(.byte)))),
          .init("windows", .int(Int64(windows))),
        ])),
      .init(
        "mean_nll",
        HistogramJSON.value(
          Histogram(
            of: means, bins: 20, axis: "nats a token", unit: "documents",
            summary: "mean negative log-likelihood of each document"))),
      .init("hardest", .array(hardest.map(\.line))),
    ]
  }
}
