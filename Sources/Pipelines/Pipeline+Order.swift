public import DSXCore

/// Stages that choose and order rows.
extension Pipeline {
  /// The first `rows` rows.
  public func take(_ rows: Int) throws(DSXError) -> Pipeline {
    try Self.require(rows >= 0, "take", "\(rows) rows")
    return Pipeline(TakeStage(input: node, rows: rows))
  }

  /// All but the first `rows` rows.
  public func skip(_ rows: Int) throws(DSXError) -> Pipeline {
    try Self.require(rows >= 0, "skip", "\(rows) rows")
    return Pipeline(SkipStage(input: node, rows: rows))
  }

  /// The rows in a random order that belongs to (seed, epoch); a `repeat` behind it counts epochs on.
  ///
  /// Without `window` the order is a full permutation that is computed, not stored; this needs a
  /// random-access source with nothing but take, skip, shard, shuffle and column stages between. With a
  /// window each run of that many rows is permuted for itself: a row moves by less than `window` places.
  /// `batchRows`: rows of a batch behind a window. Throws `usage` where a window is needed.
  public func shuffle(seed: UInt64, epoch: Int = 0, window: Int? = nil, batchRows: Int = 1024)
    throws(DSXError) -> Pipeline
  {
    try Self.require(epoch >= 0 && epoch < 1 << 31, "shuffle", "epoch \(epoch)")
    try Self.require(seed <= UInt64(Int64.max), "shuffle", "the seed \(seed)")
    try Self.require(window ?? 1 >= 1, "shuffle", "a window of \(window ?? 0) rows")
    try Self.require(batchRows >= 1, "shuffle", "batches of \(batchRows) rows")
    guard window != nil || isRandomAccess else {
      throw DSXError(
        .usage, "a full shuffle needs rows in random access, which a stream does not have",
        hint: "shuffle before stages that change rows, read from a record set, or give a window")
    }
    return Pipeline(
      ShuffleStage(input: node, seed: seed, epoch: epoch, window: window, batchRows: batchRows))
  }

  /// The rows of rank `rank` (from 0) of `count`. Over all ranks every row comes exactly once, or with
  /// `remainder: .drop` all but the last n mod `count` ones.
  ///
  /// Place it before `shuffle` and every epoch a rank sees its own rows; place it behind and ranks share
  /// a global order. Throws `usage` for a rank that does not exist, and for a division that needs the
  /// number of rows where it is not known.
  public func shard(
    rank: Int, of count: Int, assignment: ShardAssignment = .strided,
    remainder: ShardRemainder = .keep
  ) throws(DSXError) -> Pipeline {
    guard count >= 1, (0..<count).contains(rank) else {
      throw DSXError(
        .usage, "shard \(rank) of \(count) does not exist", hint: "ranks are numbered from 0")
    }
    guard isRandomAccess || (assignment == .strided && remainder == .keep) else {
      throw DSXError(
        .usage, "a stream's rows can only be dealt out in turn, as their number is not known",
        hint: "take assign: strided and remainder: keep, or shard before stages that change rows")
    }
    return Pipeline(
      ShardStage(
        input: node, rank: rank, count: count, assignment: assignment, remainder: remainder))
  }

  /// Its rows `epochs` times, or without end. A pass without any row ends it.
  public func repeated(_ epochs: Int?) throws(DSXError) -> Pipeline {
    try Self.require((0...1 << 31).contains(epochs ?? 0), "repeat", "\(epochs ?? 0) epochs")
    return Pipeline(RepeatStage(input: node, epochs: epochs))
  }

  static func require(_ condition: Bool, _ stage: String, _ what: String) throws(DSXError) {
    guard !condition else { return }
    throw DSXError(.usage, "the stage '\(stage)' cannot have \(what)")
  }
}

/// Columns.
extension Pipeline {
  /// Only these columns, in this order.
  public func select(_ names: [String]) throws(DSXError) -> Pipeline {
    guard Set(names).count == names.count, !names.isEmpty else {
      throw DSXError(.usage, "the stage 'select' names a column twice, or none")
    }
    return try columns("select", names.map { JSONValue.string($0) }, names.map { ($0, $0) })
  }

  /// All but these columns; at least one is left.
  public func drop(_ names: [String]) throws(DSXError) -> Pipeline {
    for name in names { _ = try schema.number(of: name) }
    let kept = schema.fields.map(\.name).filter { !names.contains($0) }
    guard !kept.isEmpty else { throw DSXError(.usage, "the stage 'drop' leaves no column") }
    return try columns("drop", names.map { JSONValue.string($0) }, kept.map { ($0, $0) })
  }

  /// Columns under new names: pairs of old and new. The order of columns stays.
  public func rename(_ names: [(from: String, to: String)]) throws(DSXError) -> Pipeline {
    var new = schema.fields.map(\.name)
    for (from, to) in names { new[try schema.number(of: from)] = to }
    guard Set(new).count == new.count, !new.contains("") else {
      throw DSXError(.usage, "the stage 'rename' gives two columns one name, or an empty one")
    }
    return try columns(
      "rename", names.map { JSONValue.array([.string($0.from), .string($0.to)]) },
      Array(Swift.zip(schema.fields.map(\.name), new)))
  }

  private func columns(_ stage: String, _ parameter: [JSONValue], _ names: [(String, String)])
    throws(DSXError) -> Pipeline
  {
    var numbers: [Int] = []
    var fields: [Field] = []
    for (old, new) in names {
      let number = try schema.number(of: old)
      numbers.append(number)
      var field = schema.fields[number]
      field.name = new
      fields.append(field)
    }
    return Pipeline(
      ColumnsStage(
        input: node, name: stage, parameters: [.init("columns", .array(parameter))],
        choice: ColumnChoice(numbers: numbers, schema: Schema(fields))))
  }
}
