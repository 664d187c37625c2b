internal import DSXCore

/// Loads a mapped CSV file whole: rows are converted as their types look so far, and parts whose column
/// turned out wider are converted again from the text.
///
/// One pass over the text in the usual case; the result is that of an inference and a second pass.
struct CSVLoad: Sendable {
  let table: CSVTable

  func run() throws(DSXError) -> Table {
    let window = try table.input.open()
    let text = TextBytes(bytes: window.bytes)
    defer { withExtendedLifetime(window) {} }
    var parts: [Part] = []
    var known = [CSVKind](repeating: [], count: table.schema.fields.count)
    var position = table.bodyStart
    var chunkBytes = table.options.chunkBytes
    var stretch = mostChunks
    while position < text.bytes.count {
      let more: [Part]
      if chunkBytes > table.options.chunkBytes {
        more = [readChunk(text, from: position, count: chunkBytes)]
      } else {
        let isWhole: Bool
        (more, isWhole) = read(text, from: position, chunks: stretch, known)
        // Behind a wrong guess less is guessed at once: what lies behind it was read for nothing.
        stretch = isWhole ? min(mostChunks, stretch * 2) : max(Self.leastChunks, stretch / 2)
      }
      guard let last = more.last, last.end > position else {
        // A row that does not end before the next guessed start, a quote that is never closed: more text.
        guard chunkBytes < text.bytes.count - position else { break }
        chunkBytes *= 4
        continue
      }
      chunkBytes = table.options.chunkBytes
      parts += more
      for part in more { for index in known.indices { known[index].formUnion(part.kinds[index]) } }
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

  /// Chunks that are read in one go: a bound for what a wrong guess costs, and for chunks whose ends nobody could guess.
  private var mostChunks: Int { min(512, Self.groupChunks * 4 * threads) }
  private static let leastChunks = 4
  private var threads: Int { max(1, table.options.threads) }

  /// Reads up to so many chunks from a row's start, side by side: the parts up to the first whose end was guessed
  /// wrong, and whether there was none. `known` are the kinds of rows before.
  private func read(
    _ text: TextBytes, from position: Int, chunks: Int, _ known: [CSVKind]
  ) -> (parts: [Part], isWhole: Bool) {
    let rest = UnsafeRawBufferPointer(rebasing: text.bytes[position...])
    let count = min(rest.count, chunks * table.options.chunkBytes)
    let starts = CSVBoundaries(indexer: table.indexer).starts(
      UnsafeRawBufferPointer(rebasing: rest[..<count]), step: table.options.chunkBytes)
    let work = CSVParallelIndex(
      indexer: table.indexer, text: rest, start: position, starts: starts, count: count,
      isAtEnd: count == rest.count, examine: { _, _ in })
    // Several chunks share their columns, so that these are large; enough groups to keep all threads busy.
    let size =
      threads == 1
      ? Self.groupChunks : max(1, min(Self.groupChunks, starts.count / (threads * 4)))
    let groups = (starts.count + size - 1) / size
    let made = Lock(CSVPartGroups(count: groups, known: known))
    FanOut.run(count: groups, workers: threads) { source in
      let scratch = CSVScratch()
      while let group = source.take() {
        guard let known = made.withLock({ $0.known(before: group) }) else { continue }
        let numbers = group * size..<min((group + 1) * size, starts.count)
        let parts = convert(work, numbers, scratch, known)
        let next = numbers.upperBound < starts.count ? work.position(numbers.upperBound) : nil
        made.withLock { $0.add(parts, group, next: next) }
      }
    }
    return made.withLock { ($0.joined, $0.isWhole) }
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
  static let groupChunks = 32

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
