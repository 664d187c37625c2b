/// Makes rows of documents, in the order of the documents. Nothing leaves it but by `take`.
///
/// Holds the rows that were not taken, the row under way, and for `best-fit` the rests of one window.
struct RowPacker {
  /// What the packer needs to know.
  struct Settings: Sendable {
    /// Ids in a row, at least 1.
    var length: Int
    var rule = PackingRule.carry
    /// What happens to a row that is not full.
    var tail: TailPolicy
    /// The id that fills a row; only used by `TailPolicy.pad`.
    var pad: Int32
    /// Whether documents come with labels.
    var hasLabels = false
    /// `best-fit`: rests are placed when they have this many ids.
    var windowTokens = 1 << 22
  }

  private let settings: Settings
  private var builder: RowBuilder
  private var file = -1
  private var rests: BestFitWindow
  /// Ids that reached no row.
  private(set) var droppedTokens = 0

  init(_ settings: Settings) {
    self.settings = settings
    builder = RowBuilder(
      length: settings.length, pad: settings.pad, hasLabels: settings.hasLabels)
    rests = BestFitWindow(length: settings.length, hasLabels: settings.hasLabels)
  }

  /// A builder for rows like those of this packer.
  var emptyBuilder: RowBuilder {
    RowBuilder(length: settings.length, pad: settings.pad, hasLabels: settings.hasLabels)
  }

  /// Rows made so far.
  var rows: Int { builder.count }
  /// Ids that were added to fill rows.
  var paddingTokens: Int { builder.paddingTokens }

  /// Adds the next document, end-of-text id included, of input `file`.
  mutating func add(
    _ ids: UnsafeBufferPointer<Int32>, labels: UnsafeBufferPointer<Int32>? = nil, file: Int
  ) {
    if settings.rule == .concat, file != self.file {
      endStream()
      self.file = file
    }
    var start = 0
    while start < ids.count {
      let left = ids.count - start
      if settings.rule == .bestFit, left < settings.length {
        rests.add(slice(ids, start, left), labels: labels.map { slice($0, start, left) })
        if rests.count >= settings.windowTokens { place() }
        return
      }
      let count = min(left, builder.room)
      builder.add(slice(ids, start, count), labels: labels.map { slice($0, start, count) })
      start += count
      if builder.room == 0 { builder.closeRow() }
    }
    builder.endSegment()
    if settings.rule == .pad { endStream() }
  }

  /// Adds a document as a spool holds it: its ids, and its labels behind them where there are any.
  mutating func add(item words: UnsafeBufferPointer<Int32>) {
    let count = settings.hasLabels ? words.count / 2 : words.count
    add(
      slice(words, 0, count), labels: settings.hasLabels ? slice(words, count, count) : nil, file: 0
    )
  }

  /// Ends the last row.
  mutating func finish() {
    place()
    endStream()
  }

  /// Rows that are whole, when there are many (`all`: when there are any).
  mutating func take(all: Bool = false) -> PackedRows? {
    builder.take(atLeast: all ? 0 : 1 << 18)
  }

  private func slice(_ ids: UnsafeBufferPointer<Int32>, _ start: Int, _ count: Int)
    -> UnsafeBufferPointer<Int32>
  {
    UnsafeBufferPointer(rebasing: ids[start..<start + count])
  }

  private mutating func endStream() {
    guard builder.filled > 0 else { return }
    switch settings.tail {
    case .drop: droppedTokens += builder.dropRow()
    case .pad: builder.closeRow(fill: true)
    case .keep: builder.closeRow()
    }
  }

  private mutating func place() {
    rests.place(into: &builder, fill: settings.tail == .pad)
  }
}
