internal import DSXCore
internal import Jobs

/// How the rows of a split are cut into shards: where each begins, found by one pass over the data, or
/// counted where rows can be found by their number.
struct RowShards: Hashable {
  /// Where a shard begins.
  struct Start: Hashable {
    /// The rows of the shards before it.
    var row: Int
    /// The position of its first row, in the words of the stream: it may number rows that are left out.
    var state: CursorState
    /// Rows of the files before the one that it begins in.
    var base: Int
  }

  /// The columns.
  let schema: Schema
  /// One a shard, ascending.
  let starts: [Start]
  /// Rows of all shards.
  let rows: Int

  /// Number of shards.
  var count: Int { starts.count }

  /// The rows of a shard, by number.
  func range(_ shard: Int) -> Range<Int> {
    let end = shard + 1 < starts.count ? starts[shard + 1].row : rows
    return starts[shard].row..<max(starts[shard].row, end)
  }

  /// Shards begin at multiples of this many rows, where batches do.
  static let unit = 1024

  /// Cuts a split. `wanted`: rows of a shard; nil: 65,536, doubled until there are at most 256 shards.
  ///
  /// Throws `nothingToDo` for no rows, and what reading throws.
  init(_ dataset: MsDataset, _ options: TableOptions, wanted: Int?) throws(DSXError) {
    func size(_ rows: Int) -> Int {
      CountShards.size(wanted: wanted, total: rows, unit: Self.unit, usual: 1 << 16)
    }
    var cursor = try dataset.rows(options)
    schema = cursor.schema
    guard !schema.fields.isEmpty else {
      throw DSXError(.nothingToDo, "the split has no rows", file: dataset.table)
    }
    if let known = try Self.countable(dataset, options) {
      guard known > 0 else {
        throw DSXError(.nothingToDo, "the split has no rows", file: dataset.table)
      }
      let shards = CountShards(total: known, size: size(known))
      starts = (0..<shards.count).map { shard in
        let row = shards.range(of: shard).lowerBound
        return Start(row: row, state: CursorState(row: row), base: 0)
      }
      rows = known
      return
    }
    var ends: [Start] = []
    var total = 0
    let first = Start(row: 0, state: cursor.state, base: 0)
    while let batch = try cursor.next() {
      total += batch.rows
      let base = (cursor as? TableSetCursor)?.base ?? 0
      ends.append(Start(row: total, state: cursor.state, base: base))
    }
    guard total > 0 else {
      let bad = cursor.badRows.count
      throw DSXError(
        .nothingToDo, bad > 0 ? "all \(bad) rows of the split are bad" : "the split has no rows",
        file: dataset.table)
    }
    var starts = [first]
    let step = size(total)
    for end in ends.dropLast() where end.row - (starts.last?.row ?? 0) >= step {
      starts.append(end)
    }
    self.starts = starts
    rows = total
  }

  /// The number of rows where any row can be found by its number, and none is left out.
  private static func countable(_ dataset: MsDataset, _ options: TableOptions) throws(DSXError)
    -> Int?
  {
    switch dataset.content {
    case .records, .values: return try dataset.rowCount()
    case .images where options.onBadRow == .refuse: return try dataset.rowCount()
    case .images, .tables, .custom: return nil
    }
  }

  var json: JSONValue {
    [
      "schema": schema.json, "rows": .int(Int64(rows)),
      "starts": .array(
        starts.map { start in
          [
            .int(Int64(start.row)), .int(Int64(start.state.row)), .int(Int64(start.state.byte)),
            .int(Int64(start.base)),
          ]
        }),
    ]
  }

  init(json: JSONValue) throws(DSXError) {
    let wrong = DSXError(.malformed, "the plan has a split that is not complete")
    guard let schema = json["schema"].flatMap(Schema.init(json:)), let rows = json["rows"]?.int,
      let list = json["starts"]?.array, !list.isEmpty
    else { throw wrong }
    var starts: [Start] = []
    for entry in list {
      let numbers = (entry.array ?? []).compactMap(\.int)
      guard numbers.count == 4, numbers.allSatisfy({ $0 >= 0 }), numbers[0] < rows,
        numbers[0] > starts.last?.row ?? -1
      else { throw wrong }
      starts.append(
        Start(
          row: numbers[0], state: CursorState(row: numbers[1], byte: numbers[2]), base: numbers[3]))
    }
    self.schema = schema
    self.rows = rows
    self.starts = starts
  }
}
