internal import DSXCore

/// One column of several pieces under way, in the narrowest type that its cells allow so far.
///
/// Pieces come in order and all columns take a piece before the next one comes, so that its text is read from the near
/// cache. Where a cell does not fit, the column begins again in the next wider type.
struct CSVColumnGroup {
  private enum Form {
    case integers
    case numbers
    case text
  }

  private let reader: CSVColumnReader
  private var form: Form
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var text: CSVTextColumn
  /// Rows without a number.
  private var missing: [UInt32] = []
  /// The bits of all integers' magnitudes.
  private var bits: UInt64 = 0
  /// Rows so far.
  private var rows = 0
  /// The position at which the text of all its pieces ends.
  private let end: Int

  /// A column at the place of `reader`, of pieces up to the position `end`. `known` are kinds of other rows: a trial
  /// that they rule out is not made.
  init(_ reader: CSVColumnReader, known: CSVKind, end: Int) {
    self.reader = reader
    self.end = end
    text = CSVTextColumn(reader.place)
    form = known.contains(.text) ? .text : known.contains(.number) ? .numbers : .integers
  }

  /// Takes the last of `pieces`; those before it were taken.
  mutating func append(_ pieces: [CSVPiece]) {
    var next = pieces.count - 1
    while next < pieces.count {
      if take(pieces[next], ahead: ahead(of: pieces[next].chunk)) {
        rows += pieces[next].rows.count
        next += 1
      } else {
        // Some cell here or elsewhere is no integer, and those that are one are exact; or it is text.
        form = form == .integers ? .numbers : .text
        integers = []
        numbers = []
        missing = []
        rows = 0
        next = 0
      }
    }
  }

  /// How many times as much as a chunk's text comes behind it, and a little more: rows differ. Bounded, since those
  /// behind may be of another kind.
  private func ahead(of chunk: CSVChunk) -> Double {
    let behind = Double(max(0, end - chunk.start - chunk.used)) / Double(max(1, chunk.used))
    return min(behind * 1.02, Double(CSVLoad.groupChunks))
  }

  /// Takes a piece; memory is had for `ahead` times as much at once.
  private mutating func take(_ piece: CSVPiece, ahead: Double) -> Bool {
    let count = piece.rows.count
    switch form {
    case .integers:
      if integers.capacity - rows < count {
        FreshMemory.reserve(rows + count + Int(Double(count) * ahead), in: &integers)
      }
      guard reader.appendInt64(piece, to: &integers, missing: &missing) == nil else { return false }
      bits |= integers.withUnsafeBufferPointer { values in
        // A sum of its own stays in registers.
        var all: UInt64 = 0
        for index in rows..<values.count { all |= values[index].magnitude }
        return all
      }
    case .numbers:
      if numbers.capacity - rows < count {
        FreshMemory.reserve(rows + count + Int(Double(count) * ahead), in: &numbers)
      }
      return reader.appendFloat64(piece, to: &numbers, missing: &missing, exactIntegers: true)
        == nil
    case .text: text.append(piece, most: piece.mostBytes(reader.place), ahead: ahead)
    }
    return true
  }

  /// The column and what its cells are; it is over then, and holds nothing any more.
  mutating func finish() -> (column: Column, kind: CSVKind) {
    defer {
      integers = []
      numbers = []
      text = CSVTextColumn(reader.place)
      missing = []
    }
    let gaps: CSVKind = missing.isEmpty ? [] : .missing
    switch form {
    case .text: return (text.column, .text)
    case .numbers:
      return (
        Column(.float64(numbers), validity: reader.validity(missing, of: rows)), gaps.union(.number)
      )
    case .integers:
      FreshMemory.giveBack(&integers)
      var kind = gaps
      if integers.count > missing.count { kind.insert(.integer) }
      if bits > 1 << 53, integers.contains(where: { Double(exactly: $0) == nil }) {
        kind.insert(.inexact)
      }
      return (Column(.int64(integers), validity: reader.validity(missing, of: rows)), kind)
    }
  }
}
