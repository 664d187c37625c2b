extension AnswerFilter {
  /// The text after this filter. `choices`: the texts that `choice` looks for. What is not found is
  /// the empty text. Linear in the text.
  public func apply(_ text: String, choices: [String] = []) -> String {
    let bytes = Array(text.utf8)
    switch self {
    case .argmin, .none: return text
    case .strip: return Self.text(Self.stripped(bytes[...]))
    case .firstLine:
      return Self.text(bytes.prefix { $0 != 0x0a })
    case .firstSentence: return Self.firstSentence(text)
    case .lower:
      return Self.text(bytes.map { (0x41...0x5a).contains($0) ? $0 + 32 : $0 }[...])
    case .firstNumber: return Self.numbers(bytes).first ?? ""
    case .lastNumber: return Self.numbers(bytes).last ?? ""
    case .finalNumber:
      let mark = Array("####".utf8)
      let place = bytes.indices.last { bytes[$0...].starts(with: mark) }
      if let place, let number = Self.numbers(Array(bytes[place...])).first { return number }
      return Self.numbers(bytes).last ?? ""
    case .letter: return Self.letter(bytes)
    case .choice: return Self.choice(bytes, choices)
    case .unspace:
      return String(
        String.UnicodeScalarView(text.unicodeScalars.filter { !$0.properties.isWhitespace }))
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// White space of Unicode at both ends, as Python's `strip`.
  private static func stripped(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let scalars = Array(text(bytes).unicodeScalars)
    func isSpace(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
    let start = scalars.firstIndex { !isSpace($0) } ?? scalars.count
    let end = (scalars.lastIndex { !isSpace($0) } ?? start - 1) + 1
    guard start < end else { return [] }
    return Array(String(String.UnicodeScalarView(scalars[start..<end])).utf8)[...]
  }

  private static func firstSentence(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let isWide = scalar == "。" || scalar == "！" || scalar == "？"
      let isNarrow = scalar == "." || scalar == "!" || scalar == "?"
      let next = index + 1 < scalars.count ? scalars[index + 1] : " "
      if isWide || isNarrow && next.properties.isWhitespace {
        return String(String.UnicodeScalarView(scalars[...index]))
      }
    }
    return text
  }

  /// Every number of a text: `-1,234.50` gives `-1234.50`. A sign counts at the start or behind a byte
  /// that is neither a letter nor a digit.
  private static func numbers(_ bytes: [UInt8]) -> [String] {
    func isDigit(_ place: Int) -> Bool {
      place >= 0 && place < bytes.count && (0x30...0x39).contains(bytes[place])
    }
    func isWord(_ place: Int) -> Bool {
      guard place >= 0 else { return false }
      let byte = bytes[place] | 0x20
      return isDigit(place) || (0x61...0x7a).contains(byte)
    }
    var found: [String] = []
    var place = 0
    while place < bytes.count {
      guard isDigit(place) else {
        place += 1
        continue
      }
      var number: [UInt8] = []
      if place > 0, bytes[place - 1] == UInt8(ascii: "-"), !isWord(place - 2) {
        number.append(UInt8(ascii: "-"))
      }
      var hasPoint = false
      while place < bytes.count {
        if isDigit(place) {
          number.append(bytes[place])
        } else if bytes[place] == UInt8(ascii: "."), !hasPoint, isDigit(place + 1) {
          hasPoint = true
          number.append(bytes[place])
        } else if bytes[place] == UInt8(ascii: ","), !hasPoint, isDigit(place + 1),
          isDigit(place + 2), isDigit(place + 3), !isDigit(place + 4)
        {
          // A thousands comma: three digits follow, no fourth.
        } else {
          break
        }
        place += 1
      }
      found.append(text(number[...]))
    }
    return found
  }

  private static func letter(_ bytes: [UInt8]) -> String {
    func isLetter(_ place: Int) -> Bool {
      guard bytes.indices.contains(place) else { return false }
      return (0x61...0x7a).contains(bytes[place] | 0x20)
    }
    for (place, byte) in bytes.enumerated()
    where (0x41...0x5a).contains(byte) && !isLetter(place - 1) && !isLetter(place + 1) {
      return text([byte])
    }
    return ""
  }

  private static func choice(_ bytes: [UInt8], _ choices: [String]) -> String {
    let wanted = choices.map { Array($0.utf8) }.filter { !$0.isEmpty }
    for place in bytes.indices {
      let here = wanted.filter { bytes[place...].starts(with: $0) }
      if let longest = here.max(by: { $0.count < $1.count }) { return text(longest[...]) }
    }
    return ""
  }
}
