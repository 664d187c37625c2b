internal import DSXCore

/// Reads chunk after chunk of a CSV text, on several threads where there are some.
///
/// The rows do not depend on where chunks begin or on the threads.
final class CSVChunkStream {
  /// Chunks that are read at once when there are several threads.
  private static let groupChunks = 16

  let table: CSVTable
  let window: TextWindow
  /// Where the next chunk starts.
  private(set) var position: Int
  private let indexer: CSVIndexer
  private let scratches: [CSVScratch]
  /// Looks at a chunk once it is made, on its thread.
  private let examine: @Sendable (CSVChunk, UnsafeRawBufferPointer) -> Void

  init(
    _ table: CSVTable, examine: @escaping @Sendable (CSVChunk, UnsafeRawBufferPointer) -> Void
  ) throws(DSXError) {
    self.table = table
    self.examine = examine
    window = try table.input.open()
    position = table.bodyStart
    indexer = table.indexer
    scratches = (0..<max(1, table.options.threads)).map { _ in CSVScratch() }
    try window.advance(to: position)
  }

  /// Goes on at a row's start. Positions before what a stream still holds cannot be reached.
  func seek(to target: Int) throws(DSXError) {
    // The byte before tells whether a line begins here.
    try window.advance(to: max(table.bodyStart, target - 1))
    var isRow = target == table.bodyStart
    if target > max(window.base, table.bodyStart), target <= window.end {
      isRow = try window.isLineStart(target)
    }
    guard isRow, target >= window.base, target <= window.end else {
      throw DSXError(
        .usage, "the saved position is not in this file", file: window.name, byte: target)
    }
    position = target
  }

  /// The next chunks; none at the end. Text from `kept` on stays in memory.
  func next(keeping kept: Int) throws(DSXError) -> [CSVChunk] {
    let threads = scratches.count
    var wanted = table.options.chunkBytes * (threads > 1 ? Self.groupChunks : 1)
    var guesses = threads > 1
    while true {
      try window.fill(from: kept, count: position - kept + wanted)
      let all = UnsafeRawBufferPointer(rebasing: window.bytes[(position - window.base)...])
      guard !all.isEmpty else { return [] }
      let count = min(all.count, wanted)
      let isAtEnd = window.isAtEnd && count == all.count
      let chunks = index(all, count: count, isAtEnd: isAtEnd, guesses: guesses)
      let end = chunks.last.map { $0.start + $0.used } ?? position
      if end > position {
        position = end
        if chunks.contains(where: { $0.rows > 0 || !$0.faults.isEmpty }) { return chunks }
        // Blank lines make no row, and no progress that the caller could see.
      } else if guesses {
        // A row does not end before the next guessed start.
        guesses = false
      } else if isAtEnd {
        return []
      } else {
        wanted *= 4
      }
    }
  }

  private func index(
    _ all: UnsafeRawBufferPointer, count: Int, isAtEnd: Bool, guesses: Bool
  ) -> [CSVChunk] {
    let first = position
    guard guesses, count > table.options.chunkBytes else {
      let chunk = indexer.chunk(all, start: first, count: count, isAtEnd: isAtEnd, scratches[0])
      examine(chunk, all)
      return [chunk]
    }
    let whole = UnsafeRawBufferPointer(rebasing: all[..<count])
    let starts = CSVBoundaries(indexer: indexer).starts(whole, step: table.options.chunkBytes)
    let work = CSVParallelIndex(
      indexer: indexer, text: all, start: first, starts: starts, count: count, isAtEnd: isAtEnd,
      examine: examine)
    return work.run(threads: scratches.count)
  }
}

/// Indexes the parts of a text side by side, and keeps those whose guessed ends turn out right.
struct CSVParallelIndex: @unchecked Sendable {
  let indexer: CSVIndexer
  let text: UnsafeRawBufferPointer
  /// The position of the text's first byte.
  let start: Int
  let starts: [Int]
  let count: Int
  let isAtEnd: Bool
  let examine: @Sendable (CSVChunk, UnsafeRawBufferPointer) -> Void

  /// The chunks in order, up to the first whose end was guessed wrong.
  func run(threads: Int) -> [CSVChunk] {
    let made = Lock([CSVChunk?](repeating: nil, count: starts.count))
    FanOut.run(count: starts.count, workers: threads) { source in
      let scratch = CSVScratch()
      while let number = source.take() {
        let chunk = chunk(number, scratch)
        made.withLock { $0[number] = chunk }
      }
    }
    let chunks: [CSVChunk] = made.withLock { $0.compactMap { $0 } }
    for (number, chunk) in chunks.enumerated() where number + 1 < chunks.count {
      if chunk.start + chunk.used != start + starts[number + 1] { return Array(chunks[...number]) }
    }
    return chunks
  }

  /// Where a part starts; behind the last one the text's end.
  func position(_ number: Int) -> Int {
    start + (number < starts.count ? starts[number] : count)
  }

  /// The text from the start of a part on.
  func text(_ number: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: text[starts[number]...])
  }

  func chunk(_ number: Int, _ scratch: CSVScratch) -> CSVChunk {
    let from = starts[number]
    let to = position(number + 1) - start
    let rest = text(number)
    let chunk = indexer.chunk(
      rest, start: start + from, count: to - from, isAtEnd: isAtEnd && to == count, scratch)
    examine(chunk, rest)
    return chunk
  }
}
