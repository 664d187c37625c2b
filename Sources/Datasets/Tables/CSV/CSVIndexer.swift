internal import DSXCore
internal import Kernels

/// Makes chunks of text that begins at a row.
///
/// A row whose quotes are wrong ends at the next line end behind the fault; a quote that is never closed
/// costs the line that its row begins with. Rows longer than the limit end the reading.
struct CSVIndexer: Sendable {
  let dialect: CSVDialect
  /// Fields of a row; nil takes the first row that is not blank, whatever its width, and stops.
  let width: Int?
  /// Whether a chunk ends at its first bad row.
  let stopsAtFault: Bool
  let maximumRow: Int

  /// The whole rows that the kernel found from one starting point.
  private struct Piece {
    let from: Int
    /// Behind its last whole row.
    let end: Int
    let borders: Int
    let rows: Int
  }

  /// Indexes the whole rows of `text[0..<count]`; `text` may go on behind them, and `isAtEnd` says that
  /// the input ends with `text[count - 1]`.
  func chunk(
    _ text: UnsafeRawBufferPointer, start: Int, count: Int, isAtEnd: Bool, _ scratch: CSVScratch
  ) -> CSVChunk {
    guard let base = text.baseAddress?.assumingMemoryBound(to: UInt8.self), count > 0 else {
      return CSVChunk(start: start, borders: 1, rows: 0)
    }
    scratch.reserve(count)
    var at = 0
    var made: CSVChunk?
    // A new piece begins behind each row whose quotes are wrong; nearly always there is one only.
    while at < count {
      var found = dsx_csv_found()
      dsx_csv_index(
        base, at, count, text.count, isAtEnd ? 1 : 0, dialect.delimiter, dialect.kernelQuote,
        scratch.borders, scratch.rowEnds, scratch.escapes, &found)
      let rows = found.rows
      let piece = Piece(
        from: at, end: rows > 0 ? min(scratch.rowEnd(rows - 1) + 1, count) : at,
        borders: rows > 0 ? Int(scratch.rowEnds[rows - 1]) : 0, rows: rows)
      let fault = fault(found, piece, text, count: count, isAtEnd: isAtEnd)
      let chunk: CSVChunk
      if let made {
        chunk = made
      } else if fault == nil {
        chunk = CSVChunk(start: start, borders: piece.borders + 1, rows: piece.rows)
      } else {
        chunk = CSVChunk(start: start, borders: count + 8, rows: count + 8)
      }
      made = chunk
      chunk.hasQuotes = chunk.hasQuotes || found.quotes != 0
      chunk.escapes += UnsafeBufferPointer(start: scratch.escapes, count: found.escapes)
      chunk.hasReturns = chunk.hasReturns || found.returns != 0
      let invalid = found.invalid != 0 ? invalidRows(text, piece, scratch) : [:]
      if collect(piece, into: chunk, text: base, size: count, invalid, scratch) { return chunk }
      chunk.used = piece.end
      guard let fault else { break }
      chunk.add(fault.kind, row: piece.end, at: fault.at)
      chunk.used = fault.resume
      if case .tooLong = fault.kind { chunk.isFatal = true }
      if stopsAtFault || chunk.isFatal { break }
      at = fault.resume
    }
    return made ?? CSVChunk(start: start, borders: 1, rows: 0)
  }

  /// What is wrong with the row behind a piece, and where reading goes on; nil when it only is not whole.
  private func fault(
    _ found: dsx_csv_found, _ piece: Piece, _ text: UnsafeRawBufferPointer, count: Int,
    isAtEnd: Bool
  ) -> (kind: CSVFault.Kind, at: Int, resume: Int)? {
    // SIZE_MAX comes over as -1.
    if found.fault >= 0 {
      return lineEnd(text, from: found.fault, count: count, isAtEnd: isAtEnd)
        .map { (.strayQuote, found.fault, $0) }
    }
    if count - piece.end > maximumRow { return (.tooLong(maximumRow), piece.end, count) }
    if found.in_quotes != 0, isAtEnd {
      return lineEnd(text, from: piece.end, count: count, isAtEnd: true)
        .map { (.openQuote, piece.end, $0) }
    }
    return nil
  }

  /// Takes over the good rows of a piece; true when the chunk ends within it.
  private func collect(
    _ piece: Piece, into chunk: CSVChunk, text: UnsafePointer<UInt8>, size: Int,
    _ invalid: [Int: Int], _ scratch: CSVScratch
  ) -> Bool {
    let offset = chunk.append(
      scratch.borders, count: piece.borders, before: UInt32(truncatingIfNeeded: piece.from) &- 1)
    let looksAtAll =
      !invalid.isEmpty || piece.end - piece.from > maximumRow || (width ?? 1) == 1
    let wanted = UInt32(truncatingIfNeeded: width ?? 0)
    let rowEnds = scratch.rowEnds
    var before: UInt32 = 0
    var good = chunk.rows
    defer { chunk.rows = good }
    for row in 0..<piece.rows {
      let first = before
      before = rowEnds[row]
      if before &- first == wanted, !looksAtAll {
        chunk.firsts[good] = offset &+ first
        good &+= 1
        continue
      }
      let rowStart = first == 0 ? piece.from : Int(scratch.borders[Int(first) - 1]) + 1
      let rowEnd = scratch.rowEnd(row)
      let count = Int(before - first)
      if count == 1, rowEnd == rowStart || (rowEnd == rowStart + 1 && text[rowStart] == 0x0d) {
        continue
      }
      let kind: CSVFault.Kind
      if invalid[row] != nil {
        kind = .utf8
      } else if rowEnd - rowStart > maximumRow {
        kind = .tooLong(maximumRow)
        chunk.isFatal = true
      } else if let width, count != width {
        kind = .width(count)
      } else {
        chunk.firsts[good] = offset &+ first
        good &+= 1
        guard width == nil else { continue }
        chunk.firstWidth = count
        chunk.used = min(rowEnd + 1, size)
        return true
      }
      chunk.rows = good
      chunk.add(kind, row: rowStart, at: invalid[row] ?? rowStart)
      if stopsAtFault || chunk.isFatal {
        chunk.used = min(rowEnd + 1, size)
        return true
      }
    }
    return false
  }

  /// The rows of a piece that are no UTF-8, each with its first bad byte: a slow look, for what is seldom.
  private func invalidRows(
    _ text: UnsafeRawBufferPointer, _ piece: Piece, _ scratch: CSVScratch
  ) -> [Int: Int] {
    var result: [Int: Int] = [:]
    var row = 0
    var at = piece.from
    while at < piece.end,
      let bad = UTF8Validation.firstInvalid(UnsafeRawBufferPointer(rebasing: text[at..<piece.end]))
    {
      while row < piece.rows, scratch.rowEnd(row) < at + bad { row += 1 }
      guard row < piece.rows else { break }
      result[row] = at + bad
      at = scratch.rowEnd(row) + 1
      row += 1
    }
    return result
  }

  /// The start of the next line behind `from`; nil when that is not there yet.
  private func lineEnd(
    _ text: UnsafeRawBufferPointer, from: Int, count: Int, isAtEnd: Bool
  ) -> Int? {
    for at in from..<count {
      if text[at] == 0x0a { return at + 1 }
      guard text[at] == 0x0d else { continue }
      if at + 1 < text.count { return text[at + 1] == 0x0a ? at + 2 : at + 1 }
      return isAtEnd ? at + 1 : nil
    }
    return isAtEnd ? count : nil
  }
}
