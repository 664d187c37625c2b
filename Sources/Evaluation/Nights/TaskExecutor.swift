public import DSXCore
internal import Datasets
internal import Models

/// Evaluates a recipe's cells with the task runner. Single-owner.
public final class TaskExecutor: CellExecutor {
  private let homes: Homes
  private let tool: String
  private let runner: CellRunner

  /// An executor. `cache`: the folder of finished results; nil: only the history is looked through.
  public init(homes: Homes, tool: String, cache: String? = nil) {
    self.homes = homes
    self.tool = tool
    runner = CellRunner(homes: homes, cache: cache)
  }

  /// The model and data set of a cell, opened and checked.
  public func facts(_ cell: RecipeCell, _ recipe: Recipe) throws(DSXError) -> CellFacts {
    let prepared = try runner.prepare(try request(cell, recipe, workers: 1))
    let (dataset, task) = (prepared.target.dataset, prepared.target.task)
    let limit = [prepared.options.limit, prepared.options.sample].compactMap { $0 }.min()
    let rows = try dataset.rowCount()
    return CellFacts(
      identity: prepared.identity,
      modelFingerprint: prepared.description["model"]?["fingerprint"]?.string ?? "",
      datasetFingerprint: try dataset.fingerprint(), dataset: dataset.name,
      version: dataset.version, subset: dataset.subset, split: dataset.split, task: task.name,
      examples: rows.map { min($0, limit ?? $0) } ?? limit, metrics: task.metrics.map(\.key))
  }

  /// Evaluates a cell, or goes on with it.
  public func run(
    _ cell: RecipeCell, _ facts: CellFacts, _ recipe: Recipe, into folder: String, workers: Int,
    progress: any ProgressSink
  ) throws(DSXError) {
    let prepared = try runner.prepare(try request(cell, recipe, workers: workers))
    guard prepared.identity == facts.identity else {
      throw DSXError(
        .io, "the model or the data of \(cell.key) changed while the recipe ran",
        hint: "run the recipe again")
    }
    _ = try runner.runReplacing(prepared, into: folder, progress: progress)
  }

  /// The cell as the task runner takes it.
  private func request(_ cell: RecipeCell, _ recipe: Recipe, workers: Int) throws(DSXError)
    -> EvaluationCell
  {
    let (model, data) = (cell.model, cell.dataset)
    func word<Choice: RawRepresentable & CaseIterable>(_ name: String, _: Choice.Type)
      throws(DSXError) -> Choice? where Choice.RawValue == String
    {
      guard let text = data.option(name)?.string else { return nil }
      guard let value = Choice(rawValue: text) else {
        var error = DSXError.unknown(name, text, known: Choice.allCases.map(\.rawValue))
        error.location.file = recipe.path
        throw error
      }
      return value
    }
    func whole(_ name: String) -> Int? { data.option(name)?.int }
    var options = EvaluationOptions(
      rule: try word("rule", ScoringRule.self), bos: try word("bos", BOSChoice.self),
      limit: whole("limit"), sample: whole("sample"),
      sampleSeed: UInt64(clamping: whole("sample_seed") ?? 0),
      seed: whole("seed").map { UInt64(clamping: $0) }, stride: whole("stride"),
      fewShot: whole("few_shot"), candidates: whole("candidates"),
      maximumTokens: whole("max_tokens"), onLong: try word("on_long", LongInput.self),
      by: data.by, batchTokens: recipe.batchTokens ?? EvaluationOptions.batchTokens,
      computeType: model.dtype.flatMap(ComputeType.init) ?? .float32, workers: workers, tool: tool)
    var metrics: [MetricChoice] = []
    for metric in data.metrics { metrics.append(try MetricChoice(json: metric)) }
    options.metrics = metrics
    return EvaluationCell(
      model: model.model, dataset: data.dataset, task: data.task, subset: data.subset,
      split: data.split, version: data.version, compat: data.compat, modelTask: model.task,
      options: options)
  }
}

extension CellRunner {
  /// Runs a cell into a folder of a recipe's or watch's own: goes on with the same run, finds it finished,
  /// or replaces another one.
  public func runReplacing(
    _ runner: TaskRunner, into folder: String, progress: any ProgressSink
  ) throws(DSXError) -> CellOutcome {
    let file = RunFiles(path: folder).run
    let known = FilePath.exists(file) ? try? JSONParser.parse(file: file) : nil
    let isAnother = known.map { $0["identity"]?.string != runner.identity } ?? false
    return try run(runner, into: folder, overwrite: isAnother, progress: progress)
  }
}
