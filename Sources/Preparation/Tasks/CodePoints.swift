/// Text counted and cut by code points, and searched by bytes, as Python's `str` does it.
enum CodePoints {
  /// `len(text)`.
  static func count(_ text: String) -> Int { text.unicodeScalars.count }

  /// `text[:count]`.
  static func prefix(_ text: String, _ count: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
  }

  /// `part in text`; the empty string is in every text.
  static func contains(_ text: String, _ part: String) -> Bool {
    let (text, part) = (Array(text.utf8), Array(part.utf8))
    guard part.count <= text.count else { return false }
    return (0...text.count - part.count).contains { start in
      part.indices.allSatisfy { text[start + $0] == part[$0] }
    }
  }

  /// Python's order of strings: by code points, which is the order of their UTF-8 bytes.
  static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
