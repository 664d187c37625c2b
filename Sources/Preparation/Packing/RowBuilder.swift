/// Puts ids into rows, segment by segment. Holds the rows until they are taken, and the row under way.
struct RowBuilder {
  /// Ids in a row.
  let length: Int
  /// The id that fills a row.
  let pad: Int32
  /// Whether every id has a label of its own.
  let hasLabels: Bool

  private var rows = PackedRows()
  /// Rows closed so far.
  private(set) var count = 0
  /// Ids that were added to fill rows.
  private(set) var paddingTokens = 0

  init(length: Int, pad: Int32, hasLabels: Bool) {
    self.length = length
    self.pad = pad
    self.hasLabels = hasLabels
  }

  private var rowStart: Int { rows.offsets[rows.offsets.count - 1] }
  /// Ids in the row under way.
  var filled: Int { rows.ids.count - rowStart }
  /// Room in the row under way.
  var room: Int { length - filled }
  /// Ids that wait to be taken.
  var waiting: Int { rowStart }

  /// Adds ids to the row under way, at most `room` of them.
  mutating func add(_ ids: UnsafeBufferPointer<Int32>, labels: UnsafeBufferPointer<Int32>?) {
    rows.ids.append(contentsOf: ids)
    guard hasLabels else { return }
    rows.labels.append(contentsOf: labels ?? ids)
  }

  /// Ends the segment that the last ids belong to.
  mutating func endSegment() {
    let end = Int32(filled)
    guard end > 0, segmentEnd != end else { return }
    rows.ends.append(end)
  }

  /// Where the last segment of the row under way ends.
  private var segmentEnd: Int32 {
    rows.ends.count > rows.endOffsets[rows.endOffsets.count - 1]
      ? rows.ends[rows.ends.count - 1] : 0
  }

  /// Ends the row under way, with its last segment; `fill` pads it.
  mutating func closeRow(fill: Bool = false) {
    endSegment()
    if fill, room > 0 {
      let missing = room
      rows.ids.append(contentsOf: repeatElement(pad, count: missing))
      if hasLabels { rows.labels.append(contentsOf: repeatElement(-100, count: missing)) }
      paddingTokens += missing
    }
    rows.offsets.append(rows.ids.count)
    rows.endOffsets.append(rows.ends.count)
    count += 1
  }

  /// Adds a whole row with the ends of its segments, as it was before; false when they do not fit it.
  /// Behind the ids of a row lie its labels, where there are any.
  mutating func add(row: ArraySlice<Int32>, ends: ArraySlice<Int32>) -> Bool {
    let ids = hasLabels ? row.count / 2 : row.count
    var last: Int32 = 0
    for end in ends {
      guard end > last, Int(end) <= ids else { return false }
      last = end
    }
    rows.ids.append(contentsOf: row.prefix(ids))
    if hasLabels { rows.labels.append(contentsOf: row.dropFirst(ids)) }
    rows.ends.append(contentsOf: ends)
    rows.offsets.append(rows.ids.count)
    rows.endOffsets.append(rows.ends.count)
    count += 1
    return true
  }

  /// Drops the row under way; returns how many ids it had.
  mutating func dropRow() -> Int {
    let dropped = filled
    rows.ids.removeLast(dropped)
    if hasLabels { rows.labels.removeLast(dropped) }
    rows.ends.removeLast(rows.ends.count - rows.endOffsets[rows.endOffsets.count - 1])
    return dropped
  }

  /// The closed rows, when they have at least `ids` ids; nil else.
  mutating func take(atLeast ids: Int) -> PackedRows? {
    guard rows.rows > 0, rowStart >= ids else { return nil }
    var open = PackedRows()
    open.ids.reserveCapacity(rows.ids.count)
    open.ids.append(contentsOf: rows.ids[rowStart...])
    if hasLabels { open.labels.append(contentsOf: rows.labels[rowStart...]) }
    let ended = rows.endOffsets[rows.endOffsets.count - 1]
    open.ends.append(contentsOf: rows.ends[ended...])
    rows.ids.removeLast(open.ids.count)
    if hasLabels { rows.labels.removeLast(open.labels.count) }
    rows.ends.removeLast(open.ends.count)
    let closed = rows
    rows = open
    return closed
  }
}
