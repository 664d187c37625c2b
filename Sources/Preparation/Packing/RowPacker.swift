internal import DSXCore

/// Cuts token streams into rows of one length and hands them on in batches.
///
/// The tokens of one stream follow each other without a gap; a row never holds tokens of two streams.
/// Holds one batch of rows and the row under way.
struct RowPacker {
  /// What the packer needs to know.
  struct Settings: Sendable {
    /// Tokens in a row, at least 1.
    var length: Int
    var tail: TailPolicy
    /// The id that fills a last row; only used by `TailPolicy.pad`.
    var pad: Int32
    var schema: Schema
    /// A batch is handed on when it has at least this many tokens.
    var batchTokens = 1 << 18
  }

  private let settings: Settings
  private var stream = -1
  private var tokens: [Int32] = []
  private var offsets = [0]
  /// Rows handed on or waiting.
  private(set) var rows = 0
  /// Tokens that reached no row.
  private(set) var droppedTokens = 0
  /// Ids that were added to fill last rows.
  private(set) var paddingTokens = 0
  private var firstRow = 0

  init(_ settings: Settings) {
    self.settings = settings
    tokens.reserveCapacity(settings.batchTokens + settings.length)
  }

  /// Takes the next tokens, in the order of the inputs; `emit` gets the batches that are full.
  mutating func add(
    _ block: EncodedBlock, emit: (Batch) throws(DSXError) -> Void
  ) throws(DSXError) {
    var start = 0
    for run in block.runs {
      if run.stream != stream {
        endStream()
        stream = run.stream
      }
      let end = start + run.count
      while start < end {
        let count = min(end - start, settings.batchTokens)
        tokens.append(contentsOf: block.ids[start..<start + count])
        start += count
        closeRows()
        if tokens.count >= settings.batchTokens { try flush(emit) }
      }
    }
  }

  /// Ends the last stream and hands on what is left.
  mutating func finish(emit: (Batch) throws(DSXError) -> Void) throws(DSXError) {
    endStream()
    try flush(emit)
  }

  private mutating func closeRows() {
    var end = offsets[offsets.count - 1] + settings.length
    while end <= tokens.count {
      offsets.append(end)
      rows += 1
      end += settings.length
    }
  }

  private mutating func endStream() {
    let end = offsets[offsets.count - 1]
    let left = tokens.count - end
    guard left > 0 else { return }
    switch settings.tail {
    case .drop:
      tokens.removeLast(left)
      droppedTokens += left
    case .pad:
      let missing = settings.length - left
      tokens.append(contentsOf: repeatElement(settings.pad, count: missing))
      paddingTokens += missing
      closeRows()
    case .keep:
      offsets.append(tokens.count)
      rows += 1
    }
  }

  /// Hands on the rows that are whole; the row under way stays.
  private mutating func flush(_ emit: (Batch) throws(DSXError) -> Void) throws(DSXError) {
    let end = offsets[offsets.count - 1]
    guard end > 0 else { return }
    let rest = Array(tokens[end...])
    tokens.removeLast(rest.count)
    let batch = Batch(
      schema: settings.schema, columns: [Column(.int32(tokens), offsets: offsets)],
      firstRow: firstRow)
    firstRow = rows
    offsets = [0]
    tokens = rest
    tokens.reserveCapacity(settings.batchTokens + settings.length)
    try emit(batch)
  }
}
