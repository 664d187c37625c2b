/// The words of a text by the rules of nltk 3.10.4's `word_tokenize(text, preserve_line=True)`: Penn
/// Treebank conventions with nltk's additions. An own implementation; checked against nltk.
public struct TreebankWords {
  private var text: [Unicode.Scalar]

  /// The words, in order; quotation marks become `` and ''.
  public static func words(_ text: String) -> [String] {
    words(Array(text.unicodeScalars)).map(PythonText.string)
  }

  static func words(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    var splitter = TreebankWords(text: text)
    splitter.openingQuotes()
    splitter.punctuation()
    splitter.pad { "[](){}<>".unicodeScalars.contains($0) }
    splitter.replace { $0.matches("--", at: $1) ? (2, Self.padded("--")) : nil }
    splitter.text = [" "] + splitter.text + [" "]
    splitter.closingQuotes()
    splitter.contractions()
    return PythonText.words(splitter.text)
  }

  // MARK: the steps, in nltk's order

  private mutating func openingQuotes() {
    replace { view, place in
      if "«“‘„".unicodeScalars.contains(view.text[place]) {
        return (1, [" ", view.text[place], " "])
      }
      let run = view.run(of: "`", at: place)
      return run > 0 ? (run, [" "] + Array(view.text[place..<place + run]) + [" "]) : nil
    }
    if text.first == "\"" { text.replaceSubrange(0..<1, with: ["`", "`"]) }
    replace { $0.matches("``", at: $1) ? (2, Self.padded("``")) : nil }
    replace { view, place in
      let before = view.text[place]
      guard " ([{<".unicodeScalars.contains(before) else { return nil }
      let length = view.matches("\"", at: place + 1) ? 1 : view.matches("''", at: place + 1) ? 2 : 0
      return length > 0 ? (1 + length, [before] + Self.padded("``")) : nil
    }
    // An apostrophe before a word and after none is a quotation mark, unless a clitic follows.
    replace { view, place in
      guard view.text[place] == "'", place == 0 || !PythonText.isWord(view.text[place - 1]),
        place + 1 < view.text.count, PythonText.isWord(view.text[place + 1])
      else { return nil }
      for clitic in ["re", "ve", "ll", "m", "t", "s", "d", "n"] {
        let end = place + 1 + clitic.unicodeScalars.count
        if view.matches(clitic, at: place + 1, ignoringCase: true), view.isBoundary(end) {
          return nil
        }
      }
      return (1, ["'", " "])
    }
  }

  private mutating func punctuation() {
    finalStop(closers: "])}>\"'»”’ ", separated: true)
    replace { view, place in
      guard view.text[place] == ":" || view.text[place] == ",", place + 1 < view.text.count,
        !PythonText.isDigit(view.text[place + 1])
      else { return nil }
      return (2, [" ", view.text[place], " ", view.text[place + 1]])
    }
    replace { view, place in
      let mark = view.text[place]
      guard mark == ":" || mark == ",", view.isEnd(place + 1) else { return nil }
      return (1, [" ", mark, " "])
    }
    replace { view, place in
      let run = view.run(of: ".", at: place)
      return run >= 2 ? (run, [" "] + Array(repeating: ".", count: run) + [" "]) : nil
    }
    pad { ";@#$%&".unicodeScalars.contains($0) }
    pad { (0x2012...0x2015).contains($0.value) }
    finalStop(closers: "])}>\"'", separated: false)
    pad { $0 == "?" || $0 == "!" }
    replace { view, place in
      guard view.text[place] != "'", view.matches("' ", at: place + 1) else { return nil }
      return (3, [view.text[place], " ", "'", " "])
    }
    pad { $0 == "*" }
  }

  /// The last full stop of the text, with what closes behind it. Blanks at the end go.
  private mutating func finalStop(closers: String, separated: Bool) {
    let closers = Set(closers.unicodeScalars)
    guard let stop = text.lastIndex(of: "."), stop > 0, text[stop - 1] != "." else { return }
    var end = stop + 1
    while end < text.count, closers.contains(text[end]) { end += 1 }
    guard text[end...].allSatisfy(PythonText.isBlank) else { return }
    let tail = Array(text[(stop + 1)..<end])
    text.replaceSubrange(
      stop..., with: separated ? [" ", ".", " "] + tail + [" "] : [" ", "."] + tail + [" "])
  }

