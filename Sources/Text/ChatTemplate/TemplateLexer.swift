internal import DSXCore

/// A piece of a template: text, or the words of a tag.
enum TemplateToken {
  case text(String)
  /// `{{ ... }}`, with the line that it begins on.
  case output([TemplateWord], line: Int)
  /// `{% ... %}`
  case tag([TemplateWord], line: Int)
}

/// A word of a tag.
enum TemplateWord: Hashable {
  case name(String)
  case string(String)
  case int(Int)
  case double(Double)
  case symbol(String)
}

/// Cuts a template into text and tags, with the white-space rules that transformers sets: a tag alone on
/// its line leaves nothing of it (`trim_blocks`, `lstrip_blocks`), `-` removes all white space on its side, and
/// one line feed at the end of the template goes.
struct TemplateLexer {
  private let source: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var tokens: [TemplateToken] = []

  /// The tokens of `text`. Throws `malformed` with the line for a tag that does not end.
  static func tokens(_ text: String) throws(DSXError) -> [TemplateToken] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      // Line ends become LF, as Jinja makes them.
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    for index in scalars.indices where scalars[index] == "\r" { scalars[index] = "\n" }
    if scalars.last == "\n" { scalars.removeLast() }
    var lexer = TemplateLexer(source: scalars)
    try lexer.run()
    return lexer.tokens
  }

  private init(source: [Unicode.Scalar]) { self.source = source }

  private mutating func run() throws(DSXError) {
    var text: [Unicode.Scalar] = []
    while position < source.count {
      guard source[position] == "{", let kind = at(1), kind == "{" || kind == "%" || kind == "#"
      else {
        if source[position] == "\n" { line += 1 }
        text.append(source[position])
        position += 1
        continue
      }
      let sign = at(2)
      position += 2
      if sign == "-" || sign == "+" { position += 1 }
      if sign == "-" {
        while let last = text.last, Self.isSpace(last) { text.removeLast() }
      } else if sign != "+", kind != "{" {
        var end = text.count
        while end > 0, text[end - 1] == " " || text[end - 1] == "\t" { end -= 1 }
        // Only when the tag is the first on its line.
        if end == 0 ? isAtLineStart : text[end - 1] == "\n" { text.removeLast(text.count - end) }
      }
      if !text.isEmpty { tokens.append(.text(String(String.UnicodeScalarView(text)))) }
      text = []
      try tag(kind)
    }
    if !text.isEmpty { tokens.append(.text(String(String.UnicodeScalarView(text)))) }
  }

  /// Whether the text that is being gathered begins a line.
  private var isAtLineStart = true

  private func at(_ offset: Int) -> Unicode.Scalar? {
    position + offset < source.count ? source[position + offset] : nil
  }

  /// Reads to the end of a tag whose opening is behind.
  private mutating func tag(_ kind: Unicode.Scalar) throws(DSXError) {
    let start = line
    if kind == "#" {
      while position < source.count, !(source[position] == "#" && at(1) == "}") {
        if source[position] == "\n" { line += 1 }
        position += 1
      }
      guard position < source.count else { throw Self.fault("a comment does not end", start) }
      let isTight = position > 0 && source[position - 1] == "-"
      close(2, tight: isTight, trims: true)
      return
    }
    var words: [TemplateWord] = []
    let end: Unicode.Scalar = kind == "{" ? "}" : "%"
    while true {
      while let next = at(0), Self.isSpace(next) {
        if next == "\n" { line += 1 }
        position += 1
      }
      guard let next = at(0) else { throw Self.fault("a tag does not end", start) }
      let depth = words.reduce(0) { $0 + Self.depth($1) }
      if next == end, at(1) == "}", depth <= 0 || kind != "{" {
        close(2, tight: false, trims: kind == "%")
        break
      }
      if next == "-" || next == "+", at(1) == end, at(2) == "}" {
        close(3, tight: next == "-", trims: kind == "%" && next == "-")
        break
      }
      words.append(try word(next))
    }
    tokens.append(kind == "{" ? .output(words, line: start) : .tag(words, line: start))
  }

  private static func depth(_ word: TemplateWord) -> Int {
    switch word {
    case .symbol("{"): 1
    case .symbol("}"): -1
    default: 0
    }
  }

  /// Goes behind the tag's closing, and over the white space that it takes along.
  private mutating func close(_ count: Int, tight: Bool, trims: Bool) {
    position += count
    isAtLineStart = false
    if tight {
      while let next = at(0), Self.isSpace(next) {
        if next == "\n" { line += 1 }
        isAtLineStart = next == "\n"
        position += 1
      }
    } else if trims, at(0) == "\n" {
      line += 1
      position += 1
      isAtLineStart = true
    }
  }

  private mutating func word(_ first: Unicode.Scalar) throws(DSXError) -> TemplateWord {
    if first == "\"" || first == "'" { return .string(try string(first)) }
    if Self.isNameStart(first) {
      var name = String.UnicodeScalarView()
      while let next = at(0), Self.isNameStart(next) || ("0"..."9").contains(next) {
        name.append(next)
        position += 1
      }
      return .name(String(name))
    }
    if ("0"..."9").contains(first) { return try number() }
    if let next = at(1) {
      let pair = String(String.UnicodeScalarView([first, next]))
      if ["==", "!=", "<=", ">=", "//", "**"].contains(pair) {
        position += 2
        return .symbol(pair)
      }
    }
    guard "+-*/%~<>=.,:|()[]{}".unicodeScalars.contains(first) else {
      throw Self.fault("'\(first)' has no meaning in a tag", line)
    }
    position += 1
    return .symbol(String(first))
  }

  private mutating func number() throws(DSXError) -> TemplateWord {
    var digits = String.UnicodeScalarView()
    var isDouble = false
    while let next = at(0) {
      if next == ".", let after = at(1), ("0"..."9").contains(after), !isDouble {
        isDouble = true
      } else if next == "e" || next == "E", let after = at(1),
        ("0"..."9").contains(after) || ((after == "-" || after == "+") && at(2) != nil)
      {
        isDouble = true
        digits.append(next)
        digits.append(after)
        position += 2
        continue
      } else if !("0"..."9").contains(next) && next != "_" {
        break
      }
      if next != "_" { digits.append(next) }
      position += 1
    }
    if isDouble, let value = Double(String(digits)) { return .double(value) }
    guard let value = Int(String(digits)) else { throw Self.fault("a number is too large", line) }
    return .int(value)
  }

  private mutating func string(_ quote: Unicode.Scalar) throws(DSXError) -> String {
    let start = line
    position += 1
    var text = String.UnicodeScalarView()
    while let next = at(0), next != quote {
      position += 1
      if next == "\n" { line += 1 }
      guard next == "\\", let escaped = at(0) else {
        text.append(next)
        continue
      }
      position += 1
      switch escaped {
      case "n": text.append("\n")
      case "t": text.append("\t")
      case "r": text.append("\r")
      case "\\", "'", "\"": text.append(escaped)
      case "u", "x", "U":
        let count = escaped == "x" ? 2 : escaped == "u" ? 4 : 8
        let end = min(position + count, source.count)
        let digits = String(String.UnicodeScalarView(source[position..<end]))
        guard digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16),
          let scalar = Unicode.Scalar(value)
        else { throw Self.fault("'\\\(escaped)\(digits)' is no character", line) }
        position = end
        text.append(scalar)
      default:
        text.append("\\")
        text.append(escaped)
      }
    }
    guard at(0) == quote else { throw Self.fault("a string does not end", start) }
    position += 1
    return String(text)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || (0x09...0x0d).contains(scalar.value)
  }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic
  }

  static func fault(_ message: String, _ line: Int) -> DSXError {
    DSXError(.malformed, "the chat template is wrong: " + message, line: line)
  }
}
