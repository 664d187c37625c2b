import DSXCore
@testable import Datasets

/// Everything that a reading of a table gave, in a form in which two readings are compared: schema, rows,
/// rows left out, and the error that ended it. Sizes of batches do not count.
struct TableRows: Equatable {
  var schema: Schema?
  var rows: [[UInt8]] = []
  var badRows = 0
  var reasons: [String] = []
  var failure: String?

  /// Takes over the rows of a batch.
  mutating func add(_ batch: Batch) {
    for row in 0..<batch.rows {
      var bytes: [UInt8] = []
      for column in batch.columns { Self.add(column, row, to: &bytes) }
      rows.append(bytes)
    }
  }

  /// Takes over what was left out.
  mutating func add(_ bad: BadRows) {
    badRows = bad.count
    reasons = bad.reasons.map { "\($0.message) line \($0.location.line ?? 0)" }
  }

  /// Takes over the error that ended the reading.
  mutating func fail(_ error: DSXError) {
    failure = "\(error.code.name): \(error.message) line \(error.location.line ?? 0)"
  }

  private static func add(_ column: Column, _ row: Int, to bytes: inout [UInt8]) {
    bytes.append(column.isValid(row) ? 1 : 0)
    let range: Range<Int>
    if let offsets = column.offsets {
      require(offsets[row] <= offsets[row + 1], "offsets do not rise")
      range = offsets[row]..<offsets[row + 1]
    } else {
      range = row..<row + 1
    }
    add(UInt64(range.count), to: &bytes)
    switch column.elements {
    case .int32(let values):
      for value in values[range] { add(UInt64(bitPattern: Int64(value)), to: &bytes) }
    case .int64(let values):
      for value in values[range] { add(UInt64(bitPattern: value), to: &bytes) }
    case .float32(let values):
      for value in values[range] { add(UInt64(value.bitPattern), to: &bytes) }
    case .float64(let values): for value in values[range] { add(value.bitPattern, to: &bytes) }
    case .bytes(let values): bytes.append(contentsOf: values[range])
    }
  }

  private static func add(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

extension TableRows {
  /// All that a reader's cursor gives.
  static func streamed(_ make: () throws(DSXError) -> TableReader) -> TableRows {
    var result = TableRows()
    do throws(DSXError) {
      let reader = try make()
      result.schema = reader.schema
      var cursor = try reader.cursor()
      do throws(DSXError) {
        while let batch = try cursor.next() {
          require(batch.columns.allSatisfy { $0.rows == batch.rows }, "columns of two lengths")
          result.add(batch)
        }
      } catch { result.fail(error) }
      result.add(cursor.badRows)
    } catch { result.fail(error) }
    return result
  }
}