  private mutating func closingQuotes() {
    pad { "»”’".unicodeScalars.contains($0) }
    replace { $0.matches("''", at: $1) ? (2, Self.padded("''")) : nil }
    replace { $0.text[$1] == "\"" ? (1, Self.padded("''")) : nil }
    replace { view, place in
      var end = place
      while end < view.text.count, PythonText.isBlank(view.text[end]) { end += 1 }
      return end > place ? (end - place, [" "]) : nil
    }
    clitics(["'s", "'S", "'m", "'M", "'d", "'D", "'"])
    clitics(["'ll", "'LL", "'re", "'RE", "'ve", "'VE", "n't", "N'T"])
  }

  /// A clitic after a character that is neither an apostrophe nor a blank, with a blank behind it.
  private mutating func clitics(_ clitics: [String]) {
    replace { view, place in
      let before = view.text[place]
      guard before != "'", before != " " else { return nil }
      for clitic in clitics where view.matches(clitic + " ", at: place + 1) {
        return (2 + clitic.unicodeScalars.count, [before, " "] + clitic.unicodeScalars + [" "])
      }
      return nil
    }
  }

  private mutating func contractions() {
    for (first, second) in [
      ("can", "not"), ("d", "'ye"), ("gim", "me"), ("gon", "na"), ("got", "ta"), ("lem", "me"),
      ("more", "'n"), ("wan", "na"),
    ] {
      let length = first.unicodeScalars.count + second.unicodeScalars.count
      replace { view, place in
        let end = place + length
        guard view.isBoundary(place), view.matches(first + second, at: place, ignoringCase: true),
          first == "wan"
            ? end < view.text.count && PythonText.isBlank(view.text[end]) : view.isBoundary(end)
        else { return nil }
        let cut = place + first.unicodeScalars.count
        return (length, [" "] + view.text[place..<cut] + [" "] + view.text[cut..<end] + [" "])
      }
    }
    for second in ["is", "was"] {
      let length = 3 + second.unicodeScalars.count
      replace { view, place in
        let end = place + length
        guard view.matches(" 't" + second, at: place, ignoringCase: true), view.isBoundary(end)
        else { return nil }
        return (
          length,
          [" "] + view.text[(place + 1)..<(place + 3)] + [" "]
            + view.text[(place + 3)..<end] + [" "]
        )
      }
    }
  }

  // MARK: matching

  private static func padded(_ mark: String) -> [Unicode.Scalar] {
    [" "] + mark.unicodeScalars + [" "]
  }

  /// `re.sub`: from the left, without overlaps. `rule` gives the length of a match at a place and its
  /// replacement, or nil.
  private mutating func replace(
    _ rule: (TreebankWords, Int) -> (length: Int, with: [Unicode.Scalar])?
  ) {
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(text.count + 8)
    var place = 0
    while place < text.count {
      if let (length, replacement) = rule(self, place) {
        result += replacement
        place += length
      } else {
        result.append(text[place])
        place += 1
      }
    }
    text = result
  }

  private mutating func pad(_ isMark: (Unicode.Scalar) -> Bool) {
    guard text.contains(where: isMark) else { return }
    replace { isMark($0.text[$1]) ? (1, [" ", $0.text[$1], " "]) : nil }
  }

  private func run(of scalar: Unicode.Scalar, at place: Int) -> Int {
    text[place...].prefix { $0 == scalar }.count
  }

  /// Whether the place is the end of the text or before its last line feed.
  private func isEnd(_ place: Int) -> Bool {
    place == text.count || (place == text.count - 1 && text[place] == "\n")
  }

  /// `\b`
  private func isBoundary(_ place: Int) -> Bool {
    let before = place > 0 && PythonText.isWord(text[place - 1])
    let after = place < text.count && PythonText.isWord(text[place])
    return before != after
  }

  /// Whether the word stands at the place. Case: of ASCII letters, and the long s, which Python folds to s.
  private func matches(_ word: String, at place: Int, ignoringCase: Bool = false) -> Bool {
    var place = place
    for scalar in word.unicodeScalars {
      guard place < text.count else { return false }
      var own = text[place]
      if ignoringCase {
        if ("A"..."Z").contains(own) { own = Unicode.Scalar(UInt8(own.value) + 32) }
        if own == "\u{17f}" { own = "s" }
      }
      guard own == scalar else { return false }
      place += 1
    }
    return true
  }
}
