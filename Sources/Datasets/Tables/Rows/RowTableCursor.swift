internal import DSXCore

/// The rows of a JSON or text table, batch after batch; batches are made on the options' threads.
///
/// A batch is what a fixed number of the input's rows gives: fewer where some of them are left out.
struct RowTableCursor: TableCursor {
  private let reading: Reading
  private var ready: [Ready] = []
  private var given = 0
  private(set) var state: CursorState
  private(set) var badRows = BadRows()

  init(_ table: RowTable) throws(DSXError) {
    reading = try Reading(table)
    state = CursorState(row: 0, byte: reading.ranges.position)
  }

  var schema: Schema { reading.table.schema }
  var consumed: Int { reading.ranges.window.consumed(state.byte) }

  mutating func restore(_ state: CursorState) throws(DSXError) {
    try reading.restore(state)
    ready = []
    given = 0
    self.state = state
  }

  mutating func next() throws(DSXError) -> Batch? {
    while true {
      if given == ready.count {
        ready = try reading.more()
        given = 0
      }
      guard given < ready.count else { return nil }
      let next = ready[given]
      ready[given].result = nil
      given += 1
      state = next.state
      badRows = next.badRows
      guard let batch = try next.result?.get() else { return nil }
      // All rows of a stretch may have been left out.
      if batch.rows > 0 { return batch }
    }
  }

  private struct Ready {
    var result: Result<Batch, DSXError>?
    let state: CursorState
    let badRows: BadRows
  }

  /// Shared by copies of a cursor.
  private final class Reading {
    let table: RowTable
    private(set) var ranges: RowRanges
    private var total = 0
    private var badRows = BadRows()

    init(_ table: RowTable) throws(DSXError) {
      self.table = table
      ranges = try table.ranges()
    }

    func restore(_ state: CursorState) throws(DSXError) {
      let fresh = try table.ranges()
      try fresh.seek(to: state.byte)
      ranges = fresh
      total = state.row
    }

    func more() throws(DSXError) -> [Ready] {
      let threads = max(1, table.options.threads)
      let start = ranges.position
      var blocks: [(rows: [Range<Int>], end: Int)] = []
      var failure: DSXError?
      while blocks.count < (threads > 1 ? 4 * threads : 1), failure == nil {
        var rows: [Range<Int>] = []
        do throws(DSXError) {
          while rows.count < max(1, table.options.batchRows),
            let row = try ranges.next(keeping: start)
          { rows.append(row) }
        } catch { failure = error }
        if rows.isEmpty { break }
        blocks.append((rows, ranges.position))
      }
      var ready = read(blocks)
      if let failure {
        let state = ready.last?.state ?? CursorState(row: total, byte: start)
        ready.append(Ready(result: .failure(failure), state: state, badRows: badRows))
      }
      return ready
    }

    private func read(_ blocks: [(rows: [Range<Int>], end: Int)]) -> [Ready] {
      let table = table
      let window = ranges.window
      let work = blocks.map { RowBlock(rows: $0.rows, text: window.bytes, base: window.base) }
      let made = Lock([([Column], [(fault: RowFault, rowsBefore: Int)])?](
        repeating: nil, count: work.count))
      FanOut.run(count: work.count, workers: table.options.threads) { source in
        while let number = source.take() {
          let result = work[number].read(table)
          made.withLock { $0[number] = result }
        }
      }
      var ready: [Ready] = []
      for (block, result) in zip(blocks, made.withLock { $0.compactMap { $0 } }) {
        let (columns, faults) = result
        if table.options.onBadRow == .refuse, let first = faults.first {
          let error = first.fault.placed(window, table.options, row: total + first.rowsBefore)
          let state = CursorState(row: total, byte: block.rows[0].lowerBound)
          ready.append(Ready(result: .failure(error), state: state, badRows: badRows))
          return ready
        }
        for (fault, before) in faults {
          badRows.add(fault.placed(window, table.options, row: total + before))
        }
        let batch = Batch(schema: table.schema, columns: columns, firstRow: total)
        total += block.rows.count - faults.count
        ready.append(
          Ready(
            result: .success(batch), state: CursorState(row: total, byte: block.end),
            badRows: badRows))
      }
      return ready
    }
  }
}
