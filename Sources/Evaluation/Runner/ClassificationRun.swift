internal import DSXCore
internal import Datasets
internal import Jieba
internal import Metrics
internal import Models
internal import Reports
internal import Text

/// Text classification by prompt: the prompt is filled with every label, the label with the smallest
/// loss is the answer, the first one of equals.
struct ClassificationRun {
  private let prompt: PromptTemplate
  private let gold: String
  private let task: TaskDefinition
  private let dataset: MsDataset
  private let labels: LabelTable
  private let rule: LabelScoringRule
  private let bos: Int32?
  private let context: Int
  private let limit: Int?
  private var encoder: any TokenEncoder
  /// Ids (bos included) and jieba words of each label's prompt with empty data fields.
  private var prefixes: [(ids: Int, words: Int)] = []

  private(set) var tally = RunTally()
  private var matrix: ConfusionMatrix
  private var margins: [Double] = []
  private var mistakes: [(margin: Double, row: Int, line: JSONValue)] = []
  /// Wrong answers that the report shows, the surest first.
  private static let shown = 20

  init(
    _ target: EvaluationTarget, _ loaded: LoadedModel, rule: LabelScoringRule, bos: Int32?,
    limit: Int?, homes: Homes
  ) throws(DSXError) {
    task = target.task
    dataset = target.dataset
    guard let prompt = task.prompt, let gold = task.gold, let source = task.labels else {
      throw DSXError(.internal, "a classification task without prompt, gold or labels")
    }
    if dataset.argument("unlabelled")?.bool == true {
      throw DSXError(
        .usage, "the split '\(dataset.split)' of '\(dataset.name)' has no labels to compare with",
        hint: "choose a labelled split, e.g. --split validation")
    }
    self.prompt = prompt
    self.gold = gold
    self.rule = rule
    self.bos = bos
    self.limit = limit
    context = loaded.context
    labels = try LabelTable(source, dataset)
    matrix = ConfusionMatrix(labelCount: labels.set.count)
    encoder = loaded.tokenizer.makePlainTextEncoder()
    // Only PanGu's mask counts words; the dictionary is not loaded for the other rules.
    var cutter = rule == .panguMask ? JiebaCutter(try JiebaDictionary.load(homes: homes)) : nil
    for word in labels.words {
      let empty = prompt.fill(["label": word])
      let ids = encoder.encode(empty).count + (bos == nil ? 0 : 1)
      prefixes.append((ids, cutter?.words(empty).count ?? 0))
    }
  }

  mutating func run(
    _ batcher: LikelihoodBatcher, progress: any ProgressSink,
    write: (JSONValue) throws(DSXError) -> Void
  ) throws(DSXError) {
    let columns = prompt.fields.filter { $0 != "label" } + [gold, task.text]
    var reader = try ExampleReader(dataset, columns: columns, id: task.id, limit: limit)
    let total = try dataset.rowCount().map { min($0, limit ?? $0) } ?? limit
    // A small slice a time keeps memory bounded and the progress moving.
    let slice = 32
    while let examples = try reader.next() {
      for start in stride(from: 0, to: examples.count, by: slice) {
        let part = Array(examples[start..<min(examples.count, start + slice)])
        try score(part, batcher, write)
        progress.report(
          Progress(
            phase: "evaluating", done: tally.requested, total: total, unit: "examples"))
      }
    }
  }

  private mutating func score(
    _ examples: [Example], _ batcher: LikelihoodBatcher,
    _ write: (JSONValue) throws(DSXError) -> Void
  ) throws(DSXError) {
    var sequences: [[Int32]] = []
    var plans: [(hash: String, failure: String?)] = []
    for example in examples {
      // An answer that can never be right is told before the model works on it.
      if let failure = labels.problem(with: example.values[gold] ?? "") {
        plans.append(("", failure))
        continue
      }
      var values = example.values
      var prompts: [[Int32]] = []
      var hash = SHA256()
      for word in labels.words {
        values["label"] = word
        let text = prompt.fill(values)
        hash.update(text + "\n")
        prompts.append((bos.map { [$0] } ?? []) + encoder.encode(text))
      }
      let failure = problem(prompts)
      if failure == nil { sequences += prompts }
      plans.append((hash.hexDigest(), failure))
    }
    let scores = try batcher.score(sequences)
    tally.tokens += scores.reduce(0) { $0 + $1.count }
    var next = 0
    for (example, plan) in zip(examples, plans) {
      if let failure = plan.failure {
        try write(tally.fail(example, failure))
        continue
      }
      let own = scores[next..<next + labels.words.count]
      next += labels.words.count
      try write(try judge(example, Array(own), plan.hash))
    }
  }

