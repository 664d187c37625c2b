internal import DSXCore
internal import Records

/// Where a conversion's rows come from: the data set, or parts that other processes made of it.
protocol ConversionRows {
  /// The schema of the set to write.
  var schema: RecordSchema { get }
  /// How many rows there are, where it is known.
  var total: Int? { get }
  /// Rows left out so far, because they cannot be read.
  var skipped: Int { get }
  /// Why, for the first of them.
  var reasons: [DSXError] { get }
  /// The next rows, or nil at the end.
  mutating func next() throws(DSXError) -> Batch?
  /// Rows that `next` gave, as they are stored.
  func stored(_ batch: Batch) -> Batch
}

/// The rows of the data set itself.
struct DataRows: ConversionRows {
  private var cursor: any TableCursor
  private let mapping: RecordMapping
  let total: Int?

  /// Throws `nothingToDo` for a split without columns, and what opening the rows throws.
  init(_ conversion: DatasetConversion) throws(DSXError) {
    let dataset = conversion.dataset
    cursor = try dataset.rows(conversion.options.table(for: dataset))
    guard !cursor.schema.fields.isEmpty else {
      throw DSXError(.nothingToDo, "the split has no rows", file: dataset.table)
    }
    mapping = RecordMapping(cursor.schema)
    total = try dataset.rowCount()
  }

  var schema: RecordSchema { mapping.record }
  var skipped: Int { cursor.badRows.count }
  var reasons: [DSXError] { cursor.badRows.reasons }
  mutating func next() throws(DSXError) -> Batch? { try cursor.next() }
  func stored(_ batch: Batch) -> Batch { mapping.converted(batch) }
}

/// The rows of finished parts, in order. They are stored already.
struct PartRows: ConversionRows {
  let schema: RecordSchema
  let total: Int?
  let skipped: Int
  let reasons: [DSXError]
  private let files: [String]
  private var opened = 0
  private var cursor: RecordCursor?

  /// `files`: the record files of the parts, in order; `rows`, `skipped` and `reasons`: what they counted.
  init(
    _ files: [String], schema: RecordSchema, rows: Int, skipped: Int, reasons: [DSXError]
  ) {
    self.files = files
    self.schema = schema
    total = rows
    self.skipped = skipped
    self.reasons = reasons
  }

  mutating func next() throws(DSXError) -> Batch? {
    while true {
      if let batch = try cursor?.next() { return batch }
      guard opened < files.count else { return nil }
      let reader = try RecordReader(path: files[opened])
      cursor = reader.cursor(batchRows: min(1024, reader.suggestedBatchRows))
      opened += 1
    }
  }

  func stored(_ batch: Batch) -> Batch { batch }
}
