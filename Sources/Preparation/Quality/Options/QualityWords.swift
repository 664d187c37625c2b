internal import DSXCore

/// One `NAME[:KEY=VALUE]...` of a comma-separated option.
struct QualityWords {
  var name: String
  var pairs: [(key: String, value: String)]

  /// Splits the words of an option. Throws `usage` for a pair without `=` and for a key given twice.
  static func parse(_ text: String, option: String) throws(DSXError) -> [QualityWords] {
    var all: [QualityWords] = []
    for word in split(text, 0x2c) {
      let parts = split(word, 0x3a)
      guard let name = parts.first, !name.isEmpty else {
        throw DSXError(.usage, "\(option) has an empty name in '\(text)'")
      }
      var words = QualityWords(name: name, pairs: [])
      for part in parts.dropFirst() {
        let pair = split(part, 0x3d)
        guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
          throw DSXError(
            .usage, "\(option) has '\(part)', which is no KEY=VALUE",
            hint: "write it as in \(option) NAME:KEY=VALUE:KEY=VALUE")
        }
        guard !words.pairs.contains(where: { $0.key == pair[0] }) else {
          throw DSXError(.usage, "\(option) gives '\(pair[0])' twice")
        }
        words.pairs.append((pair[0], pair[1]))
      }
      guard !all.contains(where: { $0.name == name }) else {
        throw DSXError(.usage, "\(option) names '\(name)' twice")
      }
      all.append(words)
    }
    return all
  }

  /// The parts between the separators, without blanks around them.
  static func split(_ text: String, _ separator: UInt8) -> [String] {
    text.utf8.split(separator: separator, omittingEmptySubsequences: false).map { part in
      var part = part
      while part.first == 0x20 { part = part.dropFirst() }
      while part.last == 0x20 { part = part.dropLast() }
      return String(decoding: part, as: UTF8.self)
    }
  }

  /// A finite number that is not negative.
  static func number(_ text: String, _ what: String) throws(DSXError) -> Double {
    guard let value = Double(text), value.isFinite, value >= 0 else {
      throw DSXError(.usage, "\(what) must be a number that is not negative, not '\(text)'")
    }
    return value
  }

  /// An integer in a range.
  static func integer(
    _ text: String, _ range: ClosedRange<Int>, _ what: String
  ) throws(DSXError) -> Int {
    guard let value = Int(text), range.contains(value) else {
      throw DSXError(
        .usage, "\(what) must be \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return value
  }
}
