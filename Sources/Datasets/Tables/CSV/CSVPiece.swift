internal import Kernels

/// Some rows of one chunk, with the text that they lie in: what a column is read from.
///
/// Valid until the window of the text is filled again.
struct CSVPiece: @unchecked Sendable {
  let chunk: CSVChunk
  /// The text from the chunk's start on.
  let text: UnsafePointer<UInt8>
  /// Bytes that may be looked at.
  let room: Int
  let quote: UInt8?
  /// Fields of a row.
  let width: Int
  var rows: Range<Int>

  /// Rows between a field and the one whose text is asked for beside it: a column's fields lie a row apart,
  /// which no processor foresees, and the text of many chunks is in no near cache any more.
  private static let rowsAhead = 16

  /// Rows of a chunk; `text` is what lies at the chunk's start. nil for an empty text.
  init?(
    _ chunk: CSVChunk, quote: UInt8?, width: Int, text: UnsafeRawBufferPointer, rows: Range<Int>
  ) {
    guard let base = text.baseAddress else { return nil }
    self.chunk = chunk
    self.text = base.assumingMemoryBound(to: UInt8.self)
    room = text.count
    self.quote = chunk.hasQuotes ? quote : nil
    self.width = width
    self.rows = rows
  }

  /// Calls `body` with each field of a column, without its quotes: its text, its length, whether it was
  /// quoted, and the bytes that may be looked at; ends where it returns false, and returns that row.
  @inline(__always)
  func eachField(
    _ column: Int, from first: Int? = nil,
    _ body: (_ text: UnsafePointer<UInt8>, _ count: Int, _ isQuoted: Bool, _ room: Int) -> Bool
  ) -> Int? {
    let borders = chunk.borders + column
    let firsts = chunk.firsts
    let endsWithReturn = column == width &- 1 && chunk.hasReturns
    let mayBeQuoted = quote != nil
    let quote = quote ?? 0
    var row = first ?? rows.lowerBound
    let end = rows.upperBound
    let lastAhead = end &- Self.rowsAhead
    while row < end {
      if row < lastAhead {
        let before = borders[Int(firsts[row &+ Self.rowsAhead]) &- 1]
        dsx_prefetch(text + (Int(before) &+ 1))
      }
      let place = Int(firsts[row])
      var start = Int(borders[place &- 1] &+ 1)
      var stop = Int(borders[place])
      // A carriage return outside of quotes ends a row; before a line feed it belongs to the end.
      if endsWithReturn, stop > start, text[stop &- 1] == 0x0d { stop &-= 1 }
      var isQuoted = false
      if mayBeQuoted, stop > start, text[start] == quote {
        start &+= 1
        stop &-= 1
        isQuoted = true
      }
      if !body(text + start, stop &- start, isQuoted, room &- start) { return row }
      row &+= 1
    }
    return nil
  }

  /// The bytes of a column's fields with their quotes: none is longer as a value.
  func mostBytes(_ column: Int) -> Int {
    let borders = chunk.borders + column
    var total = 0
    for row in rows {
      let place = Int(chunk.firsts[row])
      total &+= Int(borders[place] &- borders[place &- 1] &- 1)
    }
    return total
  }

  /// One field, with doubled quotes made single.
  func field(_ row: Int, _ column: Int) -> [UInt8] {
    var result: [UInt8] = []
    var single = self
    single.rows = row..<(row + 1)
    _ = single.eachField(column) { text, count, isQuoted, _ in
      result = Array(UnsafeBufferPointer(start: text, count: count))
      return true
    }
    guard !chunk.escapes.isEmpty, let quote else { return result }
    var kept: [UInt8] = []
    kept.reserveCapacity(result.count)
    var index = 0
    while index < result.count {
      kept.append(result[index])
      index += result[index] == quote && index + 1 < result.count ? 2 : 1
    }
    return kept
  }
}
