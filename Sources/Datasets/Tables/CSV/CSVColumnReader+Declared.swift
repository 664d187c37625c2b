internal import DSXCore

extension CSVColumnReader {
  /// The column, unless values are missing that its field does not allow to.
  func checked(_ column: Column, _ field: Field) throws(Failure) -> Column {
    guard !field.isNullable, let row = column.validity?.firstIndex(of: false) else { return column }
    throw failure(atRow: row)
  }

  private func failure(atRow row: Int) -> Failure {
    var left = row
    for (number, piece) in pieces.enumerated() {
      if left < piece.rows.count {
        return Failure(piece: number, row: piece.rows.lowerBound + left)
      }
      left -= piece.rows.count
    }
    return Failure(piece: 0, row: 0)
  }

  /// The column of a field whose feature is more than its stored type, value by value.
  func assembled(_ field: Field) throws(Failure) -> Column {
    var assembler = ColumnAssembler(field)
    for (number, piece) in pieces.enumerated() {
      for row in piece.rows {
        do throws(DSXError) {
          try add(piece.field(row, place), to: &assembler)
        } catch { throw Failure(piece: number, row: row) }
      }
    }
    return assembler.take()
  }

  /// Adds a cell; one that cannot be added leaves the assembler as it was.
  func add(_ text: [UInt8], to assembler: inout ColumnAssembler) throws(DSXError) {
    let isMissing = text.isEmpty || nullTexts.contains(text)
    if isMissing, assembler.field.isNullable || !assembler.takesEmptyText {
      try assembler.appendMissing()
    } else {
      try assembler.append(text: text)
    }
  }
}
