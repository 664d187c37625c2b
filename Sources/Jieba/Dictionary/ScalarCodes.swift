internal import DSXCore

/// The numbers of the characters of a dictionary: frequent ones are small, 0 is unknown.
///
/// Children of a node lie by code, so that what texts visit most lies close together.
struct ScalarCodes {
  /// Code of each scalar below U+10000.
  private(set) var basic: [UInt16]
  /// Scalars above U+FFFF in rising order, and their codes. No run of a text holds them, but jieba's
  /// dictionary does when a user gives it such words.
  private(set) var astral: [(scalar: UInt32, code: UInt16)] = []
  /// Codes are `1...count`.
  private(set) var count = 0
  private static let maximum = 0xfffe

  init(basic: [UInt16], astral: [(scalar: UInt32, code: UInt16)], count: Int) {
    self.basic = basic
    self.astral = astral
    self.count = count
  }

  /// Codes for the words of `text`, whose file is `bytes`, by falling count.
  init(_ text: DictionaryText, _ bytes: UnsafeRawBufferPointer) throws(DSXError) {
    basic = Array(repeating: 0, count: 0x10000)
    var counts = [Int32](repeating: 0, count: 0x10000)
    var high: Set<UInt32> = []
    for entry in text.entries {
      var index = entry.word.lowerBound
      while index < entry.word.upperBound {
        let scalar = UTF8Scalar.read(bytes, &index)
        if scalar < 0x10000 { counts[scalar] += 1 } else { high.insert(UInt32(scalar)) }
      }
    }
    let used = (0..<0x10000).filter { counts[$0] > 0 }
    for scalar in used.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) {
      try assign(UInt32(scalar))
    }
    for scalar in high.sorted() { try assign(scalar) }
  }

  /// The code of a scalar, 0 when it has none.
  func code(of scalar: UInt32) -> UInt16 {
    if scalar < 0x10000 { return basic[Int(scalar)] }
    var (low, high) = (0, astral.count)
    while low < high {
      let middle = (low + high) / 2
      if astral[middle].scalar < scalar { low = middle + 1 } else { high = middle }
    }
    return low < astral.count && astral[low].scalar == scalar ? astral[low].code : 0
  }

  /// Gives a scalar that has none the next code.
  mutating func assign(_ scalar: UInt32) throws(DSXError) {
    guard count < Self.maximum else {
      throw DSXError(.unsupported, "the dictionary has more than 65,534 different characters")
    }
    count += 1
    let code = UInt16(count)
    if scalar < 0x10000 {
      basic[Int(scalar)] = code
    } else {
      let place = astral.firstIndex { $0.scalar > scalar } ?? astral.count
      astral.insert((scalar, code), at: place)
    }
  }
}
