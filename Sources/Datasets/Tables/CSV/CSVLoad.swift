internal import DSXCore

/// Loads a mapped CSV file whole: rows are converted as their types look so far, and parts whose column
/// turned out wider are converted again from the text.
///
/// One pass over the text in the usual case; the result is that of an inference and a second pass.
struct CSVLoad: Sendable {
  let table: CSVTable

  /// A part of the file, converted.
  private struct Part {
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

  func run() throws(DSXError) -> Table {
    let window = try table.input.open()
    let text = TextBytes(bytes: window.bytes)
    defer { withExtendedLifetime(window) {} }
    var parts: [Part] = []
    var position = table.bodyStart
    var chunkBytes = table.options.chunkBytes
    // Nearly always once: again only behind a guessed row start that was wrong.
    while position < text.bytes.count {
      let isLonger = chunkBytes > table.options.chunkBytes
      let more =
        isLonger
        ? [readChunk(text, from: position, count: chunkBytes)] : read(text, from: position)
      guard let last = more.last, last.end > position else {
        // A row that does not end before the next guessed start, a quote that is never closed: more text.
        guard chunkBytes < text.bytes.count - position else { break }
        chunkBytes *= 4
        continue
      }
      chunkBytes = table.options.chunkBytes
      parts += more
      position = last.end
      if last.isFatal || (table.options.onBadRow == .refuse && !last.faults.isEmpty) { break }
    }
    var badRows = BadRows()
    var row = 0
    for part in parts {
      if let failure = part.failure {
        throw failure.error(window, table.context, row: row + failure.rowsBefore)
      }
      for fault in part.faults {
        let isEnd = part.isFatal && fault.rowStart == part.faults.last?.rowStart
        let error = { fault.error(window, table.context, row: row + fault.rowsBefore) }
        if table.options.onBadRow == .refuse || isEnd { throw error() }
        badRows.add(error())
      }
      row += part.rows
    }
    return finish(parts, text, badRows)
  }

  /// Reads from a row's start, side by side; the parts up to the first whose end was guessed wrong.
  private func read(_ text: TextBytes, from position: Int) -> [Part] {
    let rest = UnsafeRawBufferPointer(rebasing: text.bytes[position...])
    let starts = CSVBoundaries(indexer: table.indexer).starts(rest, step: table.options.chunkBytes)
    let work = CSVParallelIndex(
      indexer: table.indexer, text: rest, start: position, starts: starts, count: rest.count,
      isAtEnd: true, examine: { _, _ in })
    // Several chunks share their columns, so that these are large; enough groups to keep all threads busy.
    let threads = table.options.threads
    let size =
      threads == 1
      ? Self.groupChunks : max(1, min(Self.groupChunks, starts.count / (threads * 4)))
    let groups = (starts.count + size - 1) / size
    let made = Lock([[Part]](repeating: [], count: groups))
    let widest = Lock([CSVKind](repeating: [], count: table.schema.fields.count))
    FanOut.run(count: groups, workers: threads) { source in
      let scratch = CSVScratch()
      while let group = source.take() {
        let numbers = group * size..<min((group + 1) * size, starts.count)
        let chunks = numbers.map { (work.chunk($0, scratch), work.text($0)) }
        let known = widest.withLock { $0 }
        let parts = convert(chunks, known).map { [$0] } ?? chunks.map { convert($0, $1, known) }
        widest.withLock { kinds in
          for part in parts {
            for index in kinds.indices { kinds[index].formUnion(part.kinds[index]) }
          }
        }
        made.withLock { $0[group] = parts }
      }
    }
    let parts: [Part] = made.withLock { Array($0.joined()) }
    for (part, next) in zip(parts, parts.dropFirst()) where part.end != next.start {
      return Array(parts.prefix { $0.start <= part.start })
    }
    return parts
  }

  /// Reads one chunk from a row's start.
  private func readChunk(_ text: TextBytes, from position: Int, count: Int) -> Part {
    let rest = UnsafeRawBufferPointer(rebasing: text.bytes[position...])
    let count = min(count, rest.count)
    let chunk = table.indexer.chunk(
      rest, start: position, count: count, isAtEnd: count == rest.count, CSVScratch())
    return convert(chunk, rest, [CSVKind](repeating: [], count: table.schema.fields.count))
  }

  /// Chunks that share their columns: 16 MiB of text.
  private static let groupChunks = 32

  /// Converts the rows of chunks that follow each other as one part; nil when something is wrong with one
  /// of them, which is told chunk by chunk.
  private func convert(_ chunks: [(CSVChunk, UnsafeRawBufferPointer)], _ known: [CSVKind]) -> Part?
  {
    guard chunks.count > 1, let first = chunks.first?.0, let last = chunks.last?.0 else {
      return nil
    }
    for (index, (chunk, _)) in chunks.enumerated() {
      let isJoined =
        index + 1 == chunks.count || chunk.start + chunk.used == chunks[index + 1].0.start
      guard isJoined, chunk.faults.isEmpty, !chunk.isFatal else { return nil }
    }
    var pieces: [CSVPiece] = []
    for (chunk, text) in chunks {
      if table.options.onBadRow == .skip { table.leaveOutBadValues(chunk, text) }
      guard chunk.faults.isEmpty, let piece = table.piece(chunk, text, rows: 0..<chunk.rows) else {
        return nil
      }
      pieces.append(piece)
    }
    var groups = table.inferred.map {
      CSVColumnGroup(table.reader($0, pieces), known: known[$0])
    }
    for number in pieces.indices {
      for index in groups.indices { groups[index].append(number) }
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
      start: first.start, end: last.start + last.used,
      rows: pieces.reduce(0) { $0 + $1.rows.count },
      columns: columns, kinds: kinds, faults: [], isFatal: false, failure: nil)
  }

  /// Converts the rows of a chunk; `known` kinds only save trials.
  private func convert(_ chunk: CSVChunk, _ text: UnsafeRawBufferPointer, _ known: [CSVKind])
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

  /// Gives all parts the types of the whole.
  private func finish(_ parts: [Part], _ text: TextBytes, _ badRows: BadRows) -> Table {
    var kinds = [CSVKind](repeating: [], count: table.schema.fields.count)
    for part in parts {
      for index in kinds.indices { kinds[index].formUnion(part.kinds[index]) }
    }
    let typed = table.typed(kinds)
    var batches: [Batch] = []
    var row = 0
    for part in parts where part.rows > 0 {
      var columns = part.columns
      var again: CSVChunk?
      for index in table.inferred {
        let wanted = typed.schema.fields[index].type
        let had = part.kinds[index].loadedType
        guard wanted != had else { continue }
        if wanted == .float64, case .int64(let values) = columns[index].elements {
          columns[index].elements = .float64(values.map { Double($0) })
          continue
        }
        let bytes = UnsafeRawBufferPointer(rebasing: text.bytes[part.start...])
        let chunk =
          again
          ?? {
            let count = part.end - part.start
            let chunk = table.indexer.chunk(
              bytes, start: part.start, count: min(count, bytes.count),
              isAtEnd: part.end >= text.bytes.count, CSVScratch())
            if table.options.onBadRow == .skip { table.leaveOutBadValues(chunk, bytes) }
            return chunk
          }()
        again = chunk
        if let piece = table.piece(chunk, bytes, rows: 0..<chunk.rows) {
          columns[index] = table.reader(index, [piece]).text()
        }
      }
      batches.append(Batch(schema: typed.schema, columns: columns, firstRow: row))
      row += part.rows
    }
    return Table(schema: typed.schema, batches: batches, badRows: badRows)
  }
}

/// Mapped text that several threads read.
struct TextBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
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
