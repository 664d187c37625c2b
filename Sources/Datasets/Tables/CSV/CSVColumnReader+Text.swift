internal import DSXCore
internal import Glibc

extension CSVColumnReader {
  /// Text as it stands, without quotes; empty cells are empty texts.
  func text() -> Column {
    let rows = count
    var total = 0
    let offsets = [Int](unsafeUninitializedCapacity: rows + 1) { out, filled in
      guard let base = out.baseAddress else { return }
      base.initialize(to: 0)
      var index = 1
      for piece in pieces {
        let escapes = piece.chunk.hasEscapes ? piece.quote : nil
        _ = piece.eachField(place) { text, count, isQuoted, _ in
          total &+= count
          if let escapes, isQuoted { total &-= Self.doubled(escapes, text, count) }
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
      var at = 0
      for piece in pieces {
        let escapes = piece.chunk.hasEscapes ? piece.quote : nil
        _ = piece.eachField(place) { text, count, isQuoted, room in
          if let escapes, isQuoted {
            at &+= Self.copyUnescaped(text, count, escapes, to: base + at)
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

  /// How many doubled quotes a field's text holds.
  private static func doubled(_ quote: UInt8, _ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var pairs = 0
    var at = 0
    while at < count, let found = memchr(text + at, Int32(quote), count - at) {
      pairs += 1
      at = UnsafeRawPointer(found) - UnsafeRawPointer(text) + 2
    }
    return pairs
  }

  /// Copies a field's text with doubled quotes made single; returns the bytes written.
  private static func copyUnescaped(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ quote: UInt8, to: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var at = 0
    var written = 0
    while at < count {
      guard let found = memchr(text + at, Int32(quote), count - at) else { break }
      let length = UnsafeRawPointer(found) - UnsafeRawPointer(text + at) + 1
      memcpy(to + written, text + at, length)
      written += length
      at += length + 1
    }
    if at < count {
      memcpy(to + written, text + at, count - at)
      written += count - at
    }
    return written
  }
}
