internal import DSXCore
internal import Glibc

extension CSVColumnReader {
  /// Text as it stands, without quotes; empty cells are empty texts.
  func text() -> Column {
    let rows = count
    var total = 0
    let offsets = [Int](unsafeUninitializedCapacity: rows + 1) { out, filled in
      guard let base = out.baseAddress else { return }
      FreshMemory.prepare(base, rows + 1)
      base.initialize(to: 0)
      var index = 1
      for piece in pieces {
        var escapes = CSVEscapes(piece)
        _ = piece.eachField(place) { text, count, _, _ in
          total &+= count &- escapes.count(in: text, count)
          (base + index).initialize(to: total)
          index &+= 1
          return true
        }
      }
      filled = index
    }
    // The slack lets short texts be copied as whole words.
    let bytes = [UInt8](unsafeUninitializedCapacity: total + Self.slack) { out, filled in
      filled = total
      guard let base = out.baseAddress else { return }
      FreshMemory.prepare(base, total)
      var at = 0
      for piece in pieces {
        var escapes = CSVEscapes(piece)
        _ = piece.eachField(place) { text, count, _, room in
          if escapes.count(in: text, count) > 0 {
            at &+= escapes.copy(text, count, to: base + at)
          } else {
            Self.copy(text, count, room: room, to: base + at)
            at &+= count
          }
          return true
        }
      }
    }
    return Column(.bytes(bytes), offsets: offsets)
  }

  private static let slack = 32

  /// Copies `count` bytes; up to 31 more may be written behind them.
  @inline(__always)
  private static func copy(
    _ from: UnsafePointer<UInt8>, _ count: Int, room: Int, to: UnsafeMutablePointer<UInt8>
  ) {
    if count <= 32, room >= 32 {
      let source = UnsafeRawPointer(from)
      let target = UnsafeMutableRawPointer(to)
      target.storeBytes(
        of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
      if count > 16 {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self),
          toByteOffset: 16, as: SIMD16<UInt8>.self)
      }
    } else {
      memcpy(to, from, count)
    }
  }
}

/// The doubled quotes of a piece, walked through beside its fields.
struct CSVEscapes {
  private let text: UnsafePointer<UInt8>
  private let places: [UInt32]
  /// The next doubled quote, from the chunk's start; far beyond it behind the last.
  private var next: Int
  private var index = 0
  /// The first of those in the field that was counted last.
  private var first = 0

  init(_ piece: CSVPiece) {
    text = piece.text
    places = piece.chunk.escapes
    next = places.first.map { Int($0) } ?? Int.max
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
