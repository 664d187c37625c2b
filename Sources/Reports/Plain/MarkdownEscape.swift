/// Turns any text into Markdown that shows it literally.
enum MarkdownEscape {
  /// One line: hidden characters visible, the punctuation of markup escaped.
  static func text(_ raw: String) -> String {
    var out = ""
    var isStart = true
    for scalar in VisibleText.make(raw).unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$":
        out += "\\"
        out.unicodeScalars.append(scalar)
      case "#", "+", "-", "=":
        // Only at the start would these make a heading, a list or a rule.
        if isStart { out += "\\" }
        out.unicodeScalars.append(scalar)
      default: out.unicodeScalars.append(scalar)
      }
      isStart = isStart && (scalar == " " || ("0"..."9").contains(scalar))
    }
    return out
  }

  /// A code span; a fence longer than any run of backticks inside.
  static func span(_ raw: String) -> String {
    let text = VisibleText.make(raw)
    guard !text.isEmpty else { return "" }
    let fence = String(repeating: "`", count: longestRun(in: text) + 1)
    let pad = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    // In a table a bar ends the cell even inside a code span.
    return fence + pad
      + text.split(separator: "|", omittingEmptySubsequences: false)
      .joined(separator: "\\|") + pad + fence
  }

  /// A fenced code block.
  static func fenced(_ raw: String) -> String {
    let text = VisibleText.make(raw, keepingLines: true)
    let fence = String(repeating: "`", count: max(3, longestRun(in: text) + 1))
    return fence + "text\n" + text + (text.hasSuffix("\n") ? "" : "\n") + fence
  }

  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
