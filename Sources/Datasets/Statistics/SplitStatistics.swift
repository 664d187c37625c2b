public import DSXCore
internal import Pipelines

/// The statistics of one split: one pass, memory bounded, the same for any number of workers.
public struct SplitStatistics: Sendable {
  /// The split's name.
  public let split: String
  /// Its fingerprint.
  public let fingerprint: String
  /// Its fields.
  public let schema: Schema
  /// Rows that were read.
  public private(set) var rows = 0
  /// Rows that a lenient reader left out.
  public private(set) var skipped = 0
  private(set) var rowValues = HashTally(limit: 1 << 20)
  private(set) var columns: [ColumnStatistics]

  init(split: String, fingerprint: String, schema: Schema) {
    self.split = split
    self.fingerprint = fingerprint
    self.schema = schema
    columns = schema.fields.map { ColumnStatistics($0) }
  }

  /// Reads a split. `progress` gets the number of rows so far; `appliesOrientation` says whether images
  /// are turned as their camera noted. Throws what its loader throws.
  public static func read(
    _ dataset: MsDataset, options: TableOptions? = nil, workers: Int = 1,
    appliesOrientation: Bool = true,
    progress: (Int) -> Void = { _ in }
  ) throws(DSXError) -> SplitStatistics {
    var cursor = try dataset.rows(options)
    var statistics = SplitStatistics(
      split: dataset.split, fingerprint: try dataset.fingerprint(), schema: cursor.schema)
    try OrderedMap(workers: workers).run(
      source: { () throws(DSXError) -> Batch? in try cursor.next() },
      makeTransform: { () throws(DSXError) in
        let probe = ImageProbe(appliesOrientation: appliesOrientation)
        return { (batch: Batch) throws(DSXError) in BatchDigest(batch, probe) }
      },
      sink: { (digest: BatchDigest) throws(DSXError) in
        statistics.add(digest)
        progress(statistics.rows)
      })
    statistics.skipped = cursor.badRows.count
    return statistics
  }

  mutating func add(_ digest: BatchDigest) {
    rows += digest.rows.count
    for hash in digest.rows { rowValues.add(hash) }
    for index in columns.indices {
      columns[index].add(digest.batch.columns[index], digest.columns[index])
    }
  }

  /// Adds the statistics of another part of the same split, with the same fields.
  mutating func merge(_ other: SplitStatistics) {
    rows += other.rows
    skipped += other.skipped
    rowValues.merge(other.rowValues)
    for (index, column) in other.columns.enumerated() where index < columns.count {
      columns[index].merge(column)
    }
  }

  /// Rows that are equal to an earlier one.
  public var duplicateRows: Int { rowValues.duplicates }
}

/// Rows and contents of one split that are in another one too.
public struct SplitLeak: Sendable {
  /// The split that should be new, e.g. `test`.
  public let split: String
  /// The split that has them already, e.g. `train`.
  public let other: String
  /// Rows of `split` that are equal to one of `other`; nil when their columns differ.
  public let rows: Int?
  /// Rows of `split` whose text or image is one of `other`, by column: those in which at least half of the
  /// values differ, as labels and key words repeat by their nature. `isUnique`: nine of ten differ, so
  /// that a shared one deserves a look.
  public let columns: [(name: String, rows: Int, isUnique: Bool)]
  /// Whether all values were compared; else the numbers are estimates from samples.
  public let isExact: Bool

  /// Compares two splits.
  init(_ split: SplitStatistics, in other: SplitStatistics) {
    self.split = split.split
    self.other = other.split
    var exact = true
    if split.schema.fields.map(\.name) == other.schema.fields.map(\.name) {
      let shared = split.rowValues.shared(with: other.rowValues)
      rows = shared.occurrences
      exact = exact && shared.isExact
    } else {
      rows = nil
    }
    var found: [(name: String, rows: Int, isUnique: Bool)] = []
    for column in split.columns where column.isContent() {
      guard let same = other.columns.first(where: { $0.field.name == column.field.name }),
        same.isContent()
      else { continue }
      let shared = column.values.shared(with: same.values)
      found.append(
        (column.field.name, shared.occurrences, column.isContent(0.9) && same.isContent(0.9)))
      exact = exact && shared.isExact
    }
    columns = found
    isExact = exact
  }
}
