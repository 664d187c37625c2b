public import DSXCore

/// Stages that change rows and the size of batches.
extension Pipeline {
  /// Every batch changed by a transform. `workers`: threads; nil: as many as the run says.
  ///
  /// Results and their order are the same for any number. Throws what the transform says of the schema.
  public func map(_ transform: BatchTransform, workers: Int? = nil) throws(DSXError) -> Pipeline {
    try Self.require(workers ?? 1 >= 1, transform.name, "\(workers ?? 0) workers")
    return Pipeline(
      MapStage(
        input: node, transform: transform, schema: try transform.schema(schema),
        workers: workers))
  }

  /// Every batch changed by a closure. `name` stands for it in messages and saved positions; `schema` is
  /// that of the result, nil: it stays.
  public func map(
    _ name: String, schema: Schema? = nil, workers: Int? = nil,
    _ body: @escaping @Sendable (Batch) throws(DSXError) -> Batch
  ) throws(DSXError) -> Pipeline {
    let transform = BatchTransform(
      name, schema: { (old) throws(DSXError) in schema ?? old },
      make: { (_) throws(DSXError) in body })
    return try map(transform, workers: workers)
  }

  /// The rows that fulfil a test; the others are counted by reason.
  public func filter(_ test: RowTest) -> Pipeline { Pipeline(FilterStage(input: node, test: test)) }

  /// Batches of exactly `size` rows. The last one may be shorter; `dropRemainder` leaves it out.
  public func batch(_ size: Int, dropRemainder: Bool = false) throws(DSXError) -> Pipeline {
    try Self.require(size >= 1, "batch", "batches of \(size) rows")
    return Pipeline(BatchStage(input: node, rows: size, dropRemainder: dropRemainder))
  }

  /// Batches of `size` rows whose arrays are padded to one length.
  public func paddedBatch(_ size: Int, dropRemainder: Bool = false, padding: Padding = .init())
    throws(DSXError) -> Pipeline
  {
    try batch(size, dropRemainder: dropRemainder).map(.pad(padding))
  }

  /// Batches of rows of like length, by the length of a column: an array's first dimension, a text's code
  /// points, the bytes of a bytes value, or an integer that is itself the length.
  ///
  /// Bucket i takes lengths from `boundaries[i - 1]` up to below `boundaries[i]`; there is one bucket
  /// and one size more than boundaries. A bucket is handed on as soon as it has its rows; at the end the
  /// rests follow, short buckets first. The rule is that of MindSpore's `bucket_batch_by_length`.
  public func bucketByLength(
    _ column: String, boundaries: [Int], sizes: [Int], dropRemainder: Bool = false
  ) throws(DSXError) -> Pipeline {
    guard sizes.count == boundaries.count + 1, sizes.allSatisfy({ $0 >= 1 }),
      boundaries.first ?? 1 >= 1,
      Swift.zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DSXError(
        .usage, "the buckets need rising boundaries above 0, and one size more than boundaries",
        hint: "for example boundaries: [16, 64] and sizes: [64, 32, 8]")
    }
    return Pipeline(
      BucketStage(
        input: node, length: try RowLength(column, schema), boundaries: boundaries, sizes: sizes,
        dropRemainder: dropRemainder))
  }

  /// Up to `batches` batches are made ahead on a thread of their own. A saved position does not know it.
  public func prefetch(_ batches: Int = 2) throws(DSXError) -> Pipeline {
    try Self.require((1...4096).contains(batches), "prefetch", "\(batches) batches")
    return Pipeline(PrefetchStage(input: node, batches: batches))
  }
}

/// Several pipelines as one.
extension Pipeline {
  /// All rows of the first, then of the next. Throws `usage` unless all have the same fields.
  public static func concat(_ pipelines: [Pipeline]) throws(DSXError) -> Pipeline {
    Pipeline(ConcatStage(inputs: try alike(pipelines, "concat")))
  }

  /// `block` rows of each in turn, in batches of `batchRows`, until `stop` says so. Throws `usage` unless
  /// all have the same fields.
  public static func interleave(
    _ pipelines: [Pipeline], block: Int = 1, stop: InterleaveStop = .all, batchRows: Int = 1024
  ) throws(DSXError) -> Pipeline {
    try require(block >= 1, "interleave", "blocks of \(block) rows")
    try require(batchRows >= 1, "interleave", "batches of \(batchRows) rows")
    return Pipeline(
      InterleaveStage(
        inputs: try alike(pipelines, "interleave"), block: block, stop: stop,
        batchRows: batchRows))
  }

  /// The columns of all side by side, row by row. Throws `usage` when two have one name.
  public static func zip(_ pipelines: [Pipeline], stop: ZipStop = .shortest) throws(DSXError)
    -> Pipeline
  {
    let fields = pipelines.flatMap(\.schema.fields)
    guard !pipelines.isEmpty, Set(fields.map(\.name)).count == fields.count else {
      throw DSXError(
        .usage, "the zip has no inputs, or two columns of one name",
        hint: "rename the columns of one of them")
    }
    return Pipeline(
      ZipStage(inputs: pipelines.map(\.node), schema: Schema(fields), stop: stop))
  }

  private static func alike(_ pipelines: [Pipeline], _ stage: String) throws(DSXError)
    -> [any StageNode]
  {
    guard let first = pipelines.first else {
      throw DSXError(.usage, "the stage '\(stage)' has no inputs")
    }
    for (number, pipeline) in pipelines.enumerated() where pipeline.schema != first.schema {
      let names = pipeline.schema.fields.map(\.name).joined(separator: ", ")
      throw DSXError(
        .usage, "input \(number + 1) of '\(stage)' has other columns or types than the first",
        hint: "it has: \(names); choose, rename and cast columns until they are alike")
    }
    return pipelines.map(\.node)
  }
}
