/// How spellings become text again: the decoders of a `tokenizer.json`.
indirect enum TokenDecoder: Sendable {
  case sequence([TokenDecoder])
  case byteLevel
  case byteFallback
  case fuse
  case replace(TextPattern, content: String)
  /// So many of a character off the start and the end of each token.
  case strip(UInt32, start: Int, stop: Int)
  case wordPiece(prefix: String, cleansUp: Bool)
  case metaspace(UInt32, PreTokenizer.PrependScheme)
  case bpe(suffix: String)
  case ctc(padding: String, delimiter: String, cleansUp: Bool)

  /// The text that spellings stand for.
  func decode(_ tokens: [String]) -> String { apply(tokens).joined() }

  /// The spellings after this step.
  func apply(_ tokens: [String]) -> [String] {
    switch self {
    case .sequence(let parts): return parts.reduce(tokens) { $1.apply($0) }
    case .byteLevel: return [Self.bytes(tokens)]
    case .byteFallback: return Self.fallBack(tokens)
    case .fuse: return [tokens.joined()]
    case .replace(let pattern, let content):
      return tokens.map { Self.replace($0, pattern, content) }
    case .strip(let character, let start, let stop):
      return tokens.map { Self.strip($0, character, start, stop) }
    case .wordPiece(let prefix, let cleansUp):
      return tokens.enumerated().map { index, token in
        var token = token
        if index > 0 {
          token =
            token.utf8.starts(with: prefix.utf8)
            ? String(decoding: token.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
            : " " + token
        }
        return cleansUp ? Self.cleanUp(token) : token
      }
    case .metaspace(let mark, let scheme):
      return tokens.enumerated().map { index, token in
        var scalars = String.UnicodeScalarView()
        for scalar in token.unicodeScalars {
          if scalar.value != mark {
            scalars.append(scalar)
          } else if index > 0 || scheme == .never {
            scalars.append(" ")
          }
        }
        return String(scalars)
      }
    case .bpe(let suffix):
      return tokens.enumerated().map { index, token in
        Self.replaced(token, suffix, index == tokens.count - 1 ? "" : " ")
      }
    case .ctc(let padding, let delimiter, let cleansUp):
      return Self.ctc(tokens, padding, delimiter, cleansUp)
    }
  }

  /// Tokens in the byte alphabet as their bytes, others as they are; bad UTF-8 becomes U+FFFD.
  private static func bytes(_ tokens: [String]) -> String {
    var bytes: [UInt8] = []
    for token in tokens {
      let start = bytes.count
      for scalar in token.unicodeScalars {
        guard let byte = ByteAlphabet.byte(scalar.value) else {
          bytes.removeLast(bytes.count - start)
          bytes.append(contentsOf: token.utf8)
          break
        }
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `<0x..>` tokens side by side become the text that their bytes make, or one U+FFFD each.
  private static func fallBack(_ tokens: [String]) -> [String] {
    var output: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      if let text = String(validating: bytes, as: UTF8.self) {
        output.append(text)
      } else {
        for _ in bytes { output.append("\u{fffd}") }
      }
      bytes.removeAll()
    }
    for token in tokens {
      if let byte = ByteFallback.byte(token) {
        bytes.append(byte)
      } else {
        flush()
        output.append(token)
      }
    }
    flush()
    return output
  }

  private static func replace(_ token: String, _ pattern: TextPattern, _ content: String)
    -> String
  {
    let bytes = Array(token.utf8)
    var output: [UInt8] = []
    bytes.withUnsafeBytes { text in
      var last = 0
      pattern.forEachMatch(text, 0..<text.count) { match in
        output.append(contentsOf: text[last..<match.lowerBound])
        output.append(contentsOf: content.utf8)
        last = match.upperBound
      }
      output.append(contentsOf: text[last...])
    }
    return String(decoding: output, as: UTF8.self)
  }

  private static func strip(_ token: String, _ character: UInt32, _ start: Int, _ stop: Int)
    -> String
  {
    let scalars = Array(token.unicodeScalars)
    var first = 0
    while first < min(start, scalars.count), scalars[first].value == character { first += 1 }
    var last = scalars.count
    while last > 0, scalars.count - last < stop, scalars[last - 1].value == character { last -= 1 }
    var view = String.UnicodeScalarView()
    if first < last { view.append(contentsOf: scalars[first..<last]) }
    return String(view)
  }

  /// Replaces every occurrence of the bytes of `wanted`.
  static func replaced(_ text: String, _ wanted: String, _ content: String) -> String {
    wanted.isEmpty ? text : replace(text, .string(Array(wanted.utf8)), content)
  }

  /// English punctuation and contractions without the blanks before them.
  static func cleanUp(_ text: String) -> String {
    guard text.utf8.contains(0x20) else { return text }
    return [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].reduce(text) { replaced($0, $1.0, $1.1) }
  }

  private static func ctc(
    _ tokens: [String], _ padding: String, _ delimiter: String, _ cleansUp: Bool
  ) -> [String] {
    var output: [String] = []
    var last: String?
    for token in tokens {
      if let last, last.utf8.elementsEqual(token.utf8) { continue }
      last = token
      var text = replaced(token, padding, "")
      if cleansUp { text = replaced(cleanUp(text), delimiter, " ") }
      if !text.isEmpty { output.append(text) }
    }
    return output
  }
}
