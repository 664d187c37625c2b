internal import DSXCore

/// A batch on its way through the stages, with the place in its source that each row came from: an
/// error of a late stage can then name the file and row that the user knows.
struct Block: Sendable {
  /// Where rows came from.
  enum Origin: Sendable {
    /// Rows that follow each other in one source.
    case run(source: Int, first: Int)
    /// One packed place a row.
    case list([Int])
    /// A stage made new rows.
    case unknown
  }

  var batch: Batch
  var origin: Origin

  var rows: Int { batch.rows }

  /// A block of some source's batch.
  init(_ batch: Batch, source: Int) {
    self.batch = batch
    origin = .run(source: source, first: batch.firstRow)
  }

  init(_ batch: Batch, origin: Origin) {
    self.batch = batch
    self.origin = origin
    if let first = place(0)?.row { self.batch.firstRow = first }
  }

  /// Sources are numbered below 2^19, rows below 2^44.
  static func pack(source: Int, row: Int) -> Int { source << 44 | (row & (1 << 44 - 1)) }

  /// Source and row number of a row; nil when unknown.
  func place(_ index: Int) -> (source: Int, row: Int)? {
    switch origin {
    case .run(let source, let first): (source, first + index)
    case .list(let places):
      places.indices.contains(index) ? (places[index] >> 44, places[index] & (1 << 44 - 1)) : nil
    case .unknown: nil
    }
  }

  /// Where these rows came from.
  func origin(of rows: [Int]) -> Origin { places(rows) }

  private func places(_ rows: some Sequence<Int>) -> Origin {
    switch origin {
    case .run(let source, let first):
      .list(rows.map { Self.pack(source: source, row: first + $0) })
    case .list(let places): .list(rows.map { places[$0] })
    case .unknown: .unknown
    }
  }

  /// These rows, in this order.
  func gather(_ rows: [Int]) -> Block {
    let columns = batch.columns.map { $0.gather(rows) }
    return Block(
      Batch(schema: batch.schema, columns: columns, firstRow: batch.firstRow),
      origin: places(rows))
  }

  /// A run of rows.
  func slice(_ rows: Range<Int>) -> Block {
    guard rows != 0..<self.rows else { return self }
    let part: Origin =
      if case .run(let source, let first) = origin {
        .run(source: source, first: first + rows.lowerBound)
      } else {
        places(rows)
      }
    return Block(
      Batch(
        schema: batch.schema, columns: batch.columns.map { $0.slice(rows) },
        firstRow: batch.firstRow), origin: part)
  }

  /// Blocks of one schema, one behind the other; at least one.
  static func joined(_ blocks: [Block], stage: String) throws(DSXError) -> Block {
    guard let first = blocks.first else {
      throw DSXError(.internal, "the stage '\(stage)' joins nothing")
    }
    guard blocks.count > 1 else { return first }
    var columns: [Column] = []
    for index in first.batch.columns.indices {
      guard let column = Column.joined(blocks.map { $0.batch.columns[index] }) else {
        let name = first.batch.schema.fields[index].name
        throw DSXError(
          .internal, "the column '\(name)' changes its type between batches",
          hint: "a map before '\(stage)' gives another type than it declares")
      }
      columns.append(column)
    }
    return Block(
      Batch(schema: first.batch.schema, columns: columns, firstRow: first.batch.firstRow),
      origin: joinedOrigin(blocks))
  }

  private static func joinedOrigin(_ blocks: [Block]) -> Origin {
    var places: [Int] = []
    for block in blocks {
      switch block.origin {
      case .unknown: return .unknown
      case .list(let list): places += list
      case .run(let source, let first):
        places += (first..<first + block.rows).lazy.map { pack(source: source, row: $0) }
      }
    }
    return .list(places)
  }

  /// An error of a stage, whose row counts from this batch's `firstRow`, at its place in the source.
  func located(_ error: DSXError, sources: [String]) -> DSXError {
    var error = error
    guard let row = error.location.row, row >= batch.firstRow, row - batch.firstRow < rows else {
      return error
    }
    guard let place = place(row - batch.firstRow) else {
      error.location.row = nil
      return error
    }
    error.location.row = place.row
    if error.location.file == nil, sources.indices.contains(place.source) {
      error.location.file = sources[place.source]
    }
    return error
  }
}
