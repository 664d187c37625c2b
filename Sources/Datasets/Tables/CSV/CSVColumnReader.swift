internal import DSXCore
internal import Glibc

/// Turns one column of some rows into typed values, straight from the bytes.
struct CSVColumnReader {
  let pieces: [CSVPiece]
  /// The column's place in the file.
  let place: Int
  /// Texts besides the empty one that mean a missing number.
  let nullTexts: [[UInt8]]

  var count: Int { pieces.reduce(0) { $0 + $1.rows.count } }

  /// Where a value was not of its type: the piece and the row of its chunk.
  struct Failure: Error {
    let piece: Int
    let row: Int
  }

  @inline(__always)
  func isMissing(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    count == 0 || (!nullTexts.isEmpty && isNullText(text, count))
  }

  @inline(never)
  private func isNullText(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    nullTexts.contains { $0.count == count && memcmp($0, text, count) == 0 }
  }

  /// Adds the numbers of a piece by `convert`; rows without a value get a zero and are `missing`. The row whose text
  /// is neither, if there is one.
  @inline(__always)
  private func append<Number>(
    _ piece: CSVPiece, to values: inout [Number], missing: inout [UInt32], zero: Number,
    _ convert: (UnsafePointer<UInt8>, Int, Int) -> Number?
  ) -> Int? {
    var stopped: Int?
    let first = values.count
    values.append(addingCapacity: piece.rows.count) { span in
      span.withUnsafeMutableBufferPointer { buffer, filled in
        guard let base = buffer.baseAddress else { return }
        var index = 0
        stopped = piece.eachField(place) { text, count, _, room in
          if let value = convert(text, count, room) {
            (base + index).initialize(to: value)
          } else if isMissing(text, count) {
            (base + index).initialize(to: zero)
            missing.append(UInt32(truncatingIfNeeded: first + index))
          } else {
            return false
          }
          index &+= 1
          return true
        }
        filled = index
      }
    }
    return stopped
  }

  /// The numbers of all pieces; `missing` are the places without a value.
  @inline(__always)
  private func numbers<Number>(
    _ zero: Number, missing: inout [UInt32],
    _ convert: (UnsafePointer<UInt8>, Int, Int) -> Number?
  ) throws(Failure) -> [Number] {
    var values: [Number] = []
    FreshMemory.reserve(count, in: &values)
    for (number, piece) in pieces.enumerated() {
      if let row = append(piece, to: &values, missing: &missing, zero: zero, convert) {
        throw Failure(piece: number, row: row)
      }
    }
    return values
  }

  /// Adds a piece's integers; the first row that has none, if there is one.
  func appendInt64(_ piece: CSVPiece, to values: inout [Int64], missing: inout [UInt32]) -> Int? {
    append(piece, to: &values, missing: &missing, zero: 0) { text, count, room in
      NumberText.int64(text, count, room: room)
    }
  }

  /// Adds a piece's numbers; the first row that has none, if there is one.
  func appendFloat64(
    _ piece: CSVPiece, to values: inout [Double], missing: inout [UInt32], exactIntegers: Bool
  ) -> Int? {
    append(piece, to: &values, missing: &missing, zero: 0) { text, count, _ in
      NumberText.double(text, count, exactIntegers: exactIntegers)
    }
  }

  /// Which of so many rows have a value; nil when all have.
  func validity(_ missing: [UInt32], of count: Int) -> [Bool]? {
    guard !missing.isEmpty else { return nil }
    var valid = [Bool](repeating: true, count: count)
    for row in missing { valid[Int(row)] = false }
    return valid
  }

  /// int64 values.
  func int64() throws(Failure) -> Column {
    var missing: [UInt32] = []
    let values = try numbers(Int64(0), missing: &missing) { text, count, room in
      NumberText.int64(text, count, room: room)
    }
    return Column(.int64(values), validity: validity(missing, of: count))
  }

  /// int32 values.
  func int32() throws(Failure) -> Column {
    var missing: [UInt32] = []
    let values = try numbers(Int32(0), missing: &missing) { text, count, room in
      NumberText.int64(text, count, room: room).flatMap { Int32(exactly: $0) }
    }
    return Column(.int32(values), validity: validity(missing, of: count))
  }

  /// float64 values; `exactIntegers` refuses integers that float64 does not hold.
  func float64(exactIntegers: Bool = false) throws(Failure) -> Column {
    var missing: [UInt32] = []
    let values = try numbers(0.0, missing: &missing) { text, count, _ in
      NumberText.double(text, count, exactIntegers: exactIntegers)
    }
    return Column(.float64(values), validity: validity(missing, of: count))
  }

  /// float32 values.
  func float32() throws(Failure) -> Column {
    var missing: [UInt32] = []
    let values = try numbers(Float(0), missing: &missing) { text, count, _ in
      NumberText.float(text, count)
    }
    return Column(.float32(values), validity: validity(missing, of: count))
  }

  /// What the cells are, looking no further once there is text. A trial of numbers that failed at one row
  /// has not to be repeated for the rows before it.
  func kind(known: CSVKind = []) -> CSVKind {
    var kind = known
    guard !kind.contains(.text) else { return kind }
    for piece in pieces {
      _ = piece.eachField(place) { text, count, _, room in
        if let value = NumberText.int64(text, count, room: room) {
          kind.insert(.integer)
          if value.magnitude > 1 << 53, Double(exactly: value) == nil { kind.insert(.inexact) }
        } else if isMissing(text, count) {
          kind.insert(.missing)
        } else if NumberText.double(text, count, exactIntegers: true) != nil {
          kind.insert(.number)
        } else {
          kind.insert(.text)
          return false
        }
        return true
      }
      if kind.contains(.text) { break }
    }
    return kind
  }
}
