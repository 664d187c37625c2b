internal import DSXCore
internal import Glibc

/// A column of text under way: cells as they stand, without quotes; empty cells are empty texts.
struct CSVTextColumn {
  private var bytes: [UInt8] = []
  private var offsets = [0]
  /// The column's place in the file.
  private let place: Int

  /// Slack lets short texts be copied as whole words.
  private static let slack = 32

  /// The column. Quotes take room that no text fills, and rows may be shorter than was expected: it is given back.
  var column: Column {
    var (bytes, offsets) = (bytes, offsets)
    FreshMemory.giveBack(&bytes)
    FreshMemory.giveBack(&offsets)
    return Column(.bytes(bytes), offsets: offsets)
  }

  /// An empty column of the cells at `place`.
  init(_ place: Int) { self.place = place }

  /// Takes memory for so many rows with so many bytes, those it has included.
  mutating func reserve(rows: Int, bytes count: Int) {
    FreshMemory.reserve(rows + 1, in: &offsets)
    FreshMemory.reserve(count + Self.slack, in: &bytes)
  }

  /// Adds the cells of a piece that have `most` bytes at most; `ahead` times as much is still to come.
  mutating func append(_ piece: CSVPiece, most: Int, ahead: Double = 0) {
    let (place, start) = (place, bytes.count)
    if bytes.capacity - start < most + Self.slack {
      reserve(
        rows: offsets.count + Int(Double(piece.rows.count) * (1 + ahead)),
        bytes: start + Int(Double(most) * (1 + ahead)))
    }
    bytes.append(addingCapacity: most + Self.slack) { text in
      text.withUnsafeMutableBufferPointer { buffer, filled in
        guard let base = buffer.baseAddress else { return }
        offsets.append(addingCapacity: piece.rows.count) { ends in
          ends.withUnsafeMutableBufferPointer { buffer, count in
            guard let ends = buffer.baseAddress else { return }
            filled = Self.copy(piece, place, to: base, ends, from: start)
            count = piece.rows.count
          }
        }
      }
    }
  }

  /// Writes the cells to `base` and their ends, counted from `start`, to `ends`; returns the bytes written.
  private static func copy(
    _ piece: CSVPiece, _ place: Int, to base: UnsafeMutablePointer<UInt8>,
    _ ends: UnsafeMutablePointer<Int>, from start: Int
  ) -> Int {
    var escapes = CSVEscapes(piece)
    var at = 0
    var row = 0
    _ = piece.eachField(place) { text, count, _, room in
      if escapes.count(in: text, count) > 0 {
        at &+= escapes.copy(text, count, to: base + at)
      } else {
        copy(text, count, room: room, to: base + at)
        at &+= count
      }
      (ends + row).initialize(to: start &+ at)
      row &+= 1
      return true
    }
    return at
  }

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
