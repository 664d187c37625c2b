public import DSXCore
public import Datasets
internal import Images
public import Models

/// Batch inference without scoring: the rows of a data set through a pipeline into a file of JSON lines.
///
/// One line a row, in order: `row` (number in the split, from 0), `id`, `input_hash` (SHA-256 of what
/// the model was given), `status` (`ok` or `failed`), then `prediction` (the answer in one word: the
/// likeliest label, the text) and `output` (the answer in the shape of ModelScope's pipelines), or
/// `reason`. The file does not depend on the number of threads, nor on how often the run was
/// interrupted.
public struct PredictionRun {
  static let kind = "dsx-predict"

  private let pipeline: ModelPipeline
  private let dataset: MsDataset
  let options: PredictionOptions
  private let id: PredictionID
  /// What decides the predictions.
  public let identity: JSONValue

  /// A run. Reads the data set's files once, for their fingerprint, unless it is remembered.
  ///
  /// Throws `usage` for a limit below 1.
  public init(
    _ pipeline: ModelPipeline, _ dataset: MsDataset, _ options: PredictionOptions, homes: Homes
  ) throws(DSXError) {
    guard options.limit ?? 1 >= 1 else { throw DSXError(.usage, "the limit must be at least 1") }
    self.pipeline = pipeline
    self.dataset = dataset
    self.options = options
    id = try PredictionID(options.id, dataset, homes)
    let info = pipeline.model.info
    var members: [JSONValue.Member] = [
      .init("kind", .string(Self.kind)), .init("version", 2),
      .init("task", .string(pipeline.task)), .init("model", .string(info.name)),
      .init("model_fingerprint", .string(info.fingerprint)),
      .init("dataset", .string(dataset.name)), .init("subset", .string(dataset.subset)),
      .init("split", .string(dataset.split)),
      .init("dataset_fingerprint", .string(try dataset.fingerprint(homes: homes))),
      .init("columns", .object(options.columns.map { .init($0.role, .string($0.column)) })),
      .init("id", id.json),
      .init("limit", options.limit.map { .int(Int64($0)) } ?? .null),
      .init("batch_size", .int(Int64(pipeline.options.batchSize))),
      .init("on_long", .string(pipeline.options.onLong.rawValue)),
      .init("top_k", pipeline.options.topK.map { .int(Int64($0)) } ?? .null),
    ]
    members += options.settings.map { .init($0.name, .string($0.value)) }
    if let images = try Self.namedImages(dataset, pipeline.fields, options, id) {
      members.append(.init("images_sha256", .string(images)))
    }
    identity = .object(members)
  }

  /// Predicts what is not there yet, and gives the file its name.
  ///
  /// - Returns: the counts, and whether everything was there already.
  /// Throws `outputExists` for an output of something else, `nothingToDo` for data without rows, and
  /// what the loaders throw; a row that fails alone is a line of its own.
  public func run(
    output: String, overwrite: Bool = false, progress: any ProgressSink = SilentProgress()
  ) throws(DSXError) -> (counts: PredictionCounts, wasFinished: Bool) {
    // The rows first: what is wrong with them is told before the output is touched.
    var rows = try openRows()
    var file = try PredictionFile(
      path: output, identity: identity, batchSize: pipeline.options.batchSize, overwrite: overwrite)
    if file.isFinished { return (file.counts, true) }
    defer { file.close() }
    let before = file.counts.examples
    try rows.skip(before)
    let total = try knownCount()
    if before > 0 {
      progress.report(
        Progress(
          phase: "predicting", done: before, total: total, unit: "examples", skipped: before))
    }
    try predict(&rows, to: options.limit) { (lines) throws(DSXError) in
      try file.append(lines)
      progress.report(
        Progress(
          phase: "predicting", done: file.counts.examples, total: total, unit: "examples"))
    }
    try file.publish()
    return (file.counts, false)
  }

  /// Rows that are computed at once.
  var batchSize: Int { pipeline.options.batchSize }

  /// A fresh stream over the rows. Throws `usage` for columns that do not fit.
  func openRows() throws(DSXError) -> PredictionRows {
    try PredictionRows(dataset, pipeline.fields, chosen: options.columns, id: id)
  }

