public import DSXCore

/// Writes a record set from JSON lines, under a policy for lines that are no rows.
///
/// Memory: the writer's, and 8 MiB of lines. Call `append` with each line, then `finish()`. Blank lines
/// are passed over. Dropping it without `finish()` leaves nothing at the output.
public struct RecordImport: ~Copyable {
  /// A line that was left out.
  public struct SkippedLine: Sendable {
    /// Its number, from 1, and why it is no row.
    public var skipped: SkippedRow
    /// The line as it came, without its line feed.
    public var text: [UInt8]

    /// The line of a file of skipped rows: `line`, `row`, `reason`, `field`, `message`, and the line itself
    /// as `text` (`base64` when it is not UTF-8).
    public var json: JSONValue {
      var members = [
        JSONValue.Member("line", skipped.line.map { .int(Int64($0)) } ?? .null),
        JSONValue.Member("row", .int(Int64(skipped.row))),
        JSONValue.Member("reason", .string(skipped.fault.reason.rawValue)),
        JSONValue.Member("field", skipped.fault.field.map { .string($0) } ?? .null),
        JSONValue.Member("message", .string(skipped.fault.message)),
      ]
      if text.withUnsafeBytes({ UTF8Validation.firstInvalid($0) }) == nil {
        members.append(.init("text", .string(String(decoding: text, as: UTF8.self))))
      } else {
        var digits: [UInt8] = []
        Base64.encode(text[...], into: &digits)
        members.append(.init("base64", .string(String(decoding: digits, as: UTF8.self))))
      }
      return .object(members)
    }
  }

  /// Lines that were read, blank ones included.
  public private(set) var lines = 0
  /// Rows that were read, skipped ones included.
  public private(set) var rows = 0
  /// Skipped rows by reason.
  public private(set) var skipped: [RowFault.Reason: Int] = [:]
  private let reader: RowLineReader
  private var writer: RecordWriter
  private let sink: ((SkippedLine) throws(DSXError) -> Void)?
  /// The lines of the rows that the reader holds, for the sink.
  private var held: [(line: Int, row: Int, text: [UInt8])] = []

  /// Starts a set at `path`. `onSkip` makes bad rows skipped and gets each; without it the first one is an
  /// error. Throws what `RecordWriter` throws.
  public init(
    path: String, schema: RecordSchema, options: RecordWriterOptions = .init(),
    onSkip: ((SkippedLine) throws(DSXError) -> Void)? = nil
  ) throws(DSXError) {
    let reader = try RowLineReader(schema)
    writer = try RecordWriter(path: path, schema: schema, options: options)
    self.reader = reader
    sink = onSkip
  }

  /// Takes one line. Throws `malformed` with line and row for a bad row, unless rows are skipped.
  public mutating func append(line text: UnsafeRawBufferPointer) throws(DSXError) {
    lines += 1
    let isBlank = text.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    guard !isBlank else { return }
    let row = rows
    rows += 1
    do throws(RowFault) { try reader.append(text) } catch {
      let skippedRow = SkippedRow(row: row, line: lines, error)
      guard sink != nil else { throw Self.fault(skippedRow) }
      try skip(SkippedLine(skipped: skippedRow, text: Array(text)))
      return
    }
    if sink != nil {
      held.append((lines, row, Array(text)))
    } else {
      held.append((lines, row, []))
    }
    if reader.rows >= 1024 || reader.bytes >= 8 << 20 { try flush() }
  }

  private mutating func skip(_ line: SkippedLine) throws(DSXError) {
    skipped[line.skipped.fault.reason, default: 0] += 1
    try sink?(line)
  }

  private mutating func flush() throws(DSXError) {
    let batch = reader.take()
    let lines = held
    held.removeAll(keepingCapacity: true)
    guard batch.rows > 0 else { return }
    guard sink != nil else {
      let before = writer.rows
      do throws(DSXError) { try writer.append(batch) } catch {
        var fault = error
        if let row = error.location.row, lines.indices.contains(row - before) {
          fault.location.row = lines[row - before].row
          fault.location.line = lines[row - before].line
          fault.location.file = nil
        }
        throw fault
      }
      return
    }
    var refused: [SkippedRow] = []
    try writer.append(batch, onBadRow: .skip { (row) throws(DSXError) in refused.append(row) })
    for row in refused {
      let line = lines[row.row]
      try skip(
        SkippedLine(
          skipped: SkippedRow(row: line.row, line: line.line, row.fault), text: line.text))
    }
  }

  private static func fault(_ skipped: SkippedRow) -> DSXError {
    DSXError(
      .malformed, skipped.fault.message, line: skipped.line, row: skipped.row,
      hint: "mend the row, or leave bad rows out: --on-bad-row skip")
  }

  /// Rows that are not skipped.
  public var kept: Int { rows - skipped.values.reduce(0, +) }

  /// Writes what is left and publishes the set. Throws `nothingToDo` when no row was kept.
  public mutating func finish() throws(DSXError) -> RecordSummary {
    try flush()
    return try writer.finish()
  }
}
