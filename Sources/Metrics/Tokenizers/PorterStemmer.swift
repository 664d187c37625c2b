/// Porter's stemmer (1980) with the changes of NLTK 3.10.4's mode NLTK_EXTENSIONS, for ASCII
/// lower-case words.
///
/// Source: M. F. Porter, An algorithm for suffix stripping; and Porter's own later corrections, as
/// NLTK lists them.
public struct PorterStemmer: Sendable {
  private var word: [UInt8] = []

  /// A stemmer with scratch space of its own.
  public init() {}

  /// The stem of a lower-case word.
  public mutating func stem(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendStem(of: Array(text.utf8)[...], to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func appendStem(of text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    word.removeAll(keepingCapacity: true)
    word.append(contentsOf: text)
    if let irregular = Self.irregular[word] {
      bytes.append(contentsOf: irregular)
      return
    }
    if word.count > 2 {
      step1a()
      step1b()
      step1c()
      step2()
      apply(Self.step3) { $0.measure($1) > 0 }
      step4()
      step5()
    }
    bytes.append(contentsOf: word)
  }

  /// Forms that no rule gives.
  private static let irregular: [[UInt8]: [UInt8]] = {
    let forms: [(String, String)] = [
      ("sky", "sky"), ("skies", "sky"), ("dying", "die"), ("lying", "lie"), ("tying", "tie"),
      ("news", "news"), ("innings", "inning"), ("inning", "inning"), ("outings", "outing"),
      ("outing", "outing"), ("cannings", "canning"), ("canning", "canning"), ("howe", "howe"),
      ("proceed", "proceed"), ("exceed", "exceed"), ("succeed", "succeed"),
    ]
    return Dictionary(uniqueKeysWithValues: forms.map { (Array($0.utf8), Array($1.utf8)) })
  }()

  private typealias Rule = (suffix: [UInt8], ending: [UInt8])

  private static func rules(_ pairs: [(String, String)]) -> [Rule] {
    pairs.map { (Array($0.utf8), Array($1.utf8)) }
  }

  private static let step2Rules = rules([
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
    ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"),
    ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ("fulli", "ful"),
  ])
  private static let step3 = rules([
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
  ])
  private static let step4Rules = rules(
    [
      "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou",
      "ism", "ate", "iti", "ous", "ive", "ize",
    ].map { ($0, "") })
  private static let step1Endings = rules([("at", "ate"), ("bl", "ble"), ("iz", "ize")])

  // MARK: conditions

  private static func isVowel(_ letter: UInt8) -> Bool {
    switch letter {
    case 0x61, 0x65, 0x69, 0x6f, 0x75: true
    default: false
    }
  }

  /// Whether a letter is a consonant: y is one at the start and behind a vowel.
  private func isConsonant(_ index: Int) -> Bool {
    if Self.isVowel(word[index]) { return false }
    guard word[index] == 0x79 else { return true }
    var place = index
    var isTurned = false
    while place > 0, word[place] == 0x79 {
      isTurned.toggle()
      place -= 1
    }
    return !Self.isVowel(word[place]) != isTurned
  }

  /// Vowel-consonant turns in the first `count` letters.
  private func measure(_ count: Int) -> Int {
    var turns = 0
    var wasVowel = false
    for index in 0..<count {
      let isVowel: Bool
      if Self.isVowel(word[index]) {
        isVowel = true
      } else if word[index] == 0x79, index > 0 {
        isVowel = !wasVowel
      } else {
        isVowel = false
      }
      if wasVowel, !isVowel { turns += 1 }
      wasVowel = isVowel
    }
    return turns
  }

  private func hasVowel(_ count: Int) -> Bool {
    for index in 0..<count where !isConsonant(index) { return true }
    return false
  }

  /// *o: consonant, vowel, consonant other than w, x, y; NLTK also takes vowel, consonant alone.
  private func endsShort(_ count: Int) -> Bool {
    if count == 2 { return !isConsonant(0) && isConsonant(1) }
    guard count >= 3, isConsonant(count - 3), !isConsonant(count - 2), isConsonant(count - 1)
    else { return false }
    return !(0x77...0x79).contains(word[count - 1])
  }

  private func ends(_ suffix: [UInt8]) -> Bool {
    word.count >= suffix.count && word[(word.count - suffix.count)...].elementsEqual(suffix)
  }
  private func ends(_ suffix: StaticString) -> Bool {
    suffix.withUTF8Buffer {
      word.count >= $0.count && word[(word.count - $0.count)...].elementsEqual($0)
    }
  }

  private mutating func replaceLast(_ count: Int, by ending: [UInt8]) {
    word.removeLast(count)
    word.append(contentsOf: ending)
  }

  /// The first rule whose suffix the word has decides, whether its condition holds or not.
  private mutating func apply(_ rules: [Rule], if condition: (PorterStemmer, Int) -> Bool) {
    for rule in rules where ends(rule.suffix) {
      if condition(self, word.count - rule.suffix.count) {
        replaceLast(rule.suffix.count, by: rule.ending)
      }
      return
    }
  }

  // MARK: steps

  private mutating func step1a() {
    if ends("ies") {
      word.removeLast(word.count == 4 ? 1 : 2)
    } else if ends("sses") {
      word.removeLast(2)
    } else if ends("s"), !ends("ss") {
      word.removeLast(1)
    }
  }

  private mutating func step1b() {
    if ends("ied") {
      word.removeLast(word.count == 4 ? 1 : 2)
      return
    }
    if ends("eed") {
      if measure(word.count - 3) > 0 { word.removeLast(1) }
      return
    }
    if ends("ed"), hasVowel(word.count - 2) {
      word.removeLast(2)
    } else if ends("ing"), hasVowel(word.count - 3) {
      word.removeLast(3)
    } else {
      return
    }
    for rule in Self.step1Endings where ends(rule.suffix) {
      word.append(0x65)
      return
    }
    let count = word.count
    if count >= 2, word[count - 1] == word[count - 2], isConsonant(count - 1) {
      if ![0x6c, 0x73, 0x7a].contains(word[count - 1]) { word.removeLast(1) }
      return
    }
    if measure(count) == 1, endsShort(count) { word.append(0x65) }
  }

  private mutating func step1c() {
    let count = word.count - 1
    if ends("y"), count > 1, isConsonant(count - 1) { word[count] = 0x69 }
  }

  private mutating func step2() {
    if ends("alli"), measure(word.count - 4) > 0 {
      word.removeLast(2)
      step2()
      return
    }
    for rule in Self.step2Rules where ends(rule.suffix) {
      if measure(word.count - rule.suffix.count) > 0 {
        replaceLast(rule.suffix.count, by: rule.ending)
      }
      return
    }
    // The l belongs to the stem that is measured.
    if ends("logi"), measure(word.count - 3) > 0 { word.removeLast(1) }
  }

  private mutating func step4() {
    for rule in Self.step4Rules where ends(rule.suffix) {
      let count = word.count - rule.suffix.count
      guard measure(count) > 1 else { return }
      if ends("ion"), word[count - 1] != 0x73, word[count - 1] != 0x74 { return }
      word.removeLast(rule.suffix.count)
      return
    }
  }

  private mutating func step5() {
    if ends("e") {
      let count = word.count - 1
      let turns = measure(count)
      if turns > 1 || turns == 1 && !endsShort(count) { word.removeLast(1) }
    }
    if ends("ll"), measure(word.count - 1) > 1 { word.removeLast(1) }
  }
}
