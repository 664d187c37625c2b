internal import DSXCore
internal import Glibc

extension CSVColumnReader {
  /// Text as it stands, without quotes; empty cells are empty texts.
  func text() -> Column {
    var text = CSVTextColumn(place)
    let most = pieces.map { $0.mostBytes(place) }
    text.reserve(rows: count, bytes: most.reduce(0, +))
    for (piece, most) in zip(pieces, most) { text.append(piece, most: most) }
    return text.column
  }
}

/// The doubled quotes of a piece, walked through beside its fields.
struct CSVEscapes {
  private let text: UnsafePointer<UInt8>
  private let places: [UInt32]
  /// The next doubled quote, from the chunk's start; far beyond it behind the last.
  private var next: Int
  private var index: Int
  /// The first of those in the field that was counted last.
  private var first = 0

  init(_ piece: CSVPiece) {
    text = piece.text
    places = piece.chunk.escapes
    let start = piece.chunk.position(ofRow: piece.rows.lowerBound) - piece.chunk.start
    // Those before the piece may be many: they are not walked through.
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if Int(places[middle]) < start { low = middle + 1 } else { high = middle }
    }
    index = low
    next = low < places.count ? Int(places[low]) : Int.max
  }

  /// How many doubled quotes a field holds; fields come in order.
  @inline(__always)
  mutating func count(in field: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let end = (field - text) &+ count
    return next < end ? countSome(from: field - text, to: end) : 0
  }

  @inline(never)
  private mutating func countSome(from start: Int, to end: Int) -> Int {
    while next < start { advance() }
    first = index
    while next < end { advance() }
    return index - first
  }

  private mutating func advance() {
    index += 1
    next = index < places.count ? Int(places[index]) : Int.max
  }

  /// Copies the field that was counted last, one quote for two; returns the bytes written.
  func copy(_ field: UnsafePointer<UInt8>, _ count: Int, to: UnsafeMutablePointer<UInt8>) -> Int {
    let start = field - text
    var from = 0
    var written = 0
    for place in places[first..<index] {
      // Up to the first quote of the two, which stays.
      let length = Int(place) - start - from
      memcpy(to + written, field + from, length)
      written += length
      from += length + 1
    }
    memcpy(to + written, field + from, count - from)
    return written + count - from
  }
}
