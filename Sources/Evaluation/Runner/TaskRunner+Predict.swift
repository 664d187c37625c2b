public import DSXCore
internal import Datasets
internal import Metrics
internal import Models

extension TaskRunner {
  /// The first stage: answers the examples behind the first `done`, a unit of work at a time. `write`
  /// gets the lines of a unit of predictions.jsonl, in the data's order. `end`: only examples before that
  /// number, a multiple of a unit; nil: all, and what is behind them is checked too.
  ///
  /// Gives the number of lines up to there. Throws `nothingToDo` for a selection without rows. Examples that
  /// fail do not stop the run.
  public func predict(
    from done: Int = 0, to end: Int? = nil, progress: any ProgressSink,
    write: ([JSONValue]) throws(DSXError) -> Void
  ) throws(DSXError) -> Int {
    let task = target.task
    let known = try target.dataset.rowCount()
    if known == 0 { throw nothingToDo }
    var responder = try makeResponder()
    let plan = try metricPlan()
    let selection = try selection()
    var given: GivenPredictions?
    if case .given(let predictions) = model.source { given = predictions }
    let rules = ExampleRules(
      task, isGiven: given != nil, emptyIsMissing: target.dataset.readsTextColumns)
    var ids = ExampleIDs(target.dataset)
    let total = task.documents == .row ? known.map { selection.count(of: $0) } : nil
    var reader = try ExampleReader(target.dataset, columns: responder.columns, id: task.id)
    var joiner = DocumentJoiner(task.documents, column: task.text)
    var pending: [Example] = []
    var lines = 0
    var row = 0
    var isOpen = true

    func finish(_ examples: [Example]) throws(DSXError) {
      let problems = examples.map(rules.problem)
      let asked = examples.indices.filter { problems[$0] == nil }.map { examples[$0] }
      let answers = asked.isEmpty ? [] : try responder.answer(asked)
      guard answers.count == asked.count else {
        throw DSXError(.internal, "a unit has \(answers.count) answers for \(asked.count)")
      }
      var unit: [JSONValue] = []
      var next = 0
      for (example, problem) in zip(examples, problems) {
        if let problem {
          var failed = Answer.failed(problem)
          failed.details = task.sideDetails(example)
          unit.append(failed.line(example, scores: []))
          continue
        }
        unit.append(Self.line(example, rules.checked(answers[next], example), plan))
        next += 1
      }
      try write(unit)
      lines += unit.count
      progress.report(
        Progress(phase: "evaluating", done: lines, total: total, unit: "examples"))
    }
    func take(_ example: Example) throws(DSXError) {
      try ids.add(example)
      guard selection.contains(example.row) else { return try responder.pass(example) }
      // Units before this run are passed over, drawing what they drew.
      if lines < done {
        lines += 1
        return try responder.pass(example)
      }
      try responder.admit(example)
      pending.append(example)
      if pending.count == RunFiles.unit {
        try finish(pending)
        pending = []
      }
    }
    reading: while isOpen, let examples = try reader.next() {
      for example in examples {
        // Given predictions are looked for in all rows.
        if given == nil, task.documents == .row, selection.isOver(at: example.row) {
          isOpen = false
          break reading
        }
        row += 1
        if let document = joiner.add(example) { try take(document) }
        if let end, lines + pending.count >= end {
          isOpen = false
          break reading
        }
      }
    }
    if isOpen, let last = joiner.finish() { try take(last) }
    if !pending.isEmpty { try finish(pending) }
    guard lines > 0 else { throw nothingToDo }
    // Who stops before the end has not seen every id.
    if end == nil { try given?.check(examples: max(row, lines), has: ids.contains) }
    return lines
  }

  private var nothingToDo: DSXError {
    DSXError(
      .nothingToDo, "the split '\(target.dataset.split)' has no rows", file: target.dataset.table)
  }

  private static func line(_ example: Example, _ answer: Answer, _ plan: MetricPlan) -> JSONValue {
    guard answer.status == .ok else { return answer.line(example, scores: []) }
    let bare = answer.line(example, scores: [])
    do throws(DSXError) {
      return answer.line(example, scores: try plan.scores(bare))
    } catch {
      // An answer that a metric cannot read has no score: it failed, and says why.
      var failed = Answer.failed(error.message, hash: answer.inputHash)
      failed.gold = answer.gold
      failed.details = answer.details.filter { ["raw", "text"].contains($0.name) }
      return failed.line(example, scores: [])
    }
  }

  /// How many examples a run over all has. Reads the data where their number is not known otherwise.
  ///
  /// Throws `nothingToDo` for a selection without rows, and what reading throws.
  public func exampleCount() throws(DSXError) -> Int {
    let selection = try selection()
    let rows: Int
    if target.task.documents == .row, let known = try target.dataset.rowCount() {
      rows = known
    } else {
      rows = try countDocuments()
    }
    let count = selection.count(of: rows)
    guard count > 0 else { throw nothingToDo }
    return count
  }

