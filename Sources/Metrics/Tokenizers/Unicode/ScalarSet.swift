/// A set of code points, as the sorted places where membership changes.
struct ScalarSet: Sendable {
  /// Membership changes at each of these: off before the first.
  private let edges: [UInt32]

  /// Reads the numbers of a table of `UnicodeTables`: by turns code points outside and inside the
  /// set, from U+0000 on, in base 36.
  init(table: StaticString) {
    var place: UInt32 = 0
    edges = Base36.numbers(table).map { run in
      place += UInt32(truncatingIfNeeded: run)
      return place
    }
  }

  /// Whether the set has a code point.
  func contains(_ scalar: UInt32) -> Bool {
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] <= scalar { low = middle + 1 } else { high = middle }
    }
    return low & 1 == 1
  }
}

/// Whole numbers in base 36 (`0-9a-z`, a minus sign before), apart by blanks and line ends.
enum Base36 {
  /// The numbers of a table, in order.
  static func numbers(_ table: StaticString) -> [Int] {
    var numbers: [Int] = []
    table.withUTF8Buffer { text in
      var value = 0
      var isNegative = false
      var isInside = false
      for byte in text {
        switch byte {
        case 0x30...0x39: value = value * 36 + Int(byte) - 0x30
        case 0x61...0x7a: value = value * 36 + Int(byte) - 0x61 + 10
        case 0x2d: isNegative = true
        default:
          if isInside { numbers.append(isNegative ? -value : value) }
          (value, isNegative, isInside) = (0, false, false)
          continue
        }
        isInside = true
      }
      if isInside { numbers.append(isNegative ? -value : value) }
    }
    return numbers
  }
}
