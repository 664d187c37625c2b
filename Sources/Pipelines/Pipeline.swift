public import DSXCore

/// Batches from a source through stages: a value that can be run again and again.
///
/// `let run = try Pipeline.rows(set, name: "train").shuffle(seed: 1).batch(32).run()` and then
/// `while let batch = try run.next()`. Results depend on the stages and their parameters alone, never
/// on threads or timing; `run.state` saves the position behind any batch, and `run(from:)` gives exactly
/// the batches that are left. Stages hand on batches, never single rows.
public struct Pipeline: Sendable {
  let node: any StageNode

  init(_ node: any StageNode) { self.node = node }

  /// The fields of the batches that it gives.
  public var schema: Schema { node.schema }

  /// Whether it still is rows of a random-access source in some order: `shuffle` then needs no window.
  public var isRandomAccess: Bool { node.indexed(pass: 0) != nil }

  /// Its number of rows while it has random access; nil for streams.
  public var count: Int? { node.indexed(pass: 0)?.view.count }
}

/// Sources.
extension Pipeline {
  /// The batches of a cursor, which is made anew for every run.
  ///
  /// `name`: the file or data set that errors name. `identity`: equal for equal content, e.g. a
  /// fingerprint; a saved position is refused over another one. The cursor's `restore` is what resuming
  /// costs.
  public static func cursor(
    _ name: String, schema: Schema, identity: String = "",
    open: @escaping @Sendable () throws(DSXError) -> any Cursor
  ) -> Pipeline {
    Pipeline(CursorStage(source: name, identity: identity, schema: schema, makeCursor: open))
  }

  /// The rows of a random-access source, `batchRows` (at least 1) at a time.
  public static func rows(_ source: any RowSource, name: String, batchRows: Int = 1024)
    -> Pipeline
  {
    Pipeline(RowsStage(rows: source, source: name, batchRows: max(1, batchRows)))
  }

  /// Batches that lie in memory. Throws `internal` when one does not have this schema.
  public static func batches(_ batches: [Batch], schema: Schema, name: String = "memory")
    throws(DSXError) -> Pipeline
  {
    for batch in batches { try batch.check(schema, stage: "source") }
    return Pipeline(BatchesStage(batches, schema: schema, source: name))
  }
}

/// Running.
extension Pipeline {
  /// Starts a run, at the beginning or at a saved position.
  ///
  /// `workers`: threads of each map that does not say its own number. Throws `usage` for a position that
  /// another pipeline, other data or other parameters gave, and what the sources throw.
  public func run(from position: PipelinePosition? = nil, workers: Int = 1) throws(DSXError)
    -> PipelineRun
  {
    try PipelineRun(node, from: position, workers: workers)
  }

  /// SHA-256 over the stages and what decides their results: what a saved position keeps of a pipeline.
  /// Numbers of workers and stages `prefetch` are no part of it.
  public var fingerprint: String { SHA256.hex(Self.description(node).text()) }

  private static func description(_ node: any StageNode) -> JSONValue {
    if node.isTransparent, let input = node.inputs.first { return description(input) }
    return [
      "stage": .string(node.name), "parameters": .object(node.parameters),
      "schema": .array(
        node.schema.fields.map { .string("\($0.name) \($0.type) \($0.shape ?? [])") }),
      "inputs": .array(node.inputs.map { description($0) }),
    ]
  }
}
