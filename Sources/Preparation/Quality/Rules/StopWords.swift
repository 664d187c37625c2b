/// Words that running text can hardly do without.
///
/// English: Gopher's eight. Chinese: eight of the most frequent function characters, judged the same way.
enum StopWords {
  static let english = ["the", "be", "to", "of", "and", "that", "have", "with"]
  static let chinese = ["的", "是", "在", "了", "和", "有", "不", "这"]

  private static let hashes: [UInt64] = (english + chinese).map { word in
    var scanner = UnitScanner(parts: false)
    let bytes = Array(word.utf8)
    bytes.withUnsafeBytes { scanner.scan($0) }
    return scanner.units.hashes.first ?? 0
  }

  /// How many different ones a document has. Linear in its units.
  static func distinct(in units: UnitList) -> Int {
    var found: UInt32 = 0
    // One bit for each value of the low byte: nearly all units need no look at the list.
    var filter = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    func bit(_ hash: UInt64) -> UInt64 { 1 << (hash & 63) }
    for hash in hashes {
      switch (hash >> 6) & 3 {
      case 0: filter.0 |= bit(hash)
      case 1: filter.1 |= bit(hash)
      case 2: filter.2 |= bit(hash)
      default: filter.3 |= bit(hash)
      }
    }
    for hash in units.hashes {
      let word =
        switch (hash >> 6) & 3 {
        case 0: filter.0
        case 1: filter.1
        case 2: filter.2
        default: filter.3
        }
      guard word & bit(hash) != 0, let index = hashes.firstIndex(of: hash) else { continue }
      found |= 1 << UInt32(index)
    }
    return found.nonzeroBitCount
  }
}