  /// Why an example cannot be scored, or nil.
  private func problem(_ prompts: [[Int32]]) -> String? {
    let longest = prompts.map(\.count).max() ?? 0
    if longest > context + 1 {
      return "a prompt has \(longest) ids, the model takes \(context + 1): nothing is cut silently"
    }
    for (ids, prefix) in zip(prompts, prefixes) {
      if ids.count < 2 { return "a prompt has no id to predict" }
      let isSentenceRule = rule == .sentenceMean || rule == .sentenceSum
      if isSentenceRule, ids.count <= prefix.ids { return "the text has no id to score" }
    }
    return nil
  }

  private mutating func judge(_ example: Example, _ scores: [[Double]], _ hash: String)
    throws(DSXError) -> JSONValue
  {
    let losses = zip(scores, prefixes).map { score, prefix in
      rule.loss(logLikelihoods: score, promptIDs: prefix.ids, promptWords: prefix.words)
    }
    guard losses.allSatisfy(\.isFinite), let chosen = LabelScoringRule.choose(losses) else {
      return tally.fail(example, "the model gave a loss that is not finite")
    }
    let right = try labels.set.index(of: example.values[gold] ?? "")
    let second = losses.indices.filter { $0 != chosen }.map { losses[$0] }.min()
    let margin = second.map { $0 - losses[chosen] } ?? 0
    try matrix.add(LabelPair(gold: right, predicted: chosen))
    margins.append(margin)
    tally.succeed()
    let names = labels.set.names
    let line: JSONValue = .object([
      .init("id", example.id), .init("gold", .string(names[right])),
      .init("prediction", .string(names[chosen])), .init("correct", .bool(right == chosen)),
      .init("scores", .object(zip(names, losses).map { .init($0, .double($1)) })),
      .init("margin", .double(margin)),
      .init("sentence", .string(example.values[task.text] ?? "")),
      .init("input_hash", .string(hash)),
    ])
    if right != chosen { remember(margin, example, line) }
    return line
  }

  private mutating func remember(_ margin: Double, _ example: Example, _ line: JSONValue) {
    let short: JSONValue = .object(
      ["id", "gold", "prediction", "margin", "sentence"].compactMap { name in
        line[name].map { .init(name, $0) }
      })
    mistakes.append((margin, example.row, short))
    mistakes.sort { ($1.margin, $0.row) < ($0.margin, $1.row) }
    if mistakes.count > Self.shown { mistakes.removeLast() }
  }

  /// The metrics that the task names.
  func results() -> [MetricResult] {
    task.metrics.compactMap { name in
      switch name {
      case "accuracy": Accuracy().result(from: HitCount(matrix))
      case "macro-f1": LabelMetric.macroF1(labels.set).result(from: matrix)
      default: nil
      }
    }
  }

  /// What the report shows besides the metrics.
  func details() -> [JSONValue.Member] {
    let names = labels.set.names
    let perClass: [JSONValue] = names.indices.map { index in
      let hits = matrix[gold: index, predicted: index]
      let support = matrix.support[index]
      let said = matrix.predictions[index]
      func ratio(_ count: Int, _ whole: Int) -> JSONValue {
        .double(whole == 0 ? 0 : Double(count) / Double(whole))
      }
      return .object([
        .init("label", .string(names[index])), .init("word", .string(labels.words[index])),
        .init("precision", ratio(hits, said)), .init("recall", ratio(hits, support)),
        .init("f1", ratio(2 * hits, said + support)), .init("support", .int(Int64(support))),
        .init("predicted", .int(Int64(said))),
      ])
    }
    return [
      .init("per_class", .array(perClass)),
      .init(
        "confusion",
        .object([
          .init("labels", .array(names.map { .string($0) })),
          .init("rows", .array(matrix.rows.map { .array($0.map { .int(Int64($0)) }) })),
        ])),
      .init(
        "margins",
        HistogramJSON.value(
          Histogram(of: margins, bins: 20, axis: "margin", summary: "margins of the answers"))),
      .init("mistakes", .array(mistakes.map(\.line))),
    ]
  }
}
