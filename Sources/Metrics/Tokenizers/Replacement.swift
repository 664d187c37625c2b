/// Replaces all places of a string in bytes, from left to right, as Python's `str.replace`.
enum Replacement {
  static func replace(_ old: StaticString, by new: StaticString, in bytes: inout [UInt8]) {
    old.withUTF8Buffer { old in
      guard let first = old.first, bytes.contains(first) else { return }
      new.withUTF8Buffer { new in
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
          if bytes[index] == first, bytes[index...].starts(with: old) {
            result.append(contentsOf: new)
            index += old.count
          } else {
            result.append(bytes[index])
            index += 1
          }
        }
        bytes = result
      }
    }
  }

  /// &quot; &amp; &lt; &gt;, one after the other: `&amp;lt;` ends as `<`.
  static func resolveEntities(in bytes: inout [UInt8]) {
    guard bytes.contains(0x26) else { return }
    replace("&quot;", by: "\"", in: &bytes)
    replace("&amp;", by: "&", in: &bytes)
    replace("&lt;", by: "<", in: &bytes)
    replace("&gt;", by: ">", in: &bytes)
  }
}
