/// Finds the words of a text that is to be tagged: a character of a script without blanks and a
/// punctuation mark stand alone, other letters and digits stay together, white space is between.
enum WordFinder {
  static func words(of text: String) -> [(word: String, place: Range<Int>)] {
    var words: [(word: String, place: Range<Int>)] = []
    var current = String.UnicodeScalarView()
    var start = 0
    func close(_ end: Int) {
      if !current.isEmpty { words.append((String(current), start..<end)) }
      current = String.UnicodeScalarView()
    }
    var place = 0
    for scalar in text.unicodeScalars {
      defer { place += 1 }
      if scalar.properties.isWhitespace {
        close(place)
        continue
      }
      if standsAlone(scalar) {
        close(place)
        words.append((String(Character(scalar)), place..<place + 1))
        continue
      }
      if current.isEmpty { start = place }
      current.append(scalar)
    }
    close(place)
    return words
  }

  /// BERT's rule: CJK ideographs, and everything that is no letter, mark or number.
  private static func standsAlone(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isIdeographic { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return false
    default: return true
    }
  }
}