  /// The documents of the split, by reading it.
  private func countDocuments() throws(DSXError) -> Int {
    let task = target.task
    var column = task.text
    if task.documents == .row {
      column = try ExampleReader.columns(target.dataset).first?.name ?? task.text
    }
    var reader = try ExampleReader(target.dataset, columns: [column], id: nil)
    var joiner = DocumentJoiner(task.documents, column: column)
    var count = 0
    while let examples = try reader.next() {
      for example in examples where joiner.add(example) != nil { count += 1 }
    }
    return count + (joiner.finish() == nil ? 0 : 1)
  }

  private func selection() throws(DSXError) -> ExampleSelection {
    try ExampleSelection(
      limit: options.limit, sample: options.sample, seed: options.sampleSeed
    ) { () throws(DSXError) in
      if let known = try target.dataset.rowCount(), target.task.documents == .row { return known }
      return try countDocuments()
    }
  }

  /// The metrics with the labels of this run.
  func metricPlan() throws(DSXError) -> MetricPlan {
    let registry = try Builtins.registry()
    var plan = MetricPlan(items: [], task: target.task, words: labels?.words ?? [])
    let names = try plan.labelNames(labels, registry)
    plan = MetricPlan(
      items: try target.task.metrics.map { (choice) throws(DSXError) in
        try choice.item(registry, labels: names)
      }, task: target.task, words: labels?.words ?? [])
    return plan
  }

  private func makeResponder() throws(DSXError) -> any Responder {
    let task = target.task
    var shots: (spec: FewShot, count: Int)?
    if let spec = task.fewShot {
      let count = options.fewShot ?? spec.count
      // A pool that is drawn for no demonstration still moves what is drawn behind it.
      if count > 0 || spec.pool > 0 { shots = (spec, count) }
    }
    let setup = ResponderSetup(
      target: target, options: options, labels: labels, rule: rule, fewShot: shots,
      seed: options.seed ?? task.seed,
      compute: ComputeOptions(
        workers: options.workers, sharesPrefixes: options.sharesPrefixes,
        memoryLimit: options.memoryLimit), homes: homes)
    switch model.source {
    case .given(let given): return try GivenResponder(setup, given)
    case .model(let opened): return try makeResponder(setup, opened)
    }
  }

  private func makeResponder(_ setup: ResponderSetup, _ opened: OpenedModel) throws(DSXError)
    -> any Responder
  {
    let task = target.task
    let onLong = options.onLong ?? task.onLong
    switch (task.request, opened) {
    case (.logLikelihood, .language(let loaded)):
      let settings = languageSettings(loaded, setup.compute, onLong)
      return task.ids == nil
        ? try ChoiceResponder(setup, settings) : try RecordChoiceResponder(setup, settings)
    case (.rollingLogLikelihood, .language(let loaded)):
      return try RollingResponder(
        setup, languageSettings(loaded, setup.compute, onLong), stride: options.stride ?? context)
    case (.generateUntil, .language(let loaded)):
      return try GenerateResponder(setup, languageSettings(loaded, setup.compute, onLong))
    case (.classify, .textClassifier(let model)):
      return try ClassifyResponder(setup, .text(model, onLong))
    case (.imageClassify, .imageClassifier(let model)):
      return try ClassifyResponder(setup, .image(model))
    case (.tableClassify, .tableClassifier(let model)):
      return try ClassifyResponder(setup, .table(model))
    case (.tag, .tokenTagger(let model)):
      return try TagResponder(setup, model, onLong: onLong)
    case (.span, .spanExtractor(let model)): return try SpanResponder(setup, model)
    case (.embed, .textEncoder(let model)):
      return try EmbedResponder(setup, model, onLong: onLong)
    default: throw DSXError(.internal, "a model that does not fit the task was not refused")
    }
  }

  private func languageSettings(
    _ loaded: LoadedModel, _ compute: ComputeOptions, _ onLong: LongInput
  ) -> LanguageSettings {
    LanguageSettings(
      model: loaded, bos: bos, context: context, onLong: onLong,
      batchTokens: options.batchTokens, compute: compute, hasGreedy: true)
  }
}

extension MetricPlan {
  /// The labels that averages range over: names, or places where metrics read places.
  func labelNames(_ labels: LabelTable?, _ registry: Registry<MetricEntry>) throws(DSXError)
    -> [String]
  {
    guard let labels else { return [] }
    var wantsPlaces = false
    for metric in task.metrics {
      let entry = try registry.find(metric.metric)
      if entry.group == .languageModel, entry.input("label")?.kind == .number { wantsPlaces = true }
    }
    return wantsPlaces ? labels.names.indices.map { String($0) } : labels.names
  }
}
