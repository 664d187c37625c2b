internal import CSQLite
internal import DSXCore

/// The checksum of an index: the table `DSX_META` in our `.db` files. MindSpore ignores the table.
///
/// | NAME | VALUE |
/// |---|---|
/// | checks | `1`, the version of this table |
/// | rows | rows of INDEXES, decimal |
/// | data_crc32c | the digest of the data file's rows and page checksums: which pages this index belongs to |
/// | rows_crc32c | CRC-32C over all rows of INDEXES in ROW_ID order |
///
/// A row counts as the eight integers, 8 bytes little-endian each; then for each index field a type byte
/// and the value: 0 none, 1 integer and 2 float with 8 bytes little-endian, 3 text with 8 bytes length and
/// its bytes. (INC_i is always 0 and left out.)
enum IndexSeal {
  static let table = "DSX_META"
  fileprivate static let version = "1"

  /// The checksum of rows as they come.
  final class Sum {
    /// Rows are gathered up to about this many bytes before they are summed: long runs are summed faster.
    private static let chunk = 64 << 10

    private(set) var rows = 0
    private var sum: UInt32 = 0
    private var bytes = ByteStore(capacity: Sum.chunk + 4096)

    func add(_ value: Int64) { bytes.append(raw: value.littleEndian) }

    func field(_ value: Int64) {
      bytes.append(1)
      bytes.append(raw: value.littleEndian)
    }
    func field(_ value: Double) {
      bytes.append(2)
      // SQLite does not tell -0.0 from 0 in every place: both count as 0.
      bytes.append(raw: (value == 0 ? 0 : value).bitPattern.littleEndian)
    }
    func field(_ text: UnsafeRawBufferPointer) {
      bytes.append(3)
      bytes.append(raw: UInt64(text.count).littleEndian)
      bytes.append(text)
    }
    func none() { bytes.append(0) }

    /// Ends a row.
    func endRow() {
      rows += 1
      if bytes.count >= Self.chunk { flush() }
    }

    private func flush() {
      sum = bytes.bytes.crc32c(sum)
      bytes.removeAll()
    }

    /// The checksum of all rows so far.
    func checksum() -> UInt32 {
      flush()
      return sum
    }

    /// Adds the current row of `SELECT` the eight integers, then the index fields.
    func add(_ row: Statement, fields: Int) {
      for column in 0..<8 { add(row.integer(column) ?? .min) }
      for column in 8..<8 + fields {
        switch row.type(column) {
        case SQLITE_INTEGER: field(row.integer(column) ?? 0)
        case SQLITE_FLOAT: field(row.double(column) ?? 0)
        case SQLITE_TEXT:
          if let text = row.text(column) { field(text) } else { none() }
        default: none()
        }
      }
      endRow()
    }
  }
}

extension IndexSeal.Sum {
  /// The values of DSX_META for a data file of `rows` rows, in the order of the table's rows.
  func members(of checks: HeaderChecks, rows count: Int) -> [(name: String, value: String)] {
    func text(_ value: UInt32) -> String {
      String(decoding: HeaderChecks.hexadecimal(value), as: UTF8.self)
    }
    return [
      ("checks", IndexSeal.version), ("rows", String(rows)),
      ("data_crc32c", text(checks.digest(rows: count))), ("rows_crc32c", text(checksum())),
    ]
  }

  /// Compares the sum of all rows with what the open index and its data file say. Throws `corrupt`,
  /// `incomplete` when rows are missing.
  func compare(_ database: Database, _ checks: HeaderChecks, rows count: Int) throws(DSXError) {
    let hint = "rebuild the index: dsx records repair"
    func fault(_ code: DSXError.Code, _ message: String) -> DSXError {
      DSXError(code, message, file: database.path, hint: hint)
    }
    var stored: [String: String] = [:]
    do {
      let meta = try database.prepare("SELECT NAME, VALUE FROM \(IndexSeal.table)")
      while try meta.step() {
        guard let name = meta.text(0), let value = meta.text(1) else { continue }
        stored[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
      }
    } catch {
      guard error.code == .corrupt else { throw error }
      throw fault(.corrupt, "the index has no checksum, but its data file has: it was changed")
    }
    guard rows == count else {
      throw fault(
        rows < count ? .incomplete : .corrupt,
        "the index has \(rows) rows, its data file has \(count)")
    }
    for (name, value) in members(of: checks, rows: count) where stored[name] != value {
      throw fault(
        .corrupt,
        name == "data_crc32c"
          ? "the index belongs to another version of its data file"
          : "the index does not match its checksum: its rows were changed")
    }
  }
}

extension IndexSeal {
  /// The columns of INDEXES that readers use: the eight integers, then the index fields.
  static func columns(_ plan: RecordPlan) -> [String] {
    // Field names are letters, digits and '_' only (RecordPlan checks), so quoting cannot be escaped.
    [
      "ROW_ID", "PAGE_ID_RAW", "PAGE_OFFSET_RAW", "PAGE_OFFSET_RAW_END", "ROW_GROUP_ID",
      "PAGE_ID_BLOB", "PAGE_OFFSET_BLOB", "PAGE_OFFSET_BLOB_END",
    ] + plan.index.map { "\"\(plan.fields[$0].name)_0\"" }
  }

  /// Compares an open index with its checksum and with its data file: what a query does before it trusts
  /// the rows. Reads every row of the index once, about a microsecond each.
  ///
  /// An index of a file without checksums (MindSpore's, or one opened with `verify` off) passes. Throws
  /// `corrupt`, `incomplete` when rows are missing.
  static func check(_ database: Database, of file: RecordFile) throws(DSXError) {
    guard let checks = file.header.checks else { return }
    let plan = file.header.plan
    let seal = Sum()
    let rows = try database.prepare(
      "SELECT \(columns(plan).joined(separator: ",")) FROM INDEXES ORDER BY ROW_ID")
    while try rows.step() { seal.add(rows, fields: plan.index.count) }
    try seal.compare(database, checks, rows: file.rows)
  }
}
