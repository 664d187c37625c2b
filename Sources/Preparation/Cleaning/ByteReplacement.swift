internal import Glibc

/// Literal replacement in bytes: left to right, matches do not overlap (Python's `str.replace`).
/// What is replaced has at least two bytes.
enum ByteReplacement {
  /// `text` with every `old` replaced by `new`. Linear but for pathological patterns.
  static func replace(_ text: inout [UInt8], _ old: StaticString, _ new: StaticString) {
    let oldBytes = UnsafeBufferPointer(start: old.utf8Start, count: old.utf8CodeUnitCount)
    let newBytes = UnsafeBufferPointer(start: new.utf8Start, count: new.utf8CodeUnitCount)
    var result: [UInt8] = []
    let changed = text.withUnsafeBytes { bytes -> Bool in
      var (copied, position) = (0, 0)
      while let at = first(oldBytes, in: bytes, from: position) {
        if copied == 0 { result.reserveCapacity(bytes.count + newBytes.count) }
        result.append(contentsOf: bytes[copied..<at])
        result.append(contentsOf: newBytes)
        position = at + oldBytes.count
        copied = position
      }
      guard copied > 0 else { return false }
      result.append(contentsOf: bytes[copied...])
      return true
    }
    if changed { text = result }
  }

  private static func first(
    _ wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeRawBufferPointer, from start: Int
  ) -> Int? {
    guard let base = bytes.baseAddress, let pattern = wanted.baseAddress else { return nil }
    var position = start
    // The second byte is searched: the first is a blank in most rules, the second is rare.
    while position + wanted.count <= bytes.count {
      let probe = position + 1
      guard let found = memchr(base + probe, Int32(pattern[1]), bytes.count - probe) else {
        return nil
      }
      let at = UnsafeRawPointer(found) - base - 1
      guard at + wanted.count <= bytes.count else { return nil }
      if memcmp(base + at, pattern, wanted.count) == 0 { return at }
      position = at + 1
    }
    return nil
  }
}
