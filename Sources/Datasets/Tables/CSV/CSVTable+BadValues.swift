internal import DSXCore

extension CSVTable {
  /// Leaves out the rows of a chunk that have values of other types than their columns.
  func leaveOutBadValues(_ chunk: CSVChunk, _ text: UnsafeRawBufferPointer) {
    guard chunk.rows > 0, let piece = piece(chunk, text, rows: 0..<chunk.rows) else { return }
    var bad: [Int: CSVFault.Kind] = [:]
    for index in schema.fields.indices {
      for row in reader(index, [piece]).badRows(piece, schema.fields[index]) where bad[row] == nil {
        bad[row] = fault(index, row, piece).kind
      }
    }
    chunk.leaveOut(bad.keys.sorted().map { (row: $0, kind: bad[$0] ?? .utf8) })
  }
}

extension CSVColumnReader {
  /// The rows of a piece whose value is not of the field's type: those at which its column cannot be made.
  func badRows(_ piece: CSVPiece, _ field: Field) -> [Int] {
    switch field.feature {
    case .plain where field.shape == nil || field.type == .string:
      switch field.type {
      case .int32:
        return badRows(piece, field) { text, count, room in
          NumberText.int64(text, count, room: room).flatMap { Int32(exactly: $0) } != nil
        }
      case .int64:
        return badRows(piece, field) { NumberText.int64($0, $1, room: $2) != nil }
      case .float32:
        return badRows(piece, field) { text, count, _ in NumberText.float(text, count) != nil }
      case .float64:
        return badRows(piece, field) { text, count, _ in
          NumberText.double(text, count, exactIntegers: false) != nil
        }
      case .string, .bytes: return []
      }
    case .file, .image: return []
    default: return badValues(piece, field)
    }
  }

  @inline(__always)
  private func badRows(
    _ piece: CSVPiece, _ field: Field,
    _ isNumber: (UnsafePointer<UInt8>, Int, Int) -> Bool
  ) -> [Int] {
    var bad: [Int] = []
    var row = piece.rows.lowerBound
    _ = piece.eachField(place) { text, count, _, room in
      if !isNumber(text, count, room), !(field.isNullable && isMissing(text, count)) {
        bad.append(row)
      }
      row &+= 1
      return true
    }
    return bad
  }

  /// The same for a field whose feature is more than its stored type.
  private func badValues(_ piece: CSVPiece, _ field: Field) -> [Int] {
    var assembler = ColumnAssembler(field)
    return piece.rows.filter { row in
      do throws(DSXError) {
        try add(piece.field(row, place), to: &assembler)
        return false
      } catch { return true }
    }
  }
}
