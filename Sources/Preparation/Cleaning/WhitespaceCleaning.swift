/// Makes white space uniform:
///
/// - U+0085, U+2028 and U+2029 become a line feed
/// - a run of blanks (space, tab, U+000B, U+000C, U+00A0, U+1680, U+2000 to U+200A, U+202F, U+205F,
///   U+3000) becomes one space, and none at either end of a line
/// - three or more line feeds in a row become two, and none stays at either end of the document
enum WhitespaceCleaning {
  private enum Kind { case ink, blank, lineEnd }

  /// Cleans valid UTF-8; whether anything changed.
  static func clean(_ text: inout [UInt8]) -> Bool {
    let count = text.count
    var isChanged = false
    var to = 0
    text.withUnsafeMutableBytes { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      var from = 0
      // White space that waits for the next ink: line ends, else blanks.
      var (blanks, feeds) = (0, 0)
      while from < bytes.count {
        let (kind, length) = look(raw, at: from)
        switch kind {
        case .blank:
          blanks += 1
          if length > 1 || bytes[from] != 0x20 { isChanged = true }
        case .lineEnd:
          feeds += 1
          blanks = 0
        case .ink:
          if to > 0 {
            if feeds > 0 {
              for _ in 0..<min(feeds, 2) {
                bytes[to] = 0x0a
                to += 1
              }
            } else if blanks > 0 {
              bytes[to] = 0x20
              to += 1
            }
          }
          (blanks, feeds) = (0, 0)
          bytes[to] = bytes[from]
          to += 1
        }
        from += length
      }
    }
    text.removeLast(count - to)
    return isChanged || to != count
  }

  @inline(__always)
  private static func look(_ bytes: UnsafeRawBufferPointer, at index: Int) -> (Kind, Int) {
    let first = bytes[index]
    if first < 0x80 {
      switch first {
      case 0x20, 0x09, 0x0b, 0x0c: return (.blank, 1)
      case 0x0a: return (.lineEnd, 1)
      default: return (.ink, 1)
      }
    }
    if first == 0xc2, index + 1 < bytes.count {
      switch bytes[index + 1] {
      case 0x85: return (.lineEnd, 2)
      case 0xa0: return (.blank, 2)
      default: return (.ink, 1)
      }
    }
    guard first == 0xe1 || first == 0xe2 || first == 0xe3, index + 2 < bytes.count else {
      return (.ink, 1)
    }
    let last = bytes[index + 2]
    switch (first, bytes[index + 1]) {
    case (0xe1, 0x9a) where last == 0x80: return (.blank, 3)
    case (0xe2, 0x80) where (0x80...0x8a).contains(last) || last == 0xaf: return (.blank, 3)
    case (0xe2, 0x80) where last == 0xa8 || last == 0xa9: return (.lineEnd, 3)
    case (0xe2, 0x81) where last == 0x9f: return (.blank, 3)
    case (0xe3, 0x80) where last == 0x80: return (.blank, 3)
    default: return (.ink, 1)
    }
  }
}
