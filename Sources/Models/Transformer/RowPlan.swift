/// Keys that rows look at: consecutive rows of the same pass, or kept ones.
struct KeySpan {
  enum Place {
    /// Rows of the pass from this one on.
    case rows(Int)
    /// Keys and values of layer 0; those of the next layer and of the next token lie so many floats on.
    case kept(UnsafePointer<Float>, layerStep: Int, rowStep: Int)
  }

  let place: Place
  var count: Int
}

/// Rows whose queries look at the same list of keys.
struct AttentionBlock {
  enum Mask {
    /// Every row sees all keys.
    case all
    /// Row r sees the first `first + r` keys.
    case causal(first: Int)
    /// Row r sees the ranges of `RowPlan.ranges` that its `RowPlan.rangeStarts` from this index on name.
    case ranges(Int)
  }

  /// The rows of the pass.
  let rows: Range<Int>
  /// Which of `RowPlan.spans`.
  let spans: Range<Int>
  /// The keys of these spans together.
  let keys: Int
  let mask: Mask
}

/// How the rows of one pass belong together: all sequences' rows lie one after the other in one matrix,
/// and attention alone knows of sequences.
struct RowPlan {
  /// Query rows of one block: their scores stay in the second-level cache.
  static let blockRows = 128

  /// Each row's position in its sequence.
  private(set) var positions: [Int32] = []
  private(set) var blocks: [AttentionBlock] = []
  private(set) var spans: [KeySpan] = []
  /// Pairs of first and last + 1 columns, and for each masked row where its pairs begin.
  private(set) var ranges: [Int32] = []
  private(set) var rangeStarts: [Int32] = []
  /// The largest `rows.count * keys` of a block, and the most keys of a block of one row.
  private var scoreCount = 0
  private var singleRowKeys = 0
  /// Rows whose keys and values are kept: run, first row of the pass, number of rows, first token.
  private(set) var kept: [(run: KeyValueRun, row: Int, count: Int, token: Int)] = []

  /// Number of rows.
  var rows: Int { positions.count }

  /// A plan without rows; sequences are added one after the other.
  init() {}

  /// Whole sequences of these lengths that do not see each other, in this order.
  init(lengths: some Sequence<Int>, isCausal: Bool) {
    for length in lengths { addSequence(length: length, isCausal: isCausal) }
  }

  /// Adds rows that continue what `past` holds; the first has the position of all past keys.
  ///
  /// With `isCausal` each row sees the past, the rows before it and itself; without, all rows.
  mutating func addSequence(length: Int, isCausal: Bool, past: [KeySpan] = []) {
    guard length > 0 else { return }
    let first = rows
    let before = past.reduce(0) { $0 + $1.count }
    for row in 0..<length { positions.append(Int32(clamping: before + row)) }
    for start in stride(from: 0, to: length, by: Self.blockRows) {
      let end = min(start + Self.blockRows, length)
      // Keys up to the block's last query: the upper triangle beyond it is never computed.
      let own = KeySpan(place: .rows(first), count: isCausal ? end : length)
      addBlock(
        first + start..<first + end, past + [own],
        isCausal ? .causal(first: before + start + 1) : .all)
    }
  }

  /// Adds a row's position without a block.
  mutating func addPosition(_ position: Int) { positions.append(Int32(clamping: position)) }

  /// Adds a block over rows that have positions.
  mutating func addBlock(_ rows: Range<Int>, _ keys: [KeySpan], _ mask: AttentionBlock.Mask) {
    let first = spans.count
    spans += keys
    let count = keys.reduce(0) { $0 + $1.count }
    blocks.append(
      AttentionBlock(rows: rows, spans: first..<spans.count, keys: count, mask: mask))
    scoreCount = max(scoreCount, rows.count * count)
    if rows.count == 1 { singleRowKeys = max(singleRowKeys, count) }
  }

  /// Scores of the largest block; a single row has those of all heads that share keys at once.
  func scoreCount(_ configuration: TransformerConfiguration) -> Int {
    max(scoreCount, singleRowKeys * (configuration.heads / configuration.keyValueHeads))
  }

  /// Adds the ranges of the next masked row; gives the index of its start.
  @discardableResult
  mutating func addRanges(_ visible: [Range<Int>]) -> Int {
    if rangeStarts.isEmpty { rangeStarts.append(0) }
    for range in visible {
      ranges.append(Int32(range.lowerBound))
      ranges.append(Int32(range.upperBound))
    }
    rangeStarts.append(Int32(ranges.count / 2))
    return rangeStarts.count - 2
  }

  /// Keeps the keys and values of rows in a run.
  mutating func keep(_ rows: Range<Int>, in run: KeyValueRun, at token: Int) {
    kept.append((run, rows.lowerBound, rows.count, token))
  }
}
