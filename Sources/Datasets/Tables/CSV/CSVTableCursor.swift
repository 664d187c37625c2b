internal import DSXCore

/// The rows of a CSV table, batch after batch.
///
/// Chunks are indexed and batches converted on the options' threads; every batch but the last holds
/// exactly the asked number of rows, wherever chunks end.
struct CSVTableCursor: TableCursor {
  private let reading: Reading
  private var ready: [Ready] = []
  private var given = 0
  private(set) var state: CursorState
  private(set) var badRows = BadRows()

  init(_ table: CSVTable) throws(DSXError) {
    reading = try Reading(table)
    state = CursorState(row: 0, byte: table.bodyStart)
  }

  var schema: Schema { reading.table.schema }
  var consumed: Int { reading.stream.window.consumed(state.byte) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    try reading.restore(state)
    ready = []
    given = 0
    self.state = state
  }

  mutating func next() throws(DSXError) -> Batch? {
    if given == ready.count {
      ready = try reading.more()
      given = 0
    }
    guard given < ready.count else { return nil }
    let next = ready[given]
    given += 1
    state = next.state
    badRows = next.badRows
    // A batch that was given is not kept.
    ready[given - 1].result = nil
    return try next.result?.get()
  }

  /// A batch that was made, or why it could not be.
  struct Ready {
    var result: Result<Batch, DSXError>?
    let state: CursorState
    let badRows: BadRows
  }

  /// The rows of a batch to be made.
  private struct Job {
    var pieces: [(chunk: CSVChunk, rows: Range<Int>)] = []
    let firstRow: Int
    var count = 0
  }

  /// The chunks that are partly used, shared by copies of a cursor.
  private final class Reading {
    let table: CSVTable
    private(set) var stream: CSVChunkStream
    private var chunks: [CSVChunk] = []
    /// The next row of the first chunk, and its faults that were seen.
    private var row = 0
    private var seen = 0
    private var total = 0
    private var badRows = BadRows()

    init(_ table: CSVTable) throws(DSXError) {
      self.table = table
      stream = try Self.stream(table)
    }

    private static func stream(_ table: CSVTable) throws(DSXError) -> CSVChunkStream {
      let skips = table.options.onBadRow == .skip
      return try CSVChunkStream(table) { chunk, text in
        if skips { table.leaveOutBadValues(chunk, text) }
      }
    }

    func restore(_ state: CursorState) throws(DSXError) {
      let fresh = try Self.stream(table)
      try fresh.seek(to: state.byte)
      stream = fresh
      chunks = []
      row = 0
      seen = 0
      total = state.row
    }

    private var position: Int {
      chunks.first.map { $0.position(ofRow: row) } ?? stream.position
    }

    /// The next batches: as many as there are threads to make them.
    func more() throws(DSXError) -> [Ready] {
      let threads = max(1, table.options.threads)
      let start = position
      var jobs: [(job: Job, state: CursorState, badRows: BadRows)] = []
      var failure: DSXError?
      while jobs.count < (threads > 1 ? 4 * threads : 1), failure == nil {
        var job = Job(firstRow: total)
        do throws(DSXError) { try fill(&job, keeping: start) } catch {
          failure = error
          // Rows before a bad one are handed out only as whole batches.
          break
        }
        guard job.count > 0 else { break }
        jobs.append((job, CursorState(row: total, byte: position), badRows))
      }
      let made = make(jobs.map(\.job))
      var ready = zip(jobs, made).map { job, result in
        Ready(result: result, state: job.state, badRows: job.badRows)
      }
      if let failure {
        let state = jobs.last?.state ?? CursorState(row: total, byte: start)
        ready.append(Ready(result: .failure(failure), state: state, badRows: badRows))
      } else if jobs.isEmpty, total > 0 || badRows.count > 0 {
        // Bad rows behind the last batch are known only now.
        ready.append(
          Ready(result: nil, state: CursorState(row: total, byte: position), badRows: badRows))
      }
      return ready
    }

    /// Collects the rows of a batch.
    private func fill(_ job: inout Job, keeping start: Int) throws(DSXError) {
      let wanted = max(1, table.options.batchRows)
      while job.count < wanted {
        guard let chunk = chunks.first else {
          chunks = try stream.next(keeping: start)
          row = 0
          seen = 0
          if chunks.isEmpty { return }
          continue
        }
        let until = seen < chunk.faults.count ? chunk.faults[seen].rowsBefore : chunk.rows
        let take = min(until - row, wanted - job.count)
        if take > 0 {
          job.pieces.append((chunk, row..<(row + take)))
          job.count += take
          row += take
          total += take
        } else if seen < chunk.faults.count {
          let fault = chunk.faults[seen]
          let isLast = seen == chunk.faults.count - 1
          if table.options.onBadRow == .refuse || (chunk.isFatal && isLast) {
            throw fault.error(stream.window, table.context, row: total)
          }
          badRows.add(fault.error(stream.window, table.context, row: total))
          seen += 1
        } else {
          chunks.removeFirst()
          row = 0
          seen = 0
        }
      }
    }

    private func make(_ jobs: [Job]) -> [Result<Batch, DSXError>] {
      let table = table
      let window = stream.window
      let work = jobs.map { job in
        let pieces = job.pieces.compactMap { chunk, rows in
          let from = chunk.start - window.base
          return table.piece(
            chunk, UnsafeRawBufferPointer(rebasing: window.bytes[from...]), rows: rows)
        }
        return (pieces: pieces, firstRow: job.firstRow)
      }
      let made = Lock([Result<Batch, CSVFault>?](repeating: nil, count: jobs.count))
      FanOut.run(count: work.count, workers: table.options.threads) { source in
        while let number = source.take() {
          let batch = table.batch(work[number].pieces, firstRow: work[number].firstRow)
          made.withLock { $0[number] = batch }
        }
      }
      let results = made.withLock { $0.compactMap { $0 } }
      return results.map { result in
        result.mapError { $0.error(window, table.context, row: $0.rowsBefore) }
      }
    }
  }
}
