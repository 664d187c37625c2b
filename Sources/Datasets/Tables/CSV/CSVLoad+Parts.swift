internal import DSXCore

extension CSVLoad {
  /// A part of the file, converted.
  struct Part {
    /// Its text begins here, and its chunk ended there.
    let start: Int
    let end: Int
    let rows: Int
    var columns: [Column]
    var kinds: [CSVKind]
    let faults: [CSVFault]
    let isFatal: Bool
    let failure: CSVFault?
  }

  /// Converts chunks that follow each other: as one part, or each for itself where something is wrong with one.
  func convert(
    _ work: CSVParallelIndex, _ numbers: Range<Int>, _ scratch: CSVScratch, _ known: [CSVKind]
  ) -> [Part] {
    var chunks: [CSVChunk] = []
    if numbers.count > 1, let part = join(work, numbers, scratch, known, &chunks) { return [part] }
    for number in numbers.dropFirst(chunks.count) {
      // What begins at a wrong guess is of no use.
      if let last = chunks.last, last.start + last.used != work.position(number) { break }
      chunks.append(work.chunk(number, scratch))
    }
    return zip(numbers, chunks).map { convert($1, work.text($0), known) }
  }

  /// Converts chunks as one part; each is read while its text is in the near cache. nil when something is wrong with
  /// one of them. `chunks` are those made.
  private func join(
    _ work: CSVParallelIndex, _ numbers: Range<Int>, _ scratch: CSVScratch, _ known: [CSVKind],
    _ chunks: inout [CSVChunk]
  ) -> Part? {
    let all = work.position(numbers.upperBound)
    var groups = table.inferred.map {
      CSVColumnGroup(table.reader($0, []), known: known[$0], end: all)
    }
    var pieces: [CSVPiece] = []
    var (start, end, rows) = (0, 0, 0)
    for number in numbers {
      let chunk = work.chunk(number, scratch)
      let text = work.text(number)
      chunks.append(chunk)
      if pieces.isEmpty { start = chunk.start }
      end = chunk.start + chunk.used
      let isJoined = number + 1 == numbers.upperBound || end == work.position(number + 1)
      guard isJoined, !chunk.isFatal else { return nil }
      if table.options.onBadRow == .skip { table.leaveOutBadValues(chunk, text) }
      guard chunk.faults.isEmpty, let piece = table.piece(chunk, text, rows: 0..<chunk.rows) else {
        return nil
      }
      pieces.append(piece)
      for index in groups.indices { groups[index].append(pieces) }
      rows += chunk.rows
    }
    var columns: [Column] = []
    var kinds = [CSVKind](repeating: [], count: table.schema.fields.count)
    // Numbers of inferred fields rise.
    var next = 0
    for index in table.schema.fields.indices {
      if next < groups.count, table.inferred[next] == index {
        let (column, kind) = groups[next].finish()
        next += 1
        columns.append(column)
        kinds[index] = kind
      } else if let column = try? table.column(index, pieces) {
        columns.append(column)
      } else {
        return nil
      }
    }
    return Part(
      start: start, end: end, rows: rows, columns: columns, kinds: kinds, faults: [],
      isFatal: false, failure: nil)
  }

  /// Converts the rows of a chunk; `known` kinds only save trials.
  func convert(_ chunk: CSVChunk, _ text: UnsafeRawBufferPointer, _ known: [CSVKind])
    -> Part
  {
    if table.options.onBadRow == .skip { table.leaveOutBadValues(chunk, text) }
    var columns: [Column] = []
    var kinds = [CSVKind](repeating: [], count: table.schema.fields.count)
    var failed: (row: Int, column: Int)?
    let isInferred = Set(table.inferred)
    if let piece = table.piece(chunk, text, rows: 0..<chunk.rows) {
      for index in table.schema.fields.indices {
        if isInferred.contains(index) {
          let trial = table.reader(index, [piece]).trial(known[index])
          columns.append(trial.column)
          kinds[index] = trial.kind
          continue
        }
        do throws(CSVColumnReader.Failure) {
          columns.append(try table.column(index, [piece]))
        } catch {
          if failed == nil || error.row < failed?.row ?? 0 { failed = (error.row, index) }
        }
      }
      if let failed {
        return Part(
          start: chunk.start, end: chunk.start + chunk.used, rows: chunk.rows, columns: [],
          kinds: kinds, faults: chunk.faults, isFatal: chunk.isFatal,
          failure: table.fault(failed.column, failed.row, piece))
      }
    }
    return Part(
      start: chunk.start, end: chunk.start + chunk.used, rows: chunk.rows, columns: columns,
      kinds: kinds, faults: chunk.faults, isFatal: chunk.isFatal, failure: nil)
  }
}

extension CSVKind {
  /// The type that a part of such cells was converted to: without any value, int64.
  var loadedType: FieldType { isSubset(of: .missing) ? .int64 : type }
}

extension CSVColumnReader {
  /// The column in the narrowest type that its cells allow, and what they are. `known` are kinds of other
  /// rows: a trial that they rule out is not made.
  func trial(_ known: CSVKind) -> (column: Column, kind: CSVKind) {
    guard !known.contains(.text) else { return (text(), .text) }
    if !known.contains(.number) {
      do throws(Failure) {
        let column = try int64()
        return (column, column.kind)
      } catch {}
    }
    do throws(Failure) {
      // Some cell here or elsewhere is no integer, and those that are one are exact.
      let column = try float64(exactIntegers: true)
      return (column, column.validity == nil ? .number : [.number, .missing])
    } catch { return (text(), .text) }
  }
}

extension Column {
  /// The kind of a column of integers.
  fileprivate var kind: CSVKind {
    guard case .int64(let values) = elements else { return .text }
    var kind: CSVKind = validity == nil ? [] : .missing
    if values.count > (validity?.count { !$0 } ?? 0) { kind.insert(.integer) }
    var all: UInt64 = 0
    for value in values { all |= value.magnitude }
    if all > 1 << 53, values.contains(where: { Double(exactly: $0) == nil }) {
      kind.insert(.inexact)
    }
    return kind
  }
}
