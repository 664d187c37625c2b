internal import DSXCore

/// Finds the records of a CSV text (RFC 4180): they end at a line end outside of quotes. Blank lines
/// are no records.
///
/// It only finds where records end; libcsv reads their fields (`CSVRowParser`) and refuses what is no
/// CSV. A quote opens a field only at its start, so that a stray quote spoils one record and not the
/// file.
struct CSVRowScanner: BorderScanner {
  private enum Place { case fieldStart, field, quoted, quote }

  let delimiter: UInt8
  private(set) var documentStart = 0
  private var place = Place.fieldStart
  private var isAfterCarriageReturn = false

  init(delimiter: UInt8) { self.delimiter = delimiter }

  mutating func begin(at position: Int) {
    self = CSVRowScanner(delimiter: delimiter)
    documentStart = position
  }

  mutating func rebase(by count: Int) { documentStart -= count }

  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ emit: (Range<Int>) -> Void
  ) {
    for position in range {
      let byte = bytes[position]
      if isAfterCarriageReturn {
        isAfterCarriageReturn = false
        if byte == 0x0a, documentStart == position {
          documentStart = position + 1
          continue
        }
      }
      switch (place, byte) {
      case (.quoted, UInt8(ascii: "\"")): place = .quote
      case (.quoted, _): break
      case (_, 0x0a), (_, 0x0d):
        if documentStart < position { emit(documentStart..<position) }
        documentStart = position + 1
        isAfterCarriageReturn = byte == 0x0d
        place = .fieldStart
      case (_, delimiter): place = .fieldStart
      case (.fieldStart, UInt8(ascii: "\"")), (.quote, UInt8(ascii: "\"")): place = .quoted
      default: place = .field
      }
    }
  }

  mutating func finish(
    _ bytes: UnsafeRawBufferPointer, at end: Int, _ emit: (Range<Int>) -> Void
  ) {
    if documentStart < end { emit(documentStart..<end) }
    documentStart = end
  }
}
