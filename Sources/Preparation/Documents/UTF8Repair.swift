internal import DSXCore

/// Replaces what is not UTF-8 by U+FFFD.
public enum UTF8Repair {
  /// Appends `bytes` to `text`, each maximal subpart of an ill-formed sequence (Unicode 15, section
  /// 3.9, as Python and the WHATWG decoder do) replaced by one U+FFFD.
  public static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
    var position = 0
    while position < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
      let valid = UTF8Validation.firstInvalid(rest) ?? rest.count
      text.append(contentsOf: rest[..<valid])
      position += valid
      guard position < bytes.count else { return }
      text.append(contentsOf: [0xef, 0xbf, 0xbd])
      position += subpart(bytes, at: position)
    }
  }

  /// The length of the longest start of a well-formed sequence at an invalid position, at least 1.
  private static func subpart(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    func byte(_ offset: Int) -> UInt8? {
      index + offset < bytes.count ? bytes[index + offset] : nil
    }
    let first = bytes[index]
    let second: ClosedRange<UInt8>
    switch first {
    case 0xe0: second = 0xa0...0xbf
    case 0xed: second = 0x80...0x9f
    case 0xe1...0xef: second = 0x80...0xbf
    case 0xf0: second = 0x90...0xbf
    case 0xf4: second = 0x80...0x8f
    case 0xf1...0xf3: second = 0x80...0xbf
    default: return 1
    }
    guard let next = byte(1), second.contains(next) else { return 1 }
    guard first >= 0xf0, let third = byte(2), third & 0xc0 == 0x80 else { return 2 }
    return 3
  }
}
