/// The wikitext clean-up of MindFormers' PanGu-alpha script (`clean_wikitext`), rule by rule in its order.
///
/// Takes valid UTF-8 with LF line ends. Quotes pair over line ends, as there: whoever cleans a whole
/// file gets the original's result, whoever cleans paragraph by paragraph is safe from a stray quote.
enum WikitextCleaning {
  /// Cleans `text`. Linear in its length.
  ///
  /// `isGPT2`: as MindFormers' GPT-2 script, whose copy of the function has one rule more, `" ."` to
  /// `"."` after the rule for `" . "`.
  static func clean(_ text: inout [UInt8], isGPT2: Bool = false) {
    func put(_ old: StaticString, _ new: StaticString) {
      ByteReplacement.replace(&text, old, new)
    }
    put("s '", "s'")
    slashes(&text)
    put(" @-@ ", "-")
    put(" @,@ ", ",")
    put(" @.@ ", ".")
    put(" : ", ": ")
    put(" ; ", "; ")
    put(" . ", ". ")
    if isGPT2 { put(" .", ".") }
    put(" ! ", "! ")
    put(" ? ", "? ")
    put(" , ", ", ")
    trimInside(&text, UInt8(ascii: "("), UInt8(ascii: ")"))
    trimInside(&text, UInt8(ascii: "["), UInt8(ascii: "]"))
    trimInside(&text, UInt8(ascii: "{"), UInt8(ascii: "}"))
    trimInside(&text, UInt8(ascii: "\""), UInt8(ascii: "\""))
    trimInside(&text, UInt8(ascii: "'"), UInt8(ascii: "'"))
    put("= = = =", "====")
    put("= = =", "===")
    put("= =", "==")
    put(" ° ", "°")
    put(" \n", "\n")
    put("\n ", "\n")
    put(" N ", " 1 ")
    put(" 's", "'s")
  }

  /// Whether a piece is a heading: its first character after white space is `=`.
  static func isHeading(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    let inner = PythonWhitespace.trimmed(text, range)
    return !inner.isEmpty && text[inner.lowerBound] == UInt8(ascii: "=")
  }

  /// The script's `re.sub(r"/' [0-9]/", r"/'[0-9]/")`, meant for `' [0-9]`: it needs the slashes in the
  /// text and puts its own pattern there. Kept, since it is what the script does.
  private static func slashes(_ text: inout [UInt8]) {
    let count = text.count
    guard count >= 5 else { return }
    var result: [UInt8] = []
    var copied = 0
    var position = 0
    while position + 5 <= count {
      let isMatch =
        text[position] == UInt8(ascii: "/") && text[position + 1] == UInt8(ascii: "'")
        && text[position + 2] == 0x20 && text[position + 3] &- 0x30 <= 9
        && text[position + 4] == UInt8(ascii: "/")
      guard isMatch else {
        position += 1
        continue
      }
      result.append(contentsOf: text[copied..<position])
      result.append(contentsOf: "/'[0-9]/".utf8)
      position += 5
      copied = position
    }
    guard copied > 0 else { return }
    result.append(contentsOf: text[copied...])
    text = result
  }

  /// Removes white space after `open` and before the next `close`: `\(\s*([^\)]*?)\s*\)` -> `(\1)`.
  private static func trimInside(_ text: inout [UInt8], _ open: UInt8, _ close: UInt8) {
    guard text.contains(open) else { return }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var position = 0
    while let begin = text[position...].firstIndex(of: open),
      let end = text[(begin + 1)...].firstIndex(of: close)
    {
      result.append(contentsOf: text[position...begin])
      result.append(contentsOf: text[PythonWhitespace.trimmed(text, begin + 1..<end)])
      result.append(close)
      position = end + 1
    }
    result.append(contentsOf: text[position...])
    text = result
  }
}
