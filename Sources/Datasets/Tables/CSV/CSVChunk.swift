/// The field borders of some whole rows: good rows in order, and what is wrong with the others.
///
/// | array | element |
/// | --- | --- |
/// | `borders` | the position behind a field, from `start`; the one before a row's first is the byte before the row |
/// | `firsts` | for each good row the place of its first field's border in `borders` |
///
/// So field c of row r is `borders[firsts[r] + c - 1] + 1 ..< borders[firsts[r] + c]`. Not changed once made.
final class CSVChunk: @unchecked Sendable {
  /// The position of the text that the borders count from.
  let start: Int
  /// Bytes of the rows, bad ones included: the next chunk starts behind them.
  var used = 0
  /// Good rows.
  var rows = 0
  var borders: UnsafeMutablePointer<UInt32>
  var firsts: UnsafeMutablePointer<UInt32>
  private var filled = 0
  /// Bad rows, in order. Where these are refused, the chunk ends at the first.
  var faults: [CSVFault] = []
  /// Where the rows behind cannot be found any more.
  var isFatal = false
  /// Fields of the first row, where no width was asked for.
  var firstWidth = 0
  var hasQuotes = false
  /// The second quotes of doubled ones, ascending.
  var escapes: [UInt32] = []
  var hasReturns = false
  /// What the cells of each field are, where that was looked at.
  var kinds: [CSVKind] = []

  init(start: Int, borders: Int, rows: Int) {
    self.start = start
    self.borders = .allocate(capacity: max(1, borders))
    self.firsts = .allocate(capacity: max(1, rows))
  }

  deinit {
    borders.deallocate()
    firsts.deallocate()
  }

  /// The position of good row `row`.
  func position(ofRow row: Int) -> Int {
    row < rows ? start + Int(borders[Int(firsts[row]) - 1] &+ 1) : start + used
  }

  /// The position behind the last field of good row `row`.
  func lastBorder(ofRow row: Int, width: Int) -> Int {
    start + Int(borders[Int(firsts[row]) + width - 1])
  }

  /// Takes borders over behind those it has, and before them the border that ends the byte before their
  /// first row; returns where they begin.
  func append(_ more: UnsafePointer<UInt32>, count: Int, before: UInt32) -> UInt32 {
    borders[filled] = before
    (borders + filled + 1).update(from: more, count: count)
    defer { filled += count + 1 }
    return UInt32(truncatingIfNeeded: filled + 1)
  }

  /// Notes a bad row behind the good ones so far; places count from `start`.
  func add(_ kind: CSVFault.Kind, row: Int, at position: Int) {
    faults.append(
      CSVFault(
        kind: kind, rowStart: start + row, position: start + position, rowsBefore: rows))
  }

  /// Leaves out good rows (rising numbers) for a reason; those that are kept are counted anew.
  func leaveOut(_ bad: [(row: Int, kind: CSVFault.Kind)]) {
    guard !bad.isEmpty else { return }
    var merged: [CSVFault] = []
    var old = faults[...]
    var next = 0
    var kept = 0
    for row in 0..<rows {
      while let fault = old.first, fault.rowsBefore <= row {
        merged.append(fault.moved(to: kept))
        old.removeFirst()
      }
      if next < bad.count, bad[next].row == row {
        let place = position(ofRow: row)
        merged.append(
          CSVFault(kind: bad[next].kind, rowStart: place, position: place, rowsBefore: kept))
        next += 1
      } else {
        firsts[kept] = firsts[row]
        kept += 1
      }
    }
    merged += old.map { $0.moved(to: kept) }
    faults = merged
    rows = kept
  }
}
