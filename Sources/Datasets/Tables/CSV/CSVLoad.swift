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
    let made = Lock(Groups(count: groups, fields: table.schema.fields.count))
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
    return made.withLock { $0.joined }
  }

  /// The parts of groups of chunks, made in any order.
  private struct Groups {
    private var parts: [[Part]?]
    private var kinds: [[CSVKind]]
    /// The first group that does not end where the next one was guessed to begin: those behind it are of no use.
    private var last = Int.max
    private let fields: Int

    init(count: Int, fields: Int) {
      parts = Array(repeating: nil, count: count)
      kinds = Array(repeating: [], count: count)
      self.fields = fields
    }

    /// What the cells before a group are, as far as it is known; nil where the group is of no use. Groups behind tell
    /// nothing: their starts may be wrong.
    func known(before group: Int) -> [CSVKind]? {
      guard group <= last else { return nil }
      var known = [CSVKind](repeating: [], count: fields)
      for kinds in kinds[..<group] {
        for (index, kind) in kinds.enumerated() { known[index].formUnion(kind) }
      }
      return known
    }

    /// Takes the parts of a group behind which `next` was guessed to be a row's start.
    mutating func add(_ more: [Part], _ group: Int, next: Int?) {
      let ends = more.dropFirst().map(\.start) + [next ?? more.last?.end ?? 0]
      let good = zip(more, ends).prefix { $0.end == $1 }.count
      if good < more.count { last = min(last, group) }
      let kept = Array(more.prefix(good + 1))
      parts[group] = kept
      kinds[group] = kept.dropFirst().reduce(into: kept.first?.kinds ?? []) { kinds, part in
        for (index, kind) in part.kinds.enumerated() { kinds[index].formUnion(kind) }
      }
    }

    var joined: [Part] { parts.prefix(last == .max ? parts.count : last + 1).flatMap { $0 ?? [] } }
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
