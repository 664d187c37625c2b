/// Cuts a paragraph into sentences exactly as the CMRC2018 script does it.
///
/// Two passes of non-overlapping replacement, of which the first takes the character behind a full stop
/// along: `([。！？?])([^”’])` and then `([。！？?][”’])([^，。！？?])` get a line feed between their groups.
/// Then white space at the end goes, and the text is cut at line feeds.
enum CMRCSentences {
  /// The sentences of `text`.
  static func cut(_ text: String) -> [String] {
    var scalars = Array(text.unicodeScalars)
    scalars = broken(scalars, after: 1) { isStop($0[0]) && !isClosing($0[1]) }
    scalars = broken(scalars, after: 2) {
      isStop($0[0]) && isClosing($0[1]) && !isStop($0[2]) && $0[2] != "，"
    }
    while let last = scalars.last, last.properties.isWhitespace || isSeparator(last) {
      scalars.removeLast()
    }
    return scalars.split(separator: "\n", omittingEmptySubsequences: false).map {
      String(String.UnicodeScalarView($0))
    }
  }

  /// Puts a line feed after the first `count` characters of each match; a match has one more.
  private static func broken(
    _ text: [Unicode.Scalar], after count: Int, _ matches: (ArraySlice<Unicode.Scalar>) -> Bool
  ) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var position = 0
    while position < text.count {
      let end = position + count + 1
      // Slices of a fresh array begin at 0, as the rules expect.
      if end <= text.count, matches(Array(text[position..<end])[...]) {
        result.append(contentsOf: text[position..<end - 1])
        result.append("\n")
        result.append(text[end - 1])
        position = end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  private static func isStop(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "。" || scalar == "！" || scalar == "？" || scalar == "?"
  }

  private static func isClosing(_ scalar: Unicode.Scalar) -> Bool { scalar == "”" || scalar == "’" }

  /// U+001C to U+001F are white space for Python's `str.rstrip`, but not for Unicode.
  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    (0x1c...0x1f).contains(scalar.value)
  }
}
