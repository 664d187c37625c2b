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

  private let pieces: [CSVPiece]
  private let reader: CSVColumnReader
  private var form: Form
  private var integers: [Int64] = []
  private var numbers: [Double] = []
  private var text: CSVTextColumn
  /// Rows without a number.
  private var missing: [UInt32] = []
  /// The bits of all integers' magnitudes.
  private var bits: UInt64 = 0

  /// A column of `pieces`, which `reader` reads. `known` are kinds of other rows: a trial that they rule out is not
  /// made.
  init(_ reader: CSVColumnReader, known: CSVKind) {
    pieces = reader.pieces
    self.reader = reader
    text = CSVTextColumn([], reader.place)
    form = known.contains(.text) ? .text : known.contains(.number) ? .numbers : .integers
    reserve()
  }

  /// Takes a piece behind those before it.
  mutating func append(_ number: Int) {
    var next = number
    while next <= number {
      if take(pieces[next]) {
        next += 1
      } else {
        // Some cell here or elsewhere is no integer, and those that are one are exact; or it is text.
        form = form == .integers ? .numbers : .text
        integers = []
        numbers = []
        missing = []
        reserve()
        next = 0
      }
    }
  }

  private mutating func take(_ piece: CSVPiece) -> Bool {
    switch form {
    case .integers:
      let first = integers.count
      guard reader.appendInt64(piece, to: &integers, missing: &missing) == nil else { return false }
      bits |= integers.withUnsafeBufferPointer { values in
        // A sum of its own stays in registers.
        var all: UInt64 = 0
        for index in first..<values.count { all |= values[index].magnitude }
        return all
      }
    case .numbers:
      return reader.appendFloat64(piece, to: &numbers, missing: &missing, exactIntegers: true)
        == nil
    case .text: text.append(piece)
    }
    return true
  }

  private mutating func reserve() {
    switch form {
    case .integers: FreshMemory.reserve(reader.count, in: &integers)
    case .numbers: FreshMemory.reserve(reader.count, in: &numbers)
    case .text: text = CSVTextColumn(pieces, reader.place)
    }
  }

  /// The column and what its cells are; it is over then, and holds nothing any more.
  mutating func finish() -> (column: Column, kind: CSVKind) {
    defer {
      integers = []
      numbers = []
      text = CSVTextColumn([], reader.place)
      missing = []
    }
    let gaps: CSVKind = missing.isEmpty ? [] : .missing
    switch form {
    case .text: return (text.column, .text)
    case .numbers:
      return (Column(.float64(numbers), validity: reader.validity(missing)), gaps.union(.number))
    case .integers:
      var kind = gaps
      if integers.count > missing.count { kind.insert(.integer) }
      if bits > 1 << 53, integers.contains(where: { Double(exactly: $0) == nil }) {
        kind.insert(.inexact)
      }
      return (Column(.int64(integers), validity: reader.validity(missing)), kind)
    }
  }
}