  /// The number of rows where it is known without reading them.
  func knownCount() throws(DSXError) -> Int? {
    try dataset.rowCount().map { min($0, options.limit ?? $0) } ?? options.limit
  }

  /// The number of rows of a run over all, read where it has to be. Throws `nothingToDo` for none.
  func count() throws(DSXError) -> Int {
    var count = try dataset.rowCount()
    if count == nil {
      var rows = try openRows()
      let most = options.limit ?? .max
      while rows.position < most, !(try rows.next(min(256, most - rows.position)).isEmpty) {}
      count = rows.position
    }
    let examples = min(count ?? 0, options.limit ?? .max)
    guard examples > 0 else { throw DSXError(.nothingToDo, "the input has no rows") }
    return examples
  }

  /// How the model computes, for the notes of shards.
  var compute: JSONValue {
    ComputeNote.json(.object(ModelFolder.runtime.map { .init($0.name, .string($0.value)) }))
  }

  /// Predicts the rows from where `rows` stands to the row `end` (nil: the last), a batch at a time.
  func predict(
    _ rows: inout PredictionRows, to end: Int?,
    write: ([JSONValue]) throws(DSXError) -> Void
  ) throws(DSXError) {
    while true {
      let room = (end ?? .max) - rows.position
      let batch = try rows.next(min(pipeline.options.batchSize, room))
      guard !batch.isEmpty else { return }
      try write(Self.lines(batch, pipeline))
    }
  }

  /// Predicts all rows and gives their lines away, a batch at a time, instead of keeping them.
  public func stream(_ write: ([JSONValue]) throws(DSXError) -> Void) throws(DSXError)
    -> PredictionCounts
  {
    var rows = try openRows()
    var counts = PredictionCounts()
    try predict(&rows, to: options.limit) { (lines) throws(DSXError) in
      for line in lines { counts.add(isFailed: line["status"]?.string == "failed") }
      try write(lines)
    }
    guard counts.examples > 0 else { throw DSXError(.nothingToDo, "the input has no rows") }
    return counts
  }

  /// The lines of a batch.
  static func lines(_ batch: [PredictionRow], _ pipeline: ModelPipeline) -> [JSONValue] {
    let inputs = inputs(batch, workers: pipeline.options.compute.workers)
    var taken: [PipelineInput] = []
    for case .success(let input) in inputs { taken.append(input) }
    var answers = pipeline.results(taken)[...]
    return zip(batch, inputs).map { row, input in
      let result = input.flatMap { _ in
        answers.popFirst() ?? .failure(DSXError(.internal, "an input without an answer"))
      }
      return line(row, result)
    }
  }

  /// The inputs of rows; images are decoded on all threads.
  private static func inputs(_ batch: [PredictionRow], workers: Int) -> [Result<
    PipelineInput, DSXError
  >] {
    let results = Lock<[Result<PipelineInput, DSXError>?]>(
      .init(repeating: nil, count: batch.count))
    FanOut.run(count: batch.count, workers: workers) { source in
      let decoder = ImageDecoder()
      while let index = source.take() {
        let result: Result<PipelineInput, DSXError>
        do throws(DSXError) { result = .success(try batch[index].input(decoder)) } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0 }.map {
      $0 ?? .failure(DSXError(.internal, "a row without an input"))
    }
  }

  private static func line(_ row: PredictionRow, _ result: Result<JSONValue, DSXError>)
    -> JSONValue
  {
    var members: [JSONValue.Member] = [
      .init("row", .int(Int64(row.number))), .init("id", row.id),
      .init("input_hash", .string(row.hash)),
    ]
    switch result {
    case .success(let output):
      members.append(.init("status", "ok"))
      if let short = short(output) { members.append(.init("prediction", short)) }
      members.append(.init("output", output))
    case .failure(let error):
      members.append(.init("status", "failed"))
      members.append(.init("reason", .string(error.message)))
    }
    return .object(members)
  }

  /// The answer in one word, where there is one.
  private static func short(_ output: JSONValue) -> JSONValue? {
    if let label = output["labels"]?.array?.first { return label }
    if let text = output["text"] ?? output["output"], text.string != nil { return text }
    if let tags = output["tags"] { return tags }
    if let score = output["scores"]?.array?.first, output["labels"] == nil { return score }
    return nil
  }
}
